import { createServer } from "node:http";
import { performance } from "node:perf_hooks";
import { startChild } from "./child.js";
import { makePlaces, postgresqlPlace } from "./ledger-places.js";
import { atLeast, atMost, forComparison, insist } from "./results.js";

const ledgerProcess = new URL("./ledger-process.js", import.meta.url);
const simulatorProcess = new URL("./simulator-process.js", import.meta.url);

const startVendor = (options) =>
  startChild(simulatorProcess, {
    vendor: "android-management",
    options: { enforceQuota: false },
    ...options,
  });

/** @returns what a run of the engine takes by itself, and with each kind of ledger. */
const compare = async (rows, { quota, latency }) => {
  const vendor = await startVendor(latency === undefined ? {} : { latency });
  const times = [];
  try {
    const settings = { vendor: vendor.ready, ...(quota !== undefined && { quota }) };
    const alone = await startChild(ledgerProcess, settings);
    times.push({ name: "none", ...(await alone.ask({ act: "engine", rows })) });
    await alone.stop();
    for (const make of makePlaces()) {
      const place = await make();
      const child = await startChild(ledgerProcess, { ...settings, place: place.settings });
      try {
        times.push({ name: place.name, ...(await child.ask({ act: "run", rows, name: "bench" })) });
        await child.ask({ act: "close" });
      } finally {
        await child.stop();
        await place.remove();
      }
    }
  } finally {
    await vendor.stop();
  }
  return times;
};

/** What a ledger adds to a run of the engine. @returns {Promise<import("./results.js").Findings>} */
export const ledgerCost = async ({ quick }) => {
  const quota = 5000;
  const underQuota = await compare(quick ? 200 : 1500, { quota, latency: 30 });
  const rows = quick ? 1000 : 10_000;
  const unbound = await compare(rows, {});
  const [quotaAlone, ...quotaLedgers] = underQuota;
  const [engineAlone, ...ledgers] = unbound;
  return {
    results: [
      ...quotaLedgers.map(({ name, seconds }) =>
        atMost(1.25, `time with a ledger ÷ without, under a quota, ${name}`, seconds / quotaAlone.seconds),
      ),
      ...ledgers.map(({ name, seconds }) =>
        forComparison(
          `added for one row, without a quota, ${name}`,
          ((seconds - engineAlone.seconds) / rows) * 1000,
          "ms",
        ),
      ),
      ...ledgers.map(({ name, seconds }) =>
        forComparison(
          `time with a ledger ÷ without, without a quota, ${name}`,
          seconds / engineAlone.seconds,
        ),
      ),
    ],
    notes: [
      "A run of single creates against the Android simulator: the engine alone, and recorded, with secrets sealed. The " +
        `quota is ${quota / 100} calls a second. What is added contains the planning of the rows, before the first is sent.`,
      ...(ledgers.length === 1 ? ["Without DATABASE_URL the embedded back end alone is measured."] : []),
    ],
    table: [
      ["ledger", "quota", "time, s", "CPU, s"],
      ...underQuota.map(({ name, seconds, computed }) => [
        name,
        "yes",
        seconds.toFixed(1),
        computed.toFixed(1),
      ]),
      ...unbound.map(({ name, seconds, computed }) => [name, "no", seconds.toFixed(1), computed.toFixed(1)]),
    ],
  };
};

/** Counts calls, and how many fell into the fullest stretch of a second. */
const startCounter = async () => {
  const arrivals = [];
  const server = createServer((request, response) => {
    arrivals.push(performance.now());
    response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    arrivals,
    fullest: (length) => {
      let most = 0;
      for (let first = 0, last = 0; last < arrivals.length; last += 1) {
        while (arrivals[last] - arrivals[first] >= length) first += 1;
        most = Math.max(most, last - first + 1);
      }
      return most;
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
};

const shareQuota = async (url, workers, seconds, calls) => {
  const place = await postgresqlPlace(url);
  const counter = await startCounter();
  const children = [];
  try {
    for (let worker = 0; worker < workers; worker += 1) {
      children.push(await startChild(ledgerProcess, { place: place.settings }));
    }
    const limit = { account: "bench", calls, per: "PT1S", burst: 2, headroom: 0.015 };
    await Promise.all(children.map((child) => child.ask({ act: "call", url: counter.url, limit, seconds })));
    const [first] = counter.arrivals;
    const span = (counter.arrivals.at(-1) - first) / 1000;
    const used = (counter.arrivals.length - 1) / (span * calls);
    await Promise.all(children.map((child) => child.ask({ act: "close" })));
    return { workers, used, fullest: counter.fullest(1000), count: counter.arrivals.length };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await counter.stop();
    await place.remove();
  }
};

const shareWork = async (url, workers, rows) => {
  const place = await postgresqlPlace(url);
  const vendor = await startVendor({});
  const children = [];
  try {
    for (let worker = 0; worker < workers; worker += 1) {
      children.push(await startChild(ledgerProcess, { place: place.settings, vendor: vendor.ready }));
    }
    const [coordinator] = children;
    await coordinator.ask({ act: "submit", rows, name: "bench" });
    const started = performance.now();
    await Promise.all(children.map((child) => child.ask({ act: "work" })));
    const seconds = (performance.now() - started) / 1000;
    await Promise.all(children.map((child) => child.ask({ act: "close" })));
    return { workers, rowsPerSecond: rows / seconds };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await vendor.stop();
    await place.remove();
  }
};

/** Several workers on one run, and on one quota. @returns {Promise<import("./results.js").Findings>} */
export const workers = async ({ quick }) => {
  const { DATABASE_URL: url } = process.env;
  if (url === undefined) {
    return { results: [], notes: ["Not measured: workers need a PostgreSQL server, named by DATABASE_URL."] };
  }
  const calls = 10;
  const sizes = [1, 2, 4];
  const quotas = [];
  const speeds = [];
  for (const size of sizes) quotas.push(await shareQuota(url, size, quick ? 5 : 30, calls));
  for (const size of sizes) speeds.push(await shareWork(url, size, quick ? 2000 : 12_000));
  insist(
    quotas.every(({ count }) => count > calls),
    "hardly a call was made",
  );
  const [alone] = speeds;
  return {
    results: [
      ...quotas.map(({ workers: size, used }) =>
        atLeast(0.95, `share of the quota used, workers: ${size}`, used, "×"),
      ),
      ...quotas.map(({ workers: size, fullest }) =>
        atMost(
          calls,
          `calls in the fullest second of a quota of ${calls}, workers: ${size}`,
          fullest,
          "calls",
        ),
      ),
      ...speeds
        .slice(1)
        .map(({ workers: size, rowsPerSecond }) =>
          forComparison(
            `rows a second without a quota, ${size} workers ÷ one`,
            rowsPerSecond / alone.rowsPerSecond,
          ),
        ),
    ],
    notes: [
      `Each worker is a process of its own; all share one PostgreSQL. The quota is ${calls} calls in any second, counted where ` +
        "they arrive, at a server in the process of the benchmark. Without a quota the workers share the processor with the " +
        "simulator and the database.",
    ],
    table: [
      ["workers", "calls", "fullest second", "quota used", "rows a second, no quota"],
      ...quotas.map(({ workers: size, used, fullest, count }, place) => [
        size,
        count,
        fullest,
        `${(used * 100).toFixed(1)} %`,
        Math.round(speeds[place].rowsPerSecond),
      ]),
    ],
  };
};
