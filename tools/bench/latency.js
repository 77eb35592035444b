import { performance } from "node:perf_hooks";
import { createEnrollments } from "../../packages/core/dist/index.js";
import { bareAxiosAt } from "./bare-axios.js";
import { startChild } from "./child.js";
import { inParallel } from "./in-parallel.js";
import { bareAndroidManagementAt } from "./providers.js";
import { atMost, forComparison } from "./results.js";

const latency = 100;
const concurrency = 8;

const secondsOf = async (work) => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

const keys = function* (count) {
  for (let number = 0; number < count; number += 1) yield { key: `row-${number}` };
};

/** @returns {Promise<import("./results.js").Findings>} */
export const latencyBound = async ({ quick }) => {
  const creates = concurrency * (quick ? 20 : 150);
  const simulator = await startChild(new URL("./simulator-process.js", import.meta.url), {
    vendor: "android-management",
    latency,
    options: { enforceQuota: false },
  });
  try {
    const provider = bareAndroidManagementAt(simulator.ready);
    const run = async (count) => {
      for await (const outcome of createEnrollments(provider, keys(count), { concurrency })) {
        if (outcome.status !== "created") throw outcome.error;
      }
    };
    await run(concurrency);
    const { lastBody } = await simulator.ask("stats");
    const create = bareAxiosAt({ ...simulator.ready, body: lastBody });
    await inParallel(concurrency, concurrency, create);

    const ideal = (creates / concurrency) * (latency / 1000);
    const ours = await secondsOf(() => run(creates));
    const bare = await secondsOf(() => inParallel(creates, concurrency, create));
    return {
      results: [
        atMost(1.05, "Android Management creates: wall time ÷ ideal", ours / ideal),
        forComparison("the same by bare axios: wall time ÷ ideal", bare / ideal),
      ],
      notes: [
        `${creates} creates by the engine, ${concurrency} at once, each answer held back for ${latency} ms, no quota; ` +
          `connections were open. The ideal is ${ideal.toFixed(1)} s.`,
      ],
    };
  } finally {
    await simulator.stop();
  }
};
