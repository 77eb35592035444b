import { EnrollmentError } from "@enrollkit/core";
import { sql, type Kysely } from "kysely";
import { lockSchema } from "./lock-schema.js";
import * as records from "./migrations/0001-records.js";
import * as workers from "./migrations/0002-workers.js";
import * as quotas from "./migrations/0003-quotas.js";
import * as moves from "./migrations/0004-moves.js";
import type { Tables } from "./tables.js";

interface Migration {
  readonly up: (db: Kysely<unknown>) => Promise<void>;
}

/** Forward only: a ledger is never taken back to an earlier version. */
const migrations: Readonly<Record<string, Migration>> = {
  "0001-records": records,
  "0002-workers": workers,
  "0003-quotas": quotas,
  "0004-moves": moves,
};

/** The versions of the tables, oldest first. */
export const versions: readonly string[] = Object.keys(migrations);

const refuseNewer = (version: string) =>
  new EnrollmentError(`the ledger was written by a newer EnrollKit: its tables are at version ${version}`, {
    code: "failed-precondition",
    advice: `update this program, which knows versions up to ${versions.at(-1) ?? ""}; nothing was changed`,
  });

const versionTable = (schema: string) => sql.table(`${schema}.versions`);

const isTrue = async (db: Kysely<Tables>, name: string, condition: ReturnType<typeof sql>) => {
  const { rows } = await sql<Record<string, boolean>>`SELECT ${condition} AS ${sql.id(name)}`.execute(db);
  return rows[0]?.[name] === true;
};

const appliedVersions = async (db: Kysely<Tables>, schema: string): Promise<readonly string[]> => {
  const isThere = await isTrue(db, "versions", sql`to_regclass(${`"${schema}".versions`}) IS NOT NULL`);
  if (!isThere) return [];
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM ${versionTable(schema)} ORDER BY name`.execute(db);
  return rows.map(({ name }) => name);
};

/** @returns those that are yet to be applied, oldest first. */
const pendingVersions = async (
  db: Kysely<Tables>,
  schema: string,
  upTo: string,
): Promise<readonly string[]> => {
  const applied = await appliedVersions(db, schema);
  const newer = applied.findLast((name) => !versions.includes(name));
  if (newer !== undefined) throw refuseNewer(newer);
  return versions.slice(0, versions.indexOf(upTo) + 1).filter((name) => !applied.includes(name));
};

/**
 * Brings the tables to a version: wholly or not at all. Processes that start together wait for one another.
 *
 * @param version - default: the newest.
 * @throws EnrollmentError `failed-precondition` if they are newer than this program; they are left as they are.
 */
export const migrate = async (
  db: Kysely<Tables>,
  schema: string,
  version = versions.at(-1) ?? "",
): Promise<void> => {
  if ((await pendingVersions(db, schema, version)).length === 0) return;
  await db.transaction().execute(async (transaction) => {
    await lockSchema(transaction, schema);
    // IF NOT EXISTS would want the right to create a schema even if it is there.
    const isThere = await isTrue(transaction, "schema", sql`to_regnamespace(${`"${schema}"`}) IS NOT NULL`);
    if (!isThere) await sql`CREATE SCHEMA ${sql.id(schema)}`.execute(transaction);
    await sql`
      CREATE TABLE IF NOT EXISTS ${versionTable(schema)} (
        name text PRIMARY KEY,
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`.execute(transaction);
    for (const name of await pendingVersions(transaction, schema, version)) {
      await migrations[name]?.up(transaction as unknown as Kysely<unknown>);
      await sql`INSERT INTO ${versionTable(schema)} (name) VALUES (${name})`.execute(transaction);
    }
  });
};
