import { startChild } from "./child.js";
import { bareAndroidManagementAt } from "./providers.js";
import { atMost, forComparison, median } from "./results.js";

const names = {
  enrollKit: "EnrollKit",
  engine: "EnrollKit's bulk engine",
  bareAxios: "bare axios",
  officialClient: "Google's client",
};
const clients = Object.keys(names);
const concurrencies = [1, 32];

/** Clients take turns, so that a busy moment of the machine strikes all of them. */
const measure = async (running, concurrency, { rounds, creates }) => {
  const costs = Object.fromEntries(clients.map((client) => [client, []]));
  for (const client of clients) await running[client].ask({ count: creates, concurrency });
  for (let round = 0; round < rounds; round += 1) {
    for (const client of clients) {
      costs[client].push(await running[client].ask({ count: creates, concurrency }));
    }
  }
  return Object.fromEntries(clients.map((client) => [client, median(costs[client])]));
};

/** @returns {Promise<import("./results.js").Findings>} */
export const cost = async ({ quick }) => {
  const size = quick ? { rounds: 3, creates: 128 } : { rounds: 9, creates: 512 };
  const simulator = await startChild(new URL("./simulator-process.js", import.meta.url), {
    vendor: "android-management",
    options: { enforceQuota: false },
  });
  const running = {};
  try {
    // The others send what EnrollKit sends.
    await bareAndroidManagementAt(simulator.ready).createEnrollment({});
    const { lastBody: body } = await simulator.ask("stats");
    for (const client of clients) {
      running[client] = await startChild(new URL("./cost-process.js", import.meta.url), {
        client,
        server: { ...simulator.ready, body },
      });
    }
    const results = [];
    const table = [["CPU per create, µs", ...concurrencies.map((each) => `concurrency ${each}`)]];
    const columns = [];
    for (const concurrency of concurrencies) {
      const costs = await measure(running, concurrency, size);
      const { enrollKit, engine, bareAxios, officialClient } = costs;
      const at = `CPU per create, ${concurrency} at once`;
      results.push(
        atMost(1.15, `${at}: EnrollKit ÷ bare axios`, enrollKit / bareAxios),
        atMost(0.7, `${at}: EnrollKit ÷ Google's client`, enrollKit / officialClient),
        forComparison(`${at}: EnrollKit's bulk engine ÷ bare axios`, engine / bareAxios),
      );
      columns.push(costs);
    }
    for (const client of clients) {
      table.push([names[client], ...columns.map((costs) => Math.round(costs[client]))]);
    }
    return {
      results,
      notes: [
        "User and system time of the client's process; the simulator runs in another. All send the same body and token " +
          `over kept connections on loopback. Medians of ${size.rounds} rounds of ${size.creates} creates, in turns.`,
      ],
      table,
    };
  } finally {
    await Promise.all(Object.values(running).map((child) => child.stop()));
    await simulator.stop();
  }
};
