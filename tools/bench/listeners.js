import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { startChild } from "./child.js";
import { atMost, forComparison, median } from "./results.js";

const here = new URL("./cost-process.js", import.meta.url);
const concurrencies = [1, 32];

/** Every subject is a process of its own; the second one without listeners shows how much chance there is. */
const subjectsWith = (baseline) => ({
  ...(baseline !== undefined && {
    // With what its checkout has built, by its own code: it knows no listeners.
    baseline: {
      name: "the baseline",
      module: new URL("tools/bench/cost-process.js", pathToFileURL(`${resolve(baseline)}/`)),
    },
  }),
  none: { name: "no listener", module: here },
  again: { name: "no listener, another process", module: here },
  empty: { name: "empty functions", module: here, listeners: "empty" },
  telemetry: { name: "telemetry, no SDK", module: here, listeners: "telemetry" },
});

/** Subjects take turns, forwards and backwards, so that a busy moment of the machine strikes all of them. */
const measureGeneration = async (subjects, server, { rounds, creates }, costs) => {
  const names = Object.keys(subjects);
  const running = {};
  try {
    for (const name of names) {
      const { module, listeners } = subjects[name];
      running[name] = await startChild(module, { client: "enrollKit", server, listeners });
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
 * @param {object} run
 * @param {string} [run.baseline] - another checkout, built: the code before hooks, say.
 * @returns {Promise<import("./results.js").Findings>}
 */
export const listeners = async ({ quick, baseline }) => {
  const size = quick
    ? { generations: 1, rounds: 3, creates: 128 }
    : { generations: 4, rounds: 6, creates: 512 };
  const subjects = subjectsWith(baseline);
  const simulator = await startChild(new URL("./simulator-process.js", import.meta.url), {
    vendor: "android-management",
    options: { enforceQuota: false },
  });
  const costs = Object.fromEntries(concurrencies.map((concurrency) => [concurrency, []]));
  try {
    for (let generation = 0; generation < size.generations; generation += 1) {
      await measureGeneration(subjects, simulator.ready, size, costs);
    }
  } finally {
    await simulator.stop();
  }
  const results = concurrencies.flatMap((concurrency) => {
    const ratio = (one, other) => medianOf(costs[concurrency], (cost) => cost[one] / cost[other]);
    const at = `CPU per create, ${concurrency} at once`;
    return [
      ...(baseline === undefined
        ? []
        : [atMost(1.02, `${at}: no listener ÷ the baseline`, ratio("none", "baseline"))]),
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
      ...(baseline === undefined
        ? []
        : [
            "The baseline is another checkout, built, given by `--baseline`: the commit before hooks. What has come besides hooks since then, such as the guards against hostile answers, is in that ratio, too.",
          ]),
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
