import { startChild } from "./child.js";
import { atMost, forComparison, median } from "./results.js";

const concurrencies = [1, 32];

/** The second one without listeners shows how much chance there is. */
const names = {
  without: "no hooks in the code",
  none: "no listener",
  again: "no listener, once more",
  empty: "empty functions",
  telemetry: "telemetry, no SDK",
};
const subjects = Object.keys(names);

/** Subjects take turns, forwards and backwards, so that a busy moment of the machine strikes all of them. */
const measureProcess = async (server, { warmUp, rounds, creates }, costs) => {
  const child = await startChild(new URL("./listeners-process.js", import.meta.url), { server, subjects });
  try {
    for (const concurrency of concurrencies) {
      for (const subject of subjects) await child.ask({ subject, count: warmUp, concurrency });
      for (let round = 0; round < rounds; round += 1) {
        const cost = {};
        for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
          cost[subject] = await child.ask({ subject, count: creates, concurrency });
        }
        costs[concurrency].push(cost);
      }
    }
  } finally {
    await child.stop();
  }
};

const medianOf = (costs, read) => median(costs.map(read));

/**
 * What hooks cost, and what they cost where nobody listens.
 *
 * @returns {Promise<import("./results.js").Findings>}
 */
export const listeners = async ({ quick }) => {
  const size = quick
    ? { processes: 1, warmUp: 128, rounds: 6, creates: 64 }
    : { processes: 8, warmUp: 1024, rounds: 40, creates: 64 };
  const simulator = await startChild(new URL("./simulator-process.js", import.meta.url), {
    vendor: "android-management",
    options: { enforceQuota: false },
  });
  const costs = Object.fromEntries(concurrencies.map((concurrency) => [concurrency, []]));
  try {
    for (let process = 0; process < size.processes; process += 1) {
      await measureProcess(simulator.ready, size, costs);
    }
  } finally {
    await simulator.stop();
  }
  const results = concurrencies.flatMap((concurrency) => {
    const ratio = (one, other) => medianOf(costs[concurrency], (cost) => cost[one] / cost[other]);
    const at = `CPU per create, ${concurrency} at once`;
    return [
      atMost(1.02, `${at}: no listener ÷ no hooks in the code`, ratio("none", "without")),
      forComparison(`${at}: no listener ÷ the same once more`, ratio("none", "again")),
      forComparison(`${at}: empty functions ÷ no listener`, ratio("empty", "none")),
      forComparison(`${at}: telemetry without an SDK ÷ no listener`, ratio("telemetry", "none")),
    ];
  });
  return {
    results,
    notes: [
      "User and system time of the client's process; the simulator runs in another. All subjects live in one process, each " +
        "with modules of its own, and take turns. Ratios are medians of " +
        `${size.processes * size.rounds} rounds of ${size.creates} creates, each of one subject and the other in the same ` +
        `round, over ${size.processes} new processes. No listener against no listener shows what is chance.`,
      "No hooks in the code is this code too, of which everything that knows of hooks when a token is created was cut " +
        "while it was loaded (`tools/bench/without-hooks.js`): the two differ in nothing else.",
    ],
    table: [
      ["CPU per create, µs", ...concurrencies.map((each) => `concurrency ${each}`)],
      ...subjects.map((subject) => [
        names[subject],
        ...concurrencies.map((each) => Math.round(medianOf(costs[each], (cost) => cost[subject]))),
      ]),
    ],
  };
};
