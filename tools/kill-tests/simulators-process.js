// The vendors of a kill test, in a process that nobody kills: what they have on record at the end is the truth.
import { clearInterval, setInterval } from "node:timers";
import { startAndroidManagementSimulator } from "../../packages/simulators/dist/android-management/index.js";
import { startAppliverySimulator } from "../../packages/simulators/dist/applivery/index.js";
import { startEsetConnectSimulator } from "../../packages/simulators/dist/eset-connect/index.js";
import { answerParent, settingsOfChild } from "../bench/child.js";
import { seededRandom } from "../seeded-random.js";

const { seed, faultEvery } = settingsOfChild();
const random = seededRandom(seed);

const [eset, android, applivery] = await Promise.all([
  startEsetConnectSimulator(),
  startAndroidManagementSimulator(),
  startAppliverySimulator(),
]);
android.seed({ policies: [{ id: "field" }] });
const simulators = [eset, android, applivery];

const anywhere = { path: /^(?!.*\/token$)/ };
const creates = { method: "POST", path: /enrollment-?tokens|:batch/i };

/** With each the calls that it may strike. */
const faults = [
  [{ kind: "reset", when: "before" }, anywhere],
  [{ kind: "reset", when: "after" }, anywhere],
  [{ kind: "status", status: 503 }, anywhere],
  [{ kind: "status", status: 500, when: "after" }, anywhere],
  [{ kind: "truncate" }, creates],
  [{ kind: "delay", milliseconds: 400 }, anywhere],
];
const pick = (choices) => choices[Math.floor(random() * choices.length)];

let struck = 0;
const striking = setInterval(() => {
  pick(simulators).failNext(...pick(faults));
  struck += 1;
}, faultEvery);

const grouped = (pairs) => {
  const groups = {};
  for (const [owner, id] of pairs) (groups[owner] ??= []).push(id);
  return groups;
};

const answers = {
  calm: () => {
    clearInterval(striking);
    for (const simulator of simulators) simulator.clearFaults();
    return struck;
  },
  /** What is alive at each vendor, by the row that it is for. */
  records: () => ({
    eset: grouped(eset.devices().map(({ displayName, uuid }) => [displayName, uuid])),
    phones: grouped(
      android
        .enrollments()
        .filter(({ status }) => status === "active")
        .map(({ additionalData, name }) => [additionalData ?? "nobody", name]),
    ),
    apple: grouped(
      applivery
        .enrollments()
        .filter(({ state }) => state === "PENDING")
        .map(({ user, id }) => [user?.email ?? "nobody", id]),
    ),
  }),
  stats: () => simulators.map((simulator) => simulator.stats()),
};

answerParent(
  {
    eset: { credentials: eset.credentials, baseUrls: eset.baseUrls, group: eset.groupUuids.mobileDevices },
    phones: { credentials: android.credentials, url: android.url, enterprise: android.enterpriseId },
    apple: applivery.credentials,
  },
  (question) => answers[question](),
);
