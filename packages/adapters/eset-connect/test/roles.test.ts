import type { EnrollmentState } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { startAccount, type SimulatedAccount } from "./simulated-account.js";

const finished = "DEVICE_ENROLLMENT_STATUS_FINISHED";

describe("tracking", () => {
  it.each<[string, object | undefined, EnrollmentState]>([
    ["waits", {}, "pending"],
    ["has enrolled", { enrollmentStatus: finished }, "used"],
    ["broke off", { enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_FAILED" }, "failed"],
    [
      "has a status that is not in the documentation",
      { enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_ENROLLED" },
      "unknown",
    ],
    ["does not exist", undefined, "unknown"],
  ])("reads a device that %s", async (_what, seed, state) => {
    const { provider, seedDevice } = await startAccount();
    const id = seed === undefined ? "00000000-0000-4000-8000-000000000404" : seedDevice(seed);
    const [status] = await provider.tracking.getStatuses([{ id }]);
    expect(status).toMatchObject({ id, state });
    expect(status?.devices.map((device) => device.id)).toEqual(state === "used" ? [id] : []);
  });

  it("answers for any number, in order, with unknown ones among them", async () => {
    const { provider, paths, seedDevice } = await startAccount();
    const ids = Array.from({ length: 250 }, (_, index) =>
      index === 120 ? "nobody" : seedDevice(index % 2 === 0 ? {} : { enrollmentStatus: finished }),
    );
    const statuses = await provider.tracking.getStatuses(ids.map((id) => ({ id })));
    expect(statuses.map(({ id }) => id)).toEqual(ids);
    expect(statuses.map(({ state }) => state)).toEqual(
      ids.map((_, index) => (index === 120 ? "unknown" : index % 2 === 0 ? "pending" : "used")),
    );
    expect(paths().length).toBeLessThan(3 + 2 * 8);
  });

  it("knows when a link has expired, and that another may work", async () => {
    const { provider, clock } = await startAccount();
    const enrollment = await provider.createEnrollment({ device: { name: "pixel" } });
    clock.advance(8 * 24 * 3_600_000);
    const again = await provider.createEnrollment({ device: { id: enrollment.id } });
    const statuses = await provider.tracking.getStatuses([enrollment, again]);
    expect(statuses.map(({ state }) => state)).toEqual(["expired", "pending"]);
  });

  it("fails as a whole where no device may be read", async () => {
    const { provider, simulator, seedDevice } = await startAccount();
    simulator.failNext({ kind: "status", status: 403 }, { path: /:batchGet$/, times: 100 });
    const ids = [{ id: seedDevice({}) }, { id: seedDevice({}) }];
    await expect(provider.tracking.getStatuses(ids)).rejects.toMatchObject({ code: "forbidden" });
    simulator.clearFaults();
    simulator.failNext({ kind: "status", status: 503 }, { path: /:batchGet$/, times: 100 });
    await expect(provider.tracking.getStatuses(ids)).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("deviceGroups", () => {
  const startTree = async () => {
    const account = await startAccount();
    account.simulator.seed({
      groups: [
        { displayName: "Berlin", uuid: "berlin" },
        { displayName: "Phones", uuid: "berlin-phones", parentGroupUuid: "berlin" },
        { displayName: "Paris", uuid: "paris" },
        { displayName: "Phones", uuid: "paris-phones", parentGroupUuid: "paris" },
        { displayName: "R/D", uuid: "r-d", parentGroupUuid: "paris" },
        { displayName: "Twin", uuid: "twin-1" },
        { displayName: "Twin", uuid: "twin-2" },
        { displayName: "All", uuid: "inner-all", parentGroupUuid: "paris" },
      ],
    });
    return account;
  };

  it("lists static groups with their paths, over all pages", async () => {
    const account = await startTree();
    account.simulator.seed({
      groups: Array.from({ length: 1200 }, (_, index) => ({
        displayName: `g-${index}`,
        parentGroupUuid: "berlin",
      })),
    });
    const paths: string[] = [];
    for await (const group of account.provider.deviceGroups.list()) paths.push(group.path.join("/"));
    expect(paths).toContain("All/Berlin/Phones");
    expect(paths).not.toContain("All/Android and iOS");
    expect(new Set(paths.filter((path) => path.startsWith("All/Berlin/g-"))).size).toBe(1200);
    expect(account.paths()).toEqual(["device_groups", "device_groups"]);
  });

  it.each([
    ["Berlin/Phones", "berlin-phones"],
    ["/All/Paris/Phones/", "paris-phones"],
    ["Paris/R/D", "r-d"],
    ["Berlin", "berlin"],
    ["All", "00000000-0000-0000-7001-000000000001"],
  ])("resolves %s", async (path, id) => {
    const { provider } = await startTree();
    expect(await provider.deviceGroups.resolve(path)).toMatchObject({ id });
  });

  it.each([
    ["Phones", "invalid-request", "All/Berlin/Phones (berlin-phones), All/Paris/Phones (paris-phones)"],
    ["Twin", "invalid-request", "All/Twin (twin-1), All/Twin (twin-2)"],
    ["hones", "not-found", 'no static device group has the path "hones"'],
    ["berlin", "not-found", 'no static device group has the path "berlin"'],
    ["Android and iOS", "not-found", "no static device group"],
    ["/", "invalid-request", "path must name a device group"],
  ])("does not resolve %s", async (path, code, message) => {
    const { provider } = await startTree();
    await expect(provider.deviceGroups.resolve(path)).rejects.toMatchObject({
      code,
      path: "path",
      message: expect.stringContaining(message) as string,
    });
  });
});

describe("deploymentFiles", () => {
  it.each([
    [undefined, "G", undefined],
    ["sales", "sales", true],
  ])("generates the file for the profile %s", async (profile, group, consent) => {
    const { provider, simulator } = await startAccount({
      settings: { profiles: { sales: { group: "sales", sendAnonymousDiagnosticData: true } } },
    });
    simulator.seed({ groups: [{ displayName: "Sales", uuid: "sales" }] });
    const file = await provider.deploymentFiles.generate({ profile });
    const [made] = simulator.deploymentFiles();
    const sent = simulator.requests().find(({ path }) => path.endsWith(":generate"))?.body ?? "{}";
    const uuid = group === "G" ? simulator.groupUuids.mobileDevices : group;
    expect(JSON.parse(sent)).toEqual({
      deviceEnrollmentSettings: { securityGroupUuid: uuid },
      ...(consent !== undefined && { sendAnonymousDiagnosticData: consent }),
    });
    expect(made).toBeDefined();
    expect(file).toMatchObject({ fileName: "install_config.ini", warnings: [] });
    expect(file.requestIds).toHaveLength(1);
    const computer = simulator.enrollDevice({ gpoSccmFile: file.content.reveal(), displayName: "PC-1" });
    expect(computer.groupUuid).toBe(uuid);
  });

  it("names no group if none is configured", async () => {
    const { provider, simulator } = await startAccount({ defaultGroup: "none" });
    await provider.deploymentFiles.generate({});
    const { body } = simulator.requests().at(-1) ?? {};
    expect(body).toBe("{}");
  });

  it("refuses a profile that does not exist before any call", async () => {
    const { provider, simulator } = await startAccount();
    await expect(provider.deploymentFiles.generate({ profile: "x" })).rejects.toMatchObject({
      path: "profile",
    });
    expect(simulator.stats().requests).toBe(0);
  });
});

describe("check", () => {
  const summary = async (account: SimulatedAccount, change = {}) => {
    const { ok, findings } = await account.providerWith(change).check();
    return [ok, Object.fromEntries(findings.map(({ name, status }) => [name, status]))];
  };
  const unproven = { import: "not-checked", "enrollment-links": "not-checked" };

  it("proves the login and the right to read groups, and says what it cannot prove", async () => {
    const account = await startAccount({ defaultGroup: "none" });
    expect(await summary(account)).toEqual([
      true,
      { credentials: "passed", "device-groups": "passed", ...unproven },
    ]);
    expect(account.simulator.requests().at(-1)?.query.get("pageSize")).toBe("1");
    expect(account.simulator.devices()).toHaveLength(0);
  });

  it("holds the configured groups against those that are there", async () => {
    const account = await startAccount();
    const dynamic = account.simulator.groups().find(({ membership }) => membership !== "static")?.uuid ?? "";
    const passed = { credentials: "passed", "device-groups": "passed" };
    expect(await summary(account)).toEqual([true, { ...passed, groups: "passed", ...unproven }]);
    const change = { profiles: { gone: { group: "gone" }, dynamic: { group: dynamic }, fine: {} } };
    expect(await summary(account, change)).toEqual([false, { ...passed, groups: "failed", ...unproven }]);
    const { findings } = await account.providerWith(change).check();
    expect(findings.find(({ name }) => name === "groups")?.message).toBe(
      "profiles.gone.group names no device group that the API user sees; " +
        "profiles.dynamic.group names a dynamic group; it must be a static one",
    );
  });

  it.each<[string, number, RegExp, object]>([
    ["a refused login", 400, /token$/, { credentials: "failed", ...unproven }],
    ["a denied login", 403, /token$/, { credentials: "failed", ...unproven }],
    ["a refused token", 401, /device_groups$/, { credentials: "failed", ...unproven }],
    [
      "missing rights",
      403,
      /device_groups$/,
      { credentials: "passed", "device-groups": "failed", ...unproven },
    ],
    [
      "a wrong address",
      404,
      /device_groups$/,
      { credentials: "passed", "device-groups": "failed", ...unproven },
    ],
  ])("reports %s as a finding", async (_what, status, path, findings) => {
    const account = await startAccount();
    account.simulator.failNext({ kind: "status", status }, { path, times: 10 });
    expect(await summary(account)).toEqual([false, findings]);
  });

  it.each([/token$/, /device_groups$/])("throws if the vendor is out of order: %s", async (path) => {
    const account = await startAccount();
    account.simulator.failNext({ kind: "status", status: 503 }, { path, times: 10 });
    await expect(account.provider.check()).rejects.toMatchObject({ code: "unavailable" });
  });
});
