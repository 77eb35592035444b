import { findArtifact, Secret } from "@enrollkit/core";
import { createEsetConnect, type EsetConnectSettings } from "@enrollkit/eset-connect";
import { startEsetConnectSimulator, type EsetConnectBehavior } from "@enrollkit/simulators/eset-connect";
import { faultPlans } from "../plan.js";
import { seenCalls, type Places, type SeenCall } from "../seen-calls.js";
import { firstAbout, mayHaveFailed } from "../undecidable.js";
import { choose, grouped, type PlannedRow, type VendorUnderTest } from "../vendor.js";

const lookUps: readonly [
  NonNullable<EsetConnectSettings["reconciliation"]>,
  ...NonNullable<EsetConnectSettings["reconciliation"]>[],
] = [
  { lookUp: "both", settleFor: "PT30S" },
  { lookUp: "groups", settleFor: "PT30S" },
];
const habits: readonly [Partial<EsetConnectBehavior>, ...Partial<EsetConnectBehavior>[]] = [
  {},
  { importCapacity: 2 },
  { groupListingLagMilliseconds: 20_000, placeholdersInDeviceList: "hidden" },
  { unsetFields: "absent", errorBodies: "rpc-status", importedStatus: "UNSPECIFIED" },
  { accessTokenSeconds: 20, refreshTokens: "refuse" },
  { repeatedResponseId: "renewed", accessTokenSeconds: 60 },
  { repeatedResponseId: "absent", importOrder: "request" },
];

const places: Places = {
  create: { method: "POST", path: /:batchImport$|:batchGetEnrollmentLinks$/ },
  read: { method: "GET" },
  token: { path: /\/oauth\/token$/ },
  any: {},
};

const isImport = ({ path }: SeenCall) => path.endsWith(":batchImport");

const unknownDevice = "00000000-0000-4000-8000-000000000404";

/** New devices, devices that ESET knows, and at most one that it does not know. */
const rowOf = (kind: number, index: number, known: string, isFirstBad: boolean): PlannedRow => {
  const name = `phone-${index}`;
  const key = `row-${index}`;
  if (kind === 5) return { owner: known, existed: true, request: { key, device: { id: known } } };
  if (kind === 6 && isFirstBad) {
    return { owner: unknownDevice, isHopeless: true, request: { key, device: { id: unknownDevice } } };
  }
  return { owner: name, request: { key, device: { name } } };
};

export const esetConnect: VendorUnderTest = {
  name: "eset-connect",
  plans: faultPlans({
    calls: ["create", "read", "token", "any"],
    answersSlowly: true,
    emptyList: "empty-object",
  }),

  start: async (plan, { clock, random, hooks }) => {
    const behavior = choose(habits, plan.habits);
    const simulator = await startEsetConnectSimulator({ clock, random, behavior });
    const { credentials, baseUrls, groupUuids } = simulator;
    const provider = createEsetConnect(
      {
        region: credentials.region,
        username: credentials.username,
        password: new Secret(credentials.password),
        ...(plan.settings < 4 && { group: groupUuids.mobileDevices }),
        reconciliation: choose(lookUps, plan.settings),
        baseUrls: {
          iam: baseUrls.businessAccount,
          deviceManagement: baseUrls.deviceManagement,
          mobileDeviceManagement: baseUrls.mobileDeviceManagement,
          installerManagement: baseUrls.installerManagement,
        },
      },
      { clock, random, hooks },
    );
    const seeded = simulator.seed({
      devices: plan.rows.map((_, index) => ({
        displayName: `known-${index}`,
        parentGroupUuid: groupUuids.mobileDevices,
      })),
    }).devices;
    const before = new Set(seeded.map(({ uuid }) => uuid));
    const linksOf = (id: string) =>
      simulator.enrollmentLinks().filter(({ deviceUuid, state }) => deviceUuid === id && state === "valid");
    // Any number of links may lead to one device, and let it in once: what counts are the devices.
    const made = () =>
      grouped(
        simulator
          .devices()
          .filter(({ uuid }) => !before.has(uuid))
          .map(({ displayName, uuid }) => [displayName, uuid]),
      );
    return {
      provider,
      rows: plan.rows.map((kind, index) =>
        rowOf(kind, index, seeded[index]?.uuid ?? "", plan.rows.indexOf(6) === index),
      ),
      failNext: ({ fault, calls, skip, times }) => {
        simulator.failNext(fault, { ...places[calls], skip, times });
      },
      answerSlowly: ({ calls, skip, times, polls, ending }) => {
        simulator.slowNext({ ...places[calls], skip, times, polls, ending });
      },
      made,
      // Nothing is made for a device that ESET knows. Others are found, by id or name, and given a link again.
      mayBeUnknown: ({ owner, existed }) => {
        const calls = seenCalls(simulator.requests(), plan.faults, places, "renewable");
        const lost = firstAbout(calls, [owner, ...(made().get(owner) ?? [])], ({ isCreate }) => isCreate);
        if (lost === undefined || existed === true) return false;
        const asked = calls.slice(lost + 1).filter((call) => !isImport(call));
        return mayHaveFailed(asked, plan, lost);
      },
      flawOf: (enrollment, { owner, existed }) => {
        const link = findArtifact(enrollment, "enrollment-link")?.value.reveal();
        if (existed === true && enrollment.id !== owner) return `its id is not ${owner}`;
        return linksOf(enrollment.id).some(({ uri }) => uri === link)
          ? undefined
          : `its link does not let ${enrollment.id} in`;
      },
      stop: () => simulator.close(),
    };
  },
};
