import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { EnrollmentOutcome } from "@enrollkit/core";
import pg from "pg";
import { expect, it } from "vitest";
import { seededRandom } from "../seeded-random.js";
import { openApp, requests } from "./app.js";
import { startVictim } from "./crew.js";
import { ledgerKey, seed, sharedRows } from "./settings.js";
import { flawsOf } from "./truth.js";
import { refusalsOf, startVendors } from "./vendors.js";

const url = process.env["DATABASE_URL"];
/** Milliseconds: what a lease of three seconds and its margin do not survive. */
const suspension = 4500;
/** So many troubles, and then the workers may finish in peace. */
const troubles = Math.max(30, sharedRows / 500);

it.skipIf(url === undefined && process.env["CI"] === undefined)(
  `three workers, ${sharedRows} rows, killed, suspended and cut off: one enrollment for each row (needs DATABASE_URL)`,
  { timeout: 3_600_000 },
  async () => {
    if (url === undefined) throw new Error("DATABASE_URL must name a PostgreSQL database");
    console.log(`seed ${seed}`);
    const random = seededRandom(seed);
    const schema = `kill_${randomUUID().replaceAll("-", "_")}`;
    const administrator = new pg.Client(url);
    await administrator.connect();
    const vendors = await startVendors(seed, 700);
    const named = new URL(url);
    named.searchParams.set("application_name", schema);
    const settings = { vendors: vendors.reach, ledger: { url: named.href, schema, key: ledgerKey } };
    const { ledger, service } = await openApp(settings);
    const workers = [1, 2, 3].map(() => startVictim("worker-process.js", settings));
    const anyWorker = () => workers[Math.floor(random() * workers.length)] ?? expect.fail("no worker");
    const done = { kills: 0, suspensions: 0, cuts: 0 };

    const kill = async () => {
      const worker = anyWorker();
      // Some fall into the start of the process, most into its work.
      if (random() < 0.85) await worker.awake();
      await worker.replace();
      done.kills += 1;
    };
    const suspend = async () => {
      const worker = anyWorker();
      worker.suspend();
      done.suspensions += 1;
      await sleep(suspension);
      worker.resume();
    };
    /** Ends every connection that any of the processes has, this one's included. */
    const cut = async () => {
      const { rowCount } = await administrator.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
        [schema],
      );
      done.cuts += rowCount ?? 0;
    };
    const isOver = async () => {
      const { counts } = await ledger.progress("kill");
      return counts.planned + counts.sending + counts["in-doubt"] === 0;
    };

    try {
      await ledger.submit({ name: "kill", requests: () => requests(sharedRows), service });
      for (let trouble = 0; trouble < troubles; trouble += 1) {
        await sleep(300 + random() * 1200);
        const choice = random();
        await (choice < 0.75 ? kill() : choice < 0.85 ? suspend() : cut());
      }
      const faults = await vendors.calm();
      while (!(await isOver())) {
        for (const worker of workers) if (worker.hasFinished()) await worker.replace();
        await sleep(500);
      }

      const outcomes = new Map<number, EnrollmentOutcome>();
      for await (const outcome of ledger.outcomes("kill")) outcomes.set(outcome.index, outcome);
      const stats = await vendors.stats();
      const events = workers.map(({ said }) => Object.fromEntries(said));
      console.log(JSON.stringify({ ...done, faults, events, calls: stats.map((each) => each.requests) }));
      expect(flawsOf(sharedRows, outcomes, await vendors.records()).slice(0, 20)).toEqual([]);
      expect(outcomes.size).toBe(sharedRows);
      expect(refusalsOf(stats)).toBe(0);
      expect(Math.min(done.kills, done.suspensions, done.cuts)).toBeGreaterThan(0);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
      await ledger.close();
      await administrator.query(`DROP SCHEMA IF EXISTS ${schema}, ${schema}_jobs CASCADE`);
      await administrator.end();
      await vendors.stop();
    }
  },
);
