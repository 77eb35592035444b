import { startChild } from "./child.js";
import { makePlaces } from "./ledger-places.js";
import { atMost } from "./results.js";

const queriesProcess = new URL("./ledger-queries-process.js", import.meta.url);

const names = {
  status: "status, the first page of what is pending",
  used: "status, the first page of what one provider's devices used",
  expiring: "expiring within 7 days, the first page",
};

/** @returns {Promise<import("./results.js").Findings>} */
export const ledgerQueries = async ({ quick }) => {
  const records = quick ? 20_000 : 1_000_000;
  const found = [];
  for (const make of makePlaces()) {
    const place = await make();
    const child = await startChild(queriesProcess, { place: place.settings, records });
    try {
      found.push({ name: place.name, ...(await child.ask("measure")) });
    } finally {
      await child.stop();
      await place.remove();
    }
  }
  return {
    results: found.flatMap(({ name, times, growth }) => [
      ...Object.entries(names).map(([query, words]) => atMost(50, `${words}, ${name}`, times[query], "ms")),
      atMost(1.2, `peak memory, reading 100,000 records ÷ 10,000, ${name}`, growth),
    ]),
    notes: [
      `A ledger of ${records.toLocaleString("en-US")} records, each with its history. Median of 15 times; a page has 100 records.`,
      ...(found.length === 1 ? ["Without DATABASE_URL the embedded back end alone is measured."] : []),
    ],
    table: [
      ["ledger", ...Object.keys(names).map((query) => `${query}, ms`), "making it, s"],
      ...found.map(({ name, times, making }) => [
        name,
        ...Object.keys(names).map((query) => times[query].toFixed(1)),
        making.toFixed(0),
      ]),
    ],
  };
};
