import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EnrollmentOutcome } from "@enrollkit/core";
import { expect, it } from "vitest";
import { seededRandom } from "../seeded-random.js";
import { openApp } from "./app.js";
import { startVictim } from "./crew.js";
import { embeddedKills, ledgerKey, seed } from "./settings.js";
import { flawsOf } from "./truth.js";
import { refusalsOf, startVendors } from "./vendors.js";

/** Enough for all the kills to fall into the run. */
const rows = 20 * embeddedKills;

it(
  `one process with a ledger in a folder, killed ${embeddedKills} times: one enrollment for each row`,
  { timeout: 7_200_000 },
  async () => {
    console.log(`seed ${seed}`);
    const random = seededRandom(seed);
    const folder = await mkdtemp(join(tmpdir(), "enrollkit-kill-"));
    const vendors = await startVendors(seed, 900);
    const settings = { vendors: vendors.reach, rows, ledger: { folder, key: ledgerKey } };
    const victim = startVictim("run-process.js", settings);
    try {
      let early = 0;
      for (let kill = 0; kill < embeddedKills; kill += 1) {
        // Some fall into the start of the process and the opening of the ledger, most into the run.
        if (random() < 0.85) await victim.awake();
        await sleep(random() * 1000);
        if (victim.hasFinished()) early += 1;
        await victim.replace();
      }
      await vendors.calm();
      while (!victim.hasFinished()) await sleep(200);

      const { ledger } = await openApp(settings);
      const outcomes = new Map<number, EnrollmentOutcome>();
      for await (const outcome of ledger.outcomes("kill")) outcomes.set(outcome.index, outcome);
      await ledger.close();
      const stats = await vendors.stats();
      console.log(
        JSON.stringify({ lives: victim.said.get("ready"), early, calls: stats.map((each) => each.requests) }),
      );
      expect(flawsOf(rows, outcomes, await vendors.records()).slice(0, 20)).toEqual([]);
      expect(outcomes.size).toBe(rows);
      expect(refusalsOf(stats)).toBe(0);
      expect(early).toBeLessThan(embeddedKills / 2);
      expect(victim.said.get("ready")).toBeGreaterThan(embeddedKills / 2);
    } finally {
      await victim.stop();
      await vendors.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
