import { importDevices, type DeviceToImport } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { startAccount, type SimulatedAccount } from "./simulated-account.js";

const onImport = { path: /batchImport$/ };

describe("deviceImport", () => {
  it("imports each device as the mobile device or computer it is, once for each group", async () => {
    const { provider, simulator, paths } = await startAccount({
      settings: { profiles: { sales: { group: "sales" } } },
    });
    simulator.seed({ groups: [{ displayName: "Sales", uuid: "sales" }] });
    const results = await provider.deviceImport.importBatch([
      { name: "phone", description: "loan" },
      { name: "laptop", kind: "computer", profile: "sales" },
      { name: "tablet", kind: "mobile" },
    ]);
    expect(paths()).toEqual(["devices:batchImport", "devices:batchImport"]);
    const byName = new Map(simulator.devices().map((device) => [device.displayName, device]));
    expect(byName.get("phone")).toMatchObject({ isMobile: true, description: "loan" });
    expect(byName.get("laptop")).toMatchObject({ isMobile: false, groupUuid: "sales" });
    expect(byName.get("tablet")).toMatchObject({
      isMobile: true,
      groupUuid: simulator.groupUuids.mobileDevices,
    });
    expect(results).toMatchObject(
      ["phone", "laptop", "tablet"].map((name) => ({
        status: "created",
        device: {
          id: byName.get(name)?.uuid,
          provider: "phones",
          vendor: "eset-connect",
          name,
          state: "pending",
        },
      })),
    );
  });

  it("refuses a bad device, and imports the others", async () => {
    const { provider, simulator } = await startAccount();
    const devices = [
      { name: "a" },
      { name: "" },
      { name: "a" },
      { name: "b", profile: "x" },
      { name: "c" },
      { name: " d" },
    ];
    const results = await provider.deviceImport.importBatch(devices);
    expect(results).toMatchObject([
      { status: "created" },
      { status: "failed", error: { code: "invalid-request", path: "name" } },
      { status: "failed", error: { code: "invalid-request", path: "name" } },
      { status: "failed", error: { code: "invalid-request", path: "profile" } },
      { status: "created" },
      { status: "failed", error: { code: "invalid-request", path: "name" } },
    ]);
    expect(simulator.devices().map(({ displayName }) => displayName)).toEqual(["a", "c"]);
  });

  it("tells which device ESET left out, and names no field that an import does not have", async () => {
    const account = await startAccount();
    const errors = { b: { code: 3, message: "not so", details: [] } };
    const body = JSON.stringify({ devices: [{ uuid: "u-1", displayName: "a" }], errors });
    account.simulator.failNext({ kind: "body", contentType: "application/json", body }, onImport);
    const outcomes = [];
    for await (const outcome of importDevices(account.provider, [{ name: "a" }, { name: "b" }])) {
      outcomes.push(outcome);
    }
    expect(outcomes).toMatchObject([
      { status: "created", device: { id: "u-1" } },
      { status: "failed", error: { code: "invalid-request", path: "devices[1]", vendorCode: 3 } },
    ]);
  });

  it("lets a caller set every field through the client; another group than the import's is told by name", async () => {
    const { provider, simulator } = await startAccount();
    const { mobileDevices: parentGroupUuid, all } = simulator.groupUuids;
    const shared = { description: "loan", isMobile: true, managementDomain: "" };
    const { body } = await provider.client.importDevices({
      devices: [
        { ...shared, displayName: "here", parentGroupUuid },
        { ...shared, displayName: "astray", parentGroupUuid: all },
      ],
      parentGroupUuid,
    });
    expect(body.devices.map(({ displayName }) => displayName)).toEqual(["here"]);
    expect([...body.errors]).toMatchObject([["astray", { code: 3 }]]);
  });

  it("says that the status of a fresh placeholder tells nothing, where ESET says so", async () => {
    const { provider } = await startAccount({ behavior: { importedStatus: "UNSPECIFIED" } });
    const [result] = await provider.deviceImport.importBatch([{ name: "a" }]);
    expect(result).toMatchObject({ status: "created", device: { state: "unknown" } });
  });

  it("takes a thousand, and no more", async () => {
    const { provider, simulator } = await startAccount();
    const devices = Array.from({ length: 1001 }, (_, index) => ({ name: `p-${index}` }));
    await expect(provider.deviceImport.importBatch(devices)).rejects.toMatchObject({
      code: "invalid-request",
      path: "devices",
    });
    expect(simulator.stats().requests).toBe(0);
    expect(await provider.deviceImport.importBatch(devices.slice(1))).toHaveLength(1000);
  });

  const importAll = async (account: SimulatedAccount, devices: readonly DeviceToImport[]) => {
    const outcomes: string[] = [];
    for await (const outcome of importDevices(account.provider, devices)) {
      outcomes.push(
        outcome.status === "created" ? outcome.device.name : `${outcome.status}: ${outcome.error.code}`,
      );
    }
    return outcomes;
  };

  it("finds devices whose import was lost, and imports nothing twice", async () => {
    const account = await startAccount();
    account.simulator.failNext({ kind: "reset", when: "after" }, onImport);
    expect(await importAll(account, [{ name: "a" }, { name: "b", kind: "computer" }])).toEqual(["a", "b"]);
    expect(account.simulator.devices()).toHaveLength(2);
  });

  it("says of devices whose import did not happen that they may be sent again", async () => {
    const account = await startAccount();
    account.simulator.failNext({ kind: "status", status: 500 }, onImport);
    const [result] = await account.provider.deviceImport.importBatch([{ name: "a" }]);
    expect(result).toMatchObject({ status: "failed", error: { code: "unavailable", retryable: true } });
    expect(account.simulator.devices()).toHaveLength(0);
  });

  it("does not decide where the name is there twice", async () => {
    const account = await startAccount();
    account.seedDevice({ displayName: "a" });
    account.simulator.failNext({ kind: "reset", when: "after" }, onImport);
    expect(await importAll(account, [{ name: "a" }])).toEqual(["unknown: outcome-unknown"]);
  });
});
