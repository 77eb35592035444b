import { createApplivery } from "@enrollkit/applivery";
import { findArtifact, Secret } from "@enrollkit/core";
import { startAppliverySimulator, type AppliveryBehavior } from "@enrollkit/simulators/applivery";
import { faultPlans } from "../plan.js";
import { seenCalls, type Places, type SeenCall } from "../seen-calls.js";
import { firstAbout, isLost, mayHaveFailed } from "../undecidable.js";
import { choose, grouped, type PlannedRow, type VendorUnderTest } from "../vendor.js";

const bulkFailures = ["report", "create-singly"] as const;
const habits: readonly [Partial<AppliveryBehavior>, ...Partial<AppliveryBehavior>[]] = [
  {},
  { readLagMilliseconds: 4000 },
  { maximumPageSize: 2, pageSizeAboveMaximum: "clamp" },
  { createdStatus: 201, unknownKeys: "strip", tokenTypes: "printed" },
  { createMissingUsers: false },
  { userEmailFilter: "prefix", linksInDeviceList: false },
];

const tokens = /\/mdm\/apple\/enterprise\/enrollment-tokens(\/bulk)?$/;
const places: Places = {
  create: { method: "POST", path: tokens },
  read: { method: "GET" },
  // The bearer token never changes, so no call gets one.
  token: { path: /^\/no-such-call$/ },
  any: {},
};

const sharedEmail = "team@example.com";
const refusedEmail = (index: number) => `refused-${index}@example.com`;

/** What fits into a bulk call, what does not, and people who get more than one. */
const rowOf = (kind: number, index: number): PlannedRow => {
  const key = `row-${index}`;
  const email = [4, 5].includes(kind) ? sharedEmail : kind === 6 ? refusedEmail(index) : `${key}@example.com`;
  const single = [3, 5].includes(kind);
  return {
    owner: email,
    // The bulk call counts failures and names neither them nor a reason.
    isUnexplained: !single,
    request: {
      key,
      recipient: { email, ...(kind === 7 && { name: `Person ${index}` }) },
      ...(single ? { device: { name: key } } : { delivery: "vendor-email" }),
    },
  };
};

export const applivery: VendorUnderTest = {
  name: "applivery",
  plans: faultPlans({
    calls: ["create", "read", "read", "any"],
    answersSlowly: false,
    emptyList: "spelt-out",
  }),

  start: async (plan, { clock, random, hooks }) => {
    const simulator = await startAppliverySimulator({ clock, random });
    const failEmails = new Set(plan.rows.map((_, index) => refusedEmail(index)));
    Object.assign(simulator.behavior, { failEmails, ...choose(habits, plan.habits) });
    const { baseUrl, organization, token } = simulator.credentials;
    const provider = createApplivery(
      {
        baseUrl,
        organization,
        token: new Secret(token),
        bulkFailures: choose(bulkFailures, plan.settings),
        validFor: "P7D",
      },
      { clock, random, hooks },
    );
    const live = () => simulator.enrollments().filter(({ state }) => state === "PENDING");
    return {
      provider,
      rows: plan.rows.map(rowOf),
      failNext: ({ fault, calls, skip, times }) => {
        simulator.failNext(fault, { ...places[calls], skip, times });
      },
      made: () => grouped(live().map(({ user, id }) => [user?.email ?? "nobody", id])),
      // A tag tells a token: it takes no look at the tokens, or a lost answer and a person with several.
      mayBeUnknown: ({ owner }) => {
        const calls = seenCalls(simulator.requests(), plan.faults, places, "fixed");
        const userIds = simulator.users().flatMap(({ id, email }) => (email === owner ? [id] : []));
        const isOpen = (call: SeenCall) => isLost(call) || (call.isCreate && call.path.endsWith("/bulk"));
        const open = firstAbout(calls, [owner, ...userIds], isOpen);
        if (open === undefined) return false;
        const asked = calls.slice(open + 1).filter(({ isCreate }) => !isCreate);
        const isShared =
          owner === sharedEmail && plan.rows.filter((kind) => [4, 5].includes(kind)).length > 1;
        return mayHaveFailed(asked, plan, open) || (isShared && calls.some(isLost));
      },
      flawOf: (enrollment) => {
        const { link } = live().find(({ id }) => id === enrollment.id) ?? {};
        const given = findArtifact(enrollment, "enrollment-link")?.value.reveal();
        return given === link ? undefined : `its link is not that of ${enrollment.id}`;
      },
      stop: () => simulator.close(),
    };
  },
};
