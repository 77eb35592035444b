import { createAndroidManagement } from "@enrollkit/android-management";
import { Secret, type IsoDuration } from "@enrollkit/core";
import { startAndroidManagementSimulator } from "@enrollkit/simulators/android-management";
import { faultPlans } from "../plan.js";
import { seenCalls, type Places } from "../seen-calls.js";
import { firstAbout, isLost, lossOf, mayHaveFailed } from "../undecidable.js";
import { choose, grouped, type PlannedRow, type VendorUnderTest } from "../vendor.js";

type Behavior = Parameters<typeof startAndroidManagementSimulator>[0];

const lostTokens = ["report", "adopt", "revoke"] as const;
const habits: readonly [Behavior, ...Behavior[]] = [
  {},
  { pageFill: "short", timestampPrecision: "nanoseconds" },
  { createEcho: "nothing", usedTokens: "visible" },
  { accessTokenSeconds: 20 },
  { createEcho: "inputs-and-duration", accessTokenSeconds: 120 },
  { tokenView: "name-and-expiration" },
];
// Longer than all jumps of a plan together: what was created is still there at the end.
const lifetimes: readonly [IsoDuration, ...IsoDuration[]] = ["P1D", "P1D", "PT30H", "P29D"];

const places: Places = {
  create: { method: "POST", path: /\/enrollmentTokens$/ },
  read: { method: "GET", path: /^\/v1\// },
  token: { path: /^\/token/ },
  any: {},
};

const rowOf = (kind: number, index: number): PlannedRow => {
  const key = `row-${index}`;
  return { owner: key, request: { key, additionalData: key, validFor: choose(lifetimes, kind) } };
};

export const androidManagement: VendorUnderTest = {
  name: "android-management",
  plans: faultPlans({
    calls: ["create", "read", "token", "any"],
    answersSlowly: false,
    emptyList: "empty-object",
  }),

  start: async (plan, { clock, random, hooks }) => {
    const simulator = await startAndroidManagementSimulator({
      clock,
      random,
      ...choose(habits, plan.habits),
    });
    const provider = createAndroidManagement(
      {
        enterprise: simulator.enterpriseId,
        credentials: new Secret(JSON.stringify(simulator.credentials)),
        baseUrl: simulator.url,
        lostTokens: choose(lostTokens, plan.settings),
      },
      { clock, random, hooks },
    );
    const live = () => simulator.enrollments().filter(({ status }) => status === "active");
    return {
      provider,
      rows: plan.rows.map(rowOf),
      failNext: ({ fault, calls, skip, times }) => {
        simulator.failNext(fault, { ...places[calls], skip, times });
      },
      made: () => grouped(live().map(({ additionalData = "nobody", name }) => [additionalData, name])),
      // A token shows neither a label nor its policy: one that was lost cannot be told from others that were.
      mayBeUnknown: ({ owner }) => {
        const calls = seenCalls(simulator.requests(), plan.faults, places, "renewable");
        const lost = firstAbout(calls, [owner], isLost);
        if (lost === undefined) return false;
        const asked = calls.slice(lost + 1).filter(({ isCreate }) => !isCreate);
        if (mayHaveFailed(asked, plan, lost)) return true;
        const wereMade = calls.some((call) => lossOf(call) === "done");
        const areMany =
          calls.filter(isLost).length > 1 || choose(habits, plan.habits)?.tokenView !== undefined;
        return wereMade && { report: true, adopt: areMany, revoke: false }[choose(lostTokens, plan.settings)];
      },
      flawOf: ({ id, artifacts }) => {
        const { value } = live().find(({ name }) => name === id) ?? {};
        const has = artifacts.some(
          (each) => each.kind === "enrollment-token" && each.value.reveal() === value,
        );
        return has ? undefined : `its token is not that of ${id}`;
      },
      stop: () => simulator.close(),
    };
  },
};
