import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** 32 bytes: secrets are sealed, as they are where runs are resumed. */
export const ledgerKey = Buffer.alloc(32, 7).toString("base64");

/**
 * Where a ledger of a benchmark is kept.
 *
 * @typedef {object} LedgerPlace
 * @property {string} name
 * @property {object} settings - as JSON: `folder`, or `url` and `schema`.
 * @property {() => Promise<void>} remove
 */

/** @returns {Promise<LedgerPlace>} */
export const embeddedPlace = async () => {
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-bench-"));
  return {
    name: "embedded",
    settings: { folder },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/** @returns {Promise<LedgerPlace>} */
export const postgresqlPlace = (url) => {
  const schema = `bench_${randomUUID().replaceAll("-", "")}`;
  return Promise.resolve({
    name: "PostgreSQL",
    settings: { url, schema },
    remove: async () => {
      const client = new pg.Client(url);
      await client.connect();
      await client.query(`DROP SCHEMA IF EXISTS ${schema}, ${schema}_jobs CASCADE`);
      await client.end();
    },
  });
};

/** Those that this machine has: PostgreSQL by `DATABASE_URL`. */
export const makePlaces = () => {
  const { DATABASE_URL: url } = process.env;
  return [embeddedPlace, ...(url === undefined ? [] : [() => postgresqlPlace(url)])];
};
