import {
  createEnrollments,
  createReliably,
  toIsoInstant,
  type EnrollmentRequest,
  type LostAttempt,
} from "@enrollkit/core";
import type { EsetConnectBehavior } from "@enrollkit/simulators/eset-connect";
import { describe, expect, it } from "vitest";
import type { EsetConnectExtras, EsetConnectSettings } from "../src/index.js";
import { startAccount, type SimulatedAccount } from "./simulated-account.js";

const importCalls = ({ paths }: SimulatedAccount) =>
  paths().filter((path) => path.endsWith("batchImport")).length;
const onImport = { path: /batchImport$/ };
const minute = 60_000;

const request = (name: string): EnrollmentRequest<EsetConnectExtras> => ({ key: name, device: { name } });
const lost = (account: SimulatedAccount, name: string): LostAttempt<EsetConnectExtras> => ({
  request: request(name),
  sentAt: toIsoInstant(account.clock.now()),
});

const namesAt = ({ simulator }: SimulatedAccount) =>
  simulator
    .devices()
    .map(({ displayName }) => displayName)
    .sort();

describe("an import whose answer was lost", () => {
  it.each<[string, Parameters<SimulatedAccount["simulator"]["failNext"]>[0]]>([
    ["a connection that broke afterwards", { kind: "reset", when: "after" }],
    ["a connection that broke before", { kind: "reset", when: "before" }],
    ["504 afterwards", { kind: "status", status: 504, when: "after" }],
    ["504 with nothing done", { kind: "status", status: 504 }],
    ["500 afterwards", { kind: "status", status: 500, when: "after" }],
    ["half an answer", { kind: "truncate" }],
  ])("makes exactly one device for each request: %s", async (_what, fault) => {
    const account = await startAccount();
    const { provider, simulator, clock } = account;
    simulator.failNext(fault, onImport);
    const names = Array.from({ length: 40 }, (_, index) => `pixel-${index}`);
    const statuses: string[] = [];
    for await (const outcome of createEnrollments(provider, names.map(request), { clock })) {
      statuses.push(outcome.status);
    }
    expect(statuses).toEqual(names.map(() => "created"));
    expect(namesAt(account)).toEqual([...names].sort());
  });

  it("that did a part of its work is completed, not repeated", async () => {
    const account = await startAccount({ behavior: { importCapacity: 30 } });
    const { provider, clock } = account;
    const names = Array.from({ length: 45 }, (_, index) => `pixel-${index}`);
    const statuses: string[] = [];
    for await (const outcome of createEnrollments(provider, names.map(request), { clock })) {
      statuses.push(outcome.status);
    }
    expect(statuses).toEqual(names.map(() => "created"));
    expect(namesAt(account)).toEqual([...names].sort());
    expect(importCalls(account)).toBe(2);
  });

  it("is collected where a slow one is ready in time", async () => {
    const account = await startAccount();
    account.simulator.slowNext({ polls: 3, ...onImport });
    await account.provider.createEnrollment(request("pixel"));
    expect(namesAt(account)).toEqual(["pixel"]);
    expect(importCalls(account)).toBe(4);
  });

  it("is found where a slow one was never ready", async () => {
    const account = await startAccount();
    account.simulator.slowNext({ polls: Infinity, ...onImport });
    const enrollment = await createReliably(account.provider, request("pixel"), { clock: account.clock });
    expect(enrollment.key).toBe("pixel");
    expect(namesAt(account)).toEqual(["pixel"]);
  });

  it("is found although listings lag behind, also where it was lost once before", async () => {
    const account = await startAccount({
      behavior: { groupListingLagMilliseconds: 2 * minute, placeholdersInDeviceList: "hidden" },
    });
    account.simulator.failNext({ kind: "reset", when: "before" }, onImport);
    account.simulator.failNext({ kind: "reset", when: "after" }, onImport);
    await createReliably(account.provider, request("pixel"), { clock: account.clock });
    expect(namesAt(account)).toEqual(["pixel"]);
    expect(importCalls(account)).toBe(2);
  });

  it("is found although listings lag behind", async () => {
    const account = await startAccount({
      behavior: { groupListingLagMilliseconds: 2 * minute, placeholdersInDeviceList: "hidden" },
    });
    account.simulator.failNext({ kind: "reset", when: "after" }, onImport);
    await createReliably(account.provider, request("pixel"), { clock: account.clock });
    expect(namesAt(account)).toEqual(["pixel"]);
    expect(importCalls(account)).toBe(1);
  });

  it.each<[number, string, Record<string, unknown>]>([
    [429, "created", { code: "outcome-unknown", retryable: false }],
    [408, "created", { code: "outcome-unknown" }],
    [503, "created", { code: "outcome-unknown" }],
    [504, "created", { code: "outcome-unknown" }],
    [418, "unknown", { code: "outcome-unknown" }],
    [403, "failed", { code: "forbidden" }],
  ])("whose link met %i is %s by the engine, and imported once", async (status, result, expected) => {
    const account = await startAccount();
    const { provider, simulator, clock } = account;
    const breakLinks = () => {
      simulator.failNext({ kind: "status", status }, { path: /EnrollmentLinks$/, times: 4 });
    };
    breakLinks();
    await expect(provider.createEnrollment(request("first"))).rejects.toMatchObject({
      ...expected,
      httpStatus: status,
      advice: expect.stringContaining(`device.id "${simulator.devices()[0]?.uuid ?? ""}`) as string,
    });
    simulator.clearFaults();
    breakLinks();
    const second = createReliably(provider, request("second"), { clock });
    if (result === "created") expect((await second).key).toBe("second");
    else await expect(second).rejects.toMatchObject(expected);
    expect(namesAt(account)).toEqual(["first", "second"]);
  });
});

describe("where a lost device is looked for", () => {
  it.each<
    [
      EsetConnectSettings["reconciliation"],
      "mobile-devices" | "none",
      EsetConnectBehavior["placeholdersInDeviceList"],
      "created" | "absent",
      readonly string[],
    ]
  >([
    [
      undefined,
      "mobile-devices",
      "shown",
      "created",
      ["devices", "device_groups/G/devices", "devices:batchGet"],
    ],
    [
      undefined,
      "mobile-devices",
      "hidden",
      "created",
      ["devices", "device_groups/G/devices", "devices:batchGet"],
    ],
    [
      undefined,
      "none",
      "hidden",
      "created",
      ["devices", "device_groups", "device_groups/A/devices", "devices:batchGet"],
    ],
    [{ lookUp: "names" }, "mobile-devices", "shown", "created", ["devices"]],
    [{ lookUp: "names", settleFor: "PT0S" }, "mobile-devices", "hidden", "absent", ["devices"]],
    [
      { lookUp: "groups" },
      "mobile-devices",
      "hidden",
      "created",
      ["device_groups/G/devices", "devices:batchGet"],
    ],
  ])(
    "%j, group: %s, placeholders in the list of devices: %s",
    async (reconciliation, defaultGroup, shown, status, paths) => {
      const account = await startAccount({
        defaultGroup,
        behavior: { placeholdersInDeviceList: shown },
        settings: { ...(reconciliation !== undefined && { reconciliation }) },
      });
      const { groupUuids } = account.simulator;
      account.seedDevice({
        displayName: "pixel",
        parentGroupUuid: groupUuids[defaultGroup === "none" ? "lostAndFound" : "mobileDevices"],
      });
      const [finding] = await account.provider.reconciliation.reconcile([lost(account, "pixel")]);
      expect(finding?.status).toBe(status);
      const looked = account
        .paths()
        .filter((path) => !path.endsWith("EnrollmentLinks"))
        .map((path) => path.replace(groupUuids.mobileDevices, "G").replace(groupUuids.all, "A"));
      expect(looked).toEqual(paths);
    },
  );

  it("cuts long lists of names to addresses that fit", async () => {
    const account = await startAccount({
      settings: { reconciliation: { lookUp: "names", settleFor: "PT0S" } },
    });
    const names = Array.from({ length: 200 }, (_, index) => `${index}-${"ü".repeat(60)}`);
    for (const name of names) account.seedDevice({ displayName: name });
    const findings = await account.provider.reconciliation.reconcile(
      names.map((name) => lost(account, name)),
    );
    expect(findings.map(({ status }) => status)).toEqual(names.map(() => "created"));
    const addresses = account.simulator.requests().filter(({ path }) => path.endsWith("/v1/devices"));
    expect(addresses.length).toBeGreaterThan(10);
    for (const { query } of addresses) expect(query.toString().length).toBeLessThan(6000);
  });
});

describe("reconcile", () => {
  const pending = "DEVICE_ENROLLMENT_STATUS_PENDING";

  it.each<[string, readonly object[], "created" | "absent" | "undecided"]>([
    ["none of the name", [], "absent"],
    ["one that waits", [{}], "created"],
    [
      "one whose status says nothing",
      [{ enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_UNSPECIFIED" }],
      "created",
    ],
    ["two that wait", [{}, {}], "undecided"],
    ["one that has enrolled", [{ enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_FINISHED" }], "absent"],
    ["one that failed to enroll", [{ enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_FAILED" }], "absent"],
    [
      "one that waits beside one that enrolled",
      [{ enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_FINISHED" }, {}],
      "created",
    ],
    ["one that is no mobile device", [{ isMobile: false }], "absent"],
    ["one in another group", [{ parentGroupUuid: "other" }], "absent"],
    ["one that waits beside one in another group", [{ parentGroupUuid: "other" }, {}], "created"],
  ])("finds %s", async (_what, seeds, status) => {
    const account = await startAccount();
    account.simulator.seed({ groups: [{ displayName: "Other", uuid: "other" }] });
    for (const seed of seeds)
      account.seedDevice({ displayName: "pixel", enrollmentStatus: pending, ...seed });
    const [finding] = await account.provider.reconciliation.reconcile([lost(account, "pixel")]);
    expect(finding?.status).toBe(status);
    if (finding?.status === "created") expect(finding.enrollment).toMatchObject({ key: "pixel" });
    if (finding?.status === "undecided") expect(finding.checkByHand).toContain("ESET PROTECT Web Console");
    expect(importCalls(account)).toBe(0);
  });

  it.each([0, 30])(
    "calls nothing absent before the import can no longer show, of a batch that set out %i minutes ago",
    async (minutes) => {
      const account = await startAccount();
      const attempt = lost(account, "pixel");
      account.clock.advance(minutes * minute);
      const asked = account.clock.now();
      const [finding] = await account.provider.reconciliation.reconcile([attempt]);
      expect(finding?.status).toBe("absent");
      expect(account.clock.now() - asked).toBeGreaterThanOrEqual(3 * minute);
    },
  );

  it("takes one device for one attempt only", async () => {
    const account = await startAccount();
    account.seedDevice({ displayName: "pixel" });
    const attempts = [lost(account, "pixel"), lost(account, "pixel")];
    const findings = await account.provider.reconciliation.reconcile(attempts);
    expect(findings.map(({ status }) => status)).toEqual(["undecided", "undecided"]);
  });

  it("answers in the order of the attempts, each for itself", async () => {
    const account = await startAccount({ settings: { profiles: { sales: {} } } });
    const id = account.seedDevice({ displayName: "there" });
    account.seedDevice({ displayName: "twice" });
    account.seedDevice({ displayName: "twice" });
    const attempts = [
      lost(account, "gone"),
      { ...lost(account, "x"), request: { device: { id } } },
      { ...lost(account, "x"), request: { device: { name: "y" }, profile: "removed-since" } },
      lost(account, "twice"),
      lost(account, "there"),
    ];
    const findings = await account.provider.reconciliation.reconcile(attempts);
    expect(findings.map(({ status }) => status)).toEqual([
      "absent",
      "absent",
      "undecided",
      "undecided",
      "created",
    ]);
  });

  it("decides nothing if nobody can look", async () => {
    const account = await startAccount();
    account.simulator.failNext({ kind: "status", status: 403 }, { path: /\/v1\/devices$/, times: 10 });
    const findings = await account.provider.reconciliation.reconcile([lost(account, "pixel")]);
    expect(findings).toMatchObject([
      { status: "undecided", reason: expect.stringContaining("denied") as string },
    ]);
  });

  it("decides nothing if the device is there and its link is not to be had", async () => {
    const account = await startAccount();
    const id = account.seedDevice({ displayName: "pixel" });
    account.simulator.failNext({ kind: "status", status: 403 }, { path: /EnrollmentLinks$/, times: 10 });
    const findings = await account.provider.reconciliation.reconcile([lost(account, "pixel")]);
    expect(findings).toMatchObject([
      { status: "undecided", checkByHand: expect.stringContaining(id) as string },
    ]);
  });

  it("keeps the warnings of wishes that were dropped", async () => {
    const account = await startAccount();
    account.seedDevice({ displayName: "pixel" });
    const attempt = { ...lost(account, "pixel"), request: { ...request("pixel"), uses: 5 } };
    const [finding] = await account.provider.reconciliation.reconcile([attempt]);
    expect(finding).toMatchObject({ enrollment: { warnings: [{ code: "unsupported", field: "uses" }] } });
  });

  it("makes no call for nothing", async () => {
    const { provider, simulator } = await startAccount();
    expect(await provider.reconciliation.reconcile([])).toEqual([]);
    expect(simulator.stats().requests).toBe(0);
  });
});
