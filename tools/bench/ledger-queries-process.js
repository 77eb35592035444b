// A large ledger, made by SQL and asked through the library.
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { clearInterval, setInterval } from "node:timers";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { Secret } from "../../packages/core/dist/index.js";
import { openLedger } from "../../packages/ledger/dist/index.js";
import { answerParent, settingsOfChild } from "./child.js";
import { ledgerKey } from "./ledger-places.js";
import { insist, median } from "./results.js";

const { place, records } = settingsOfChild();
const { url, folder, schema = "enrollkit" } = place;

const open = () =>
  openLedger({ ...place, ...(url !== undefined && { url: new Secret(url) }), keys: [new Secret(ledgerKey)] });

/** Seven in ten wait for their device, two in ten are used, one is revoked; they expire over two months. */
const fill = (from, to) => `
  INSERT INTO "${schema}".records (key, provider, vendor, outcome, state, enrollment_id, created_at, expires_at,
      expiry, uses, recipient_hash, request_ids, warnings, recorded_at, changed_at, changed_by)
    SELECT 'row-' || n, CASE n % 3 WHEN 0 THEN 'phones' ELSE 'apple' END, 'simulated', 'created',
        CASE WHEN n % 10 < 7 THEN 'pending' WHEN n % 10 < 9 THEN 'used' ELSE 'revoked' END, 'id-' || n, now(),
        now() + (n % 5000000) * interval '1 second', 'unknown', 'one', 'person-' || n / 3, '["request"]', '[]',
        now(), now(), 'bench'
      FROM generate_series(${from}, ${to}) n`;

const connect = async () => {
  if (url === undefined) return PGlite.create({ dataDir: join(folder, "database") });
  const client = new pg.Client(url);
  await client.connect();
  return { exec: (text) => client.query(text), close: () => client.end() };
};

const make = async () => {
  await (await open()).close();
  const database = await connect();
  await database.exec(`SET search_path TO "${schema}"`);
  const step = 50_000;
  for (let from = 1; from <= records; from += step) {
    await database.exec(fill(from, Math.min(records, from + step - 1)));
  }
  await database.exec(`ANALYZE "${schema}".records`);
  await database.close();
};

const firstOf = async (found, count = 100) => {
  let seen = 0;
  for await (const record of found) {
    seen += record.id > 0 ? 1 : 0;
    if (seen === count) break;
  }
  return seen;
};

const timed = async (ask, expected) => {
  const times = [];
  for (let round = 0; round < 15; round += 1) {
    const started = performance.now();
    const seen = await firstOf(ask());
    times.push(performance.now() - started);
    insist(seen === expected, `${seen} records were found, and not ${expected}`);
  }
  return median(times);
};

const peakWhile = async (act) => {
  globalThis.gc?.();
  let peak = process.memoryUsage.rss();
  const watching = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
  await act();
  clearInterval(watching);
  return peak;
};

answerParent({}, async () => {
  const began = performance.now();
  await make();
  const making = (performance.now() - began) / 1000;
  const ledger = await open();
  const times = {
    status: await timed(() => ledger.records({ states: ["pending"] }), 100),
    used: await timed(() => ledger.records({ states: ["used"], provider: "phones" }), 100),
    expiring: await timed(() => ledger.expiring("P7D"), 100),
  };
  const few = await peakWhile(() => firstOf(ledger.records(), 10_000));
  const many = await peakWhile(() => firstOf(ledger.records(), 100_000));
  await ledger.close();
  return { making, times, growth: many / few };
});
