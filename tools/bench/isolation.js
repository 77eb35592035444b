import { startEsetConnectSimulator } from "../../packages/simulators/dist/eset-connect/index.js";
import { Secret } from "../../packages/core/dist/index.js";
import { createTestClock } from "../../packages/testing/dist/index.js";
import { esetConnectAt } from "./providers.js";
import { forComparison, insist } from "./results.js";

const size = 1000;
const badCounts = [0, 1, 10, 100, 500];
const quickBadCounts = [0, 1, 10];
const chunk = 100;

/** Why a device gets no link, from what the vendor tells readily to what it never tells. */
const kinds = {
  enrolled: "already enrolled",
  unknown: "unknown to the vendor",
  denied: "out of the account's rights",
};

/** The questions that can be answered by yes or no and tell which k of n: log2 C(n, k), and one to hear of none. */
const leastQuestions = (n, k) => {
  let bits = 0;
  for (let place = 1; place <= k; place += 1) bits += Math.log2((n - k + place) / place);
  // Sums of logarithms miss whole numbers by a trace.
  return Math.max(1, Math.ceil(bits - 1e-9));
};

/** Numbers in [0, 1), the same ones in each run. */
const seededRandom = (seed) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const randomPlaces = (count, random) => {
  const places = new Set();
  while (places.size < count) places.add(Math.floor(random() * size));
  return places;
};

const user = { username: "narrow@simulator.invalid", password: "narrow-password" };

const seedDevices = (simulator, kind, bad) => {
  const { mobileDevices, lostAndFound } = simulator.groupUuids;
  const { devices } = simulator.seed({
    devices: Array.from({ length: size }, (_, place) => ({
      displayName: `phone-${place}`,
      parentGroupUuid: kind === "denied" && bad.has(place) ? lostAndFound : mobileDevices,
      ...(kind === "enrolled" && bad.has(place) && { enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_FINISHED" }),
    })),
    apiUsers: [{ ...user, rights: [mobileDevices] }],
  });
  return devices.map(({ uuid }, place) =>
    kind === "unknown" && bad.has(place)
      ? `00000000-0000-4000-8000-${String(place).padStart(12, "0")}`
      : uuid,
  );
};

const callsFor = async (kind, badCount) => {
  const clock = createTestClock();
  const random = seededRandom(badCount + 1);
  const simulator = await startEsetConnectSimulator({ clock, random });
  try {
    const bad = randomPlaces(badCount, random);
    const uuids = seedDevices(simulator, kind, bad);
    const change = { username: user.username, password: new Secret(user.password) };
    const provider = esetConnectAt(simulator, { clock, random }, kind === "denied" ? change : {});
    const results = await provider.bulk.createBatch(uuids.map((id) => ({ device: { id } })));
    for (const [place, { status }] of results.entries()) {
      const wanted = bad.has(place) ? "failed" : "created";
      insist(status === wanted, `device ${place}: ${status}, and not ${wanted}`);
    }
    const callsOf = (path) => simulator.requests().filter((request) => request.path.endsWith(path)).length;
    return { links: callsOf(":batchGetEnrollmentLinks"), reads: callsOf(":batchGet") };
  } finally {
    await simulator.close();
  }
};

/** @returns {Promise<import("./results.js").Findings>} */
export const isolation = async ({ quick }) => {
  const results = [];
  const table = [["bad ones are", "bad", "calls", "for links", "for reading", "least yes/no questions"]];
  for (const [kind, words] of Object.entries(kinds)) {
    for (const bad of quick ? quickBadCounts : badCounts) {
      if (bad === 0 && kind !== "enrolled") continue;
      const { links, reads } = await callsFor(kind, bad);
      const calls = links + reads;
      const least = leastQuestions(size, bad);
      const name = bad === 0 ? "all good" : `${bad} ${words}`;
      results.push(
        forComparison(`links for ${size} devices, ${name}: calls ÷ yes/no minimum`, calls / least),
      );
      table.push([bad === 0 ? "–" : words, bad, calls, links, reads, least]);
    }
  }
  return {
    results,
    notes: [
      `One batch of ${size}, bad ones at random places, the same in each run. A call for links answers no more than ` +
        "yes or no, so log2 C(n, k) of them are the least that can name k culprits. Reading devices tells more: " +
        `${size / chunk} calls of ${chunk} show all of them, where the vendor shows what is wrong.`,
    ],
    table,
  };
};
