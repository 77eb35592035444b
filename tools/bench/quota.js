import { performance } from "node:perf_hooks";
import { createEnrollments } from "../../packages/core/dist/index.js";
import { startChild } from "./child.js";
import { scaledClock } from "./clocks.js";
import { androidManagementAt, esetConnectAt } from "./providers.js";
import { atMost, insist } from "./results.js";

const latency = 300;
const callsPerSecond = 10;
const devicesPerCall = 1000;

/** @returns the seconds that the run took, and those that this process computed meanwhile. */
const createAll = async (provider, requests, count, clock) => {
  const started = performance.now();
  const before = process.cpuUsage();
  let created = 0;
  for await (const outcome of createEnrollments(provider, requests, { clock })) {
    if (outcome.status !== "created") throw outcome.error;
    created += 1;
  }
  insist(created === count, `${created} of ${count} were created`);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - started) / 1000, computed: (user + system) / 1e6 };
};

const phones = function* (count) {
  for (let number = 0; number < count; number += 1) yield { device: { name: `phone-${number}` } };
};

const keys = function* (count) {
  for (let number = 0; number < count; number += 1) yield { key: `row-${number}` };
};

const refusalsOf = ({ byStatus }) => byStatus[429] ?? 0;

const esetConnect = async (devices) => {
  const simulator = await startChild(new URL("./simulator-process.js", import.meta.url), {
    vendor: "eset-connect",
    latency,
  });
  try {
    const time = await createAll(esetConnectAt(simulator.ready), phones(devices), devices);
    const stats = await simulator.ask("stats");
    // One for the access token, which this vendor counts too, then an import and one for links for each thousand.
    const calls = 1 + 2 * Math.ceil(devices / devicesPerCall);
    return { ...time, least: calls / callsPerSecond, calls, stats };
  } finally {
    await simulator.stop();
  }
};

const androidManagement = async (enrollments, scale) => {
  const epoch = Date.now();
  const options = { vendor: "android-management", latency: latency / scale, scale, epoch };
  const simulator = await startChild(new URL("./simulator-process.js", import.meta.url), {
    ...options,
    options: { enforceQuota: true },
  });
  try {
    const clock = scaledClock(scale, epoch);
    const provider = androidManagementAt(simulator.ready, { clock });
    const time = await createAll(provider, keys(enrollments), enrollments, clock);
    const stats = await simulator.ask("stats");
    return {
      ...time,
      seconds: scale * time.seconds,
      least: enrollments / callsPerSecond,
      calls: enrollments,
      stats,
    };
  } finally {
    await simulator.stop();
  }
};

const row = (name, items, { seconds, computed, least, calls, stats }) => [
  name,
  items,
  calls,
  stats.requests,
  least.toFixed(1),
  seconds.toFixed(1),
  computed.toFixed(1),
  refusalsOf(stats),
];

/** @returns {Promise<import("./results.js").Findings>} */
export const quota = async ({ quick }) => {
  const devices = quick ? 10_000 : 50_000;
  const enrollments = quick ? 100 : 1500;
  const scale = 5;
  const eset = await esetConnect(devices);
  const android = await androidManagement(enrollments, scale);
  return {
    results: [
      atMost(1.05, "ESET Connect: wall time ÷ calls at full quota", eset.seconds / eset.least),
      atMost(0, "ESET Connect: refusals with 429", refusalsOf(eset.stats), "calls"),
      atMost(
        1.05,
        "Android Management: time ÷ calls at full quota (scaled clock)",
        android.seconds / android.least,
      ),
      atMost(0, "Android Management: refusals with 429 (scaled clock)", refusalsOf(android.stats), "calls"),
    ],
    notes: [
      "Devices are imported and linked by one run of the engine, against a simulator that enforces 10 calls a second " +
        `and holds each answer back for ${latency} ms. The bound counts the calls that the work needs, with the one for ` +
        "an access token where the vendor counts it (ESET). Two latencies come on top of it whatever a client does: that " +
        "of the access token, and that of the last answer.",
      `Android Management runs on a clock scaled by ${scale}, in the client and in the simulator (1000 calls in any ` +
        "100 seconds).",
      ...(quick ? ["The sizes of --quick are too small for these goals: one latency weighs too much."] : []),
    ],
    table: [
      [
        "vendor",
        "enrollments",
        "calls needed",
        "calls made",
        "bound, s",
        "time, s",
        "CPU of the client, s",
        "429",
      ],
      row("ESET Connect", devices, eset),
      row("Android Management", enrollments, android),
    ],
  };
};
