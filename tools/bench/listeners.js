import { startChild } from "./child.js";
import { atMost, forComparison, median } from "./results.js";

const module = new URL("./listeners-process.js", import.meta.url);
const concurrencies = [1, 32];

/** Every subject is a process of its own; the second one without listeners shows how much chance there is. */
const subjects = {
  without: { name: "no hooks in the code", hooks: "cut" },
  none: { name: "no listener" },
  again: { name: "no listener, another process" },
  empty: { name: "empty functions", listeners: "empty" },
  telemetry: { name: "telemetry, no SDK", listeners: "telemetry" },
};

/** Subjects take turns, forwards and backwards, so that a busy moment of the machine strikes all of them. */
const measureGeneration = async (server, { rounds, creates }, costs) => {
  const names = Object.keys(subjects);
  const running = {};
  try {
    for (const name of names) {
      const { hooks, listeners } = subjects[name];
      running[name] = await startChild(module, { client: "enrollKit", server, hooks, listeners });
    }
    for (const concurrency of concurrencies) {
      for (const name of names) await running[name].ask({ count: creates, concurrency });
      for (let round = 0; round < rounds; round += 1) {
        const cost = {};
        for (const name of round % 2 === 0 ? names : names.toReversed()) {
          cost[name] = await running[name].ask({ count: creates, concurrency });
        }
        costs[concurrency].push(cost);
      }
    }
  } finally {
    await Promise.all(Object.values(running).map((child) => child.stop()));
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
    ? { generations: 1, rounds: 3, creates: 128 }
    : { generations: 4, rounds: 6, creates: 512 };
  const simulator = await startChild(new URL("./simulator-process.js", import.meta.url), {
    vendor: "android-management",
    options: { enforceQuota: false },
  });
  const costs = Object.fromEntries(concurrencies.map((concurrency) => [concurrency, []]));
  try {
    for (let generation = 0; generation < size.generations; generation += 1) {
      await measureGeneration(simulator.ready, size, costs);
    }
  } finally {
    await simulator.stop();
  }
  const results = concurrencies.flatMap((concurrency) => {
    const ratio = (one, other) => medianOf(costs[concurrency], (cost) => cost[one] / cost[other]);
    const at = `CPU per create, ${concurrency} at once`;
    return [
      atMost(1.02, `${at}: no listener ÷ no hooks in the code`, ratio("none", "without")),
      forComparison(`${at}: no listener ÷ the same in another process`, ratio("none", "again")),
      forComparison(`${at}: empty functions ÷ no listener`, ratio("empty", "none")),
      forComparison(`${at}: telemetry without an SDK ÷ no listener`, ratio("telemetry", "none")),
    ];
  });
  return {
    results,
    notes: [
      "User and system time of the client's process, as in the cost per create; the simulator runs in another. Ratios are " +
        `medians of ${size.generations * size.rounds} rounds of ${size.creates} creates, each of one subject and the ` +
        `other in the same round, over ${size.generations} sets of new processes. No listener against no listener shows what is chance.`,
      "No hooks in the code is this checkout too, of which everything that knows of hooks when a token is created was cut " +
        "while it was loaded (`tools/bench/without-hooks.js`): the two differ in nothing else.",
    ],
    table: [
      ["CPU per create, µs", ...concurrencies.map((each) => `concurrency ${each}`)],
      ...Object.entries(subjects).map(([subject, { name }]) => [
        name,
        ...concurrencies.map((each) => Math.round(medianOf(costs[each], (cost) => cost[subject]))),
      ]),
    ],
  };
};
