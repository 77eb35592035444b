import { describe, expect, it } from "vitest";
import {
  call,
  importDevices,
  json,
  requestToken,
  simulate,
  type ImportAnswer,
} from "../../test/eset-connect-calls.js";
import type { EsetConnectBehavior, EsetConnectSimulator } from "./index.js";

const operation = "POST deviceManagement/v1/devices:batchImport";

const importBody = (simulator: EsetConnectSimulator, body: object, token?: string) =>
  call(simulator, operation, { body, ...(token !== undefined && { token }) });

const names = (count: number) => Array.from({ length: count }, (_unused, index) => `device-${index}`);

describe("devices:batchImport", () => {
  it("makes a placeholder of every device", async () => {
    const simulator = await simulate();
    const parentGroupUuid = simulator.groupUuids.mobileDevices;
    const answer = await importBody(simulator, {
      devices: [
        { displayName: "a", description: "of Anna", isMobile: true, parentGroupUuid },
        { displayName: "b", uuid: "ignored", enrollmentStatus: "ignored", tags: ["ignored"] },
      ],
      parentGroupUuid,
    });
    expect(answer.status).toBe(200);
    const { devices, errors } = json(answer) as ImportAnswer;
    expect(errors).toEqual({});
    expect(new Map(devices.map((device) => [device.displayName, device]))).toMatchObject(
      new Map([
        ["a", { isMobile: true, parentGroupUuid, enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_PENDING" }],
        ["b", { isMobile: false, parentGroupUuid, enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_PENDING" }],
      ]),
    );
    expect(simulator.devices()).toMatchObject([
      { displayName: "a", description: "of Anna", groupUuid: parentGroupUuid, deviceToken: "" },
      { displayName: "b", description: "", groupUuid: parentGroupUuid },
    ]);
    expect(simulator.devices()[1]?.uuid).not.toBe("ignored");
  });

  it("reports bad devices by name, code 3, beside the good ones", async () => {
    const simulator = await simulate();
    const parentGroupUuid = simulator.groupUuids.mobileDevices;
    const answer = await importBody(simulator, {
      devices: [
        { displayName: "good" },
        { displayName: "" },
        { displayName: "astray", parentGroupUuid: simulator.groupUuids.all },
      ],
      parentGroupUuid,
    });
    expect(answer.status).toBe(200);
    const { devices, errors } = json(answer) as ImportAnswer;
    expect(devices.map(({ displayName }) => displayName)).toEqual(["good"]);
    expect(errors).toEqual({
      "": { code: 3, message: "the display name is empty", details: [] },
      astray: { code: 3, message: "the parent group differs from that of the request", details: [] },
    });
    expect(simulator.devices()).toHaveLength(1);
  });

  it.each<[string, (simulator: EsetConnectSimulator) => object, Partial<EsetConnectBehavior>, number]>([
    ["1000 devices", () => ({ devices: names(1000).map((displayName) => ({ displayName })) }), {}, 200],
    ["1001 devices", () => ({ devices: names(1001).map((displayName) => ({ displayName })) }), {}, 400],
    ["a name twice", () => ({ devices: [{ displayName: "a" }, { displayName: "a" }] }), {}, 400],
    ["no devices", () => ({}), {}, 400],
    ["no devices", () => ({ devices: [] }), { emptyBatches: "accept" }, 200],
    ["no group", () => ({ devices: [{ displayName: "a" }] }), { importWithoutGroup: "refuse" }, 400],
    ["an unknown group", () => ({ devices: [{ displayName: "a" }], parentGroupUuid: "x" }), {}, 404],
    [
      "an unknown group",
      () => ({ devices: [{ displayName: "a" }], parentGroupUuid: "x" }),
      { unknownGroupStatus: 403 },
      403,
    ],
    [
      "a dynamic group",
      (simulator) => ({
        devices: [{ displayName: "a" }],
        parentGroupUuid: simulator.groups().find(({ membership }) => membership !== "static")?.uuid,
      }),
      {},
      400,
    ],
  ])("with %s", async (_what, body, behavior, status) => {
    const simulator = await simulate({ behavior });
    expect((await importBody(simulator, body(simulator))).status).toBe(status);
    if (status !== 200) expect(simulator.devices()).toEqual([]);
  });

  it("tells too many devices from two of a name by the code", async () => {
    const simulator = await simulate({ behavior: { errorBodies: "rpc-status" } });
    const tooMany = await importBody(simulator, {
      devices: names(1001).map((displayName) => ({ displayName })),
    });
    const twice = await importBody(simulator, { devices: [{ displayName: "a" }, { displayName: "a" }] });
    expect([tooMany, twice].map((answer) => (json(answer) as { code: number }).code)).toEqual([11, 3]);
  });

  it("puts devices without a group into Lost&Found", async () => {
    const simulator = await simulate();
    await importBody(simulator, { devices: [{ displayName: "a" }] });
    expect(simulator.devices()[0]?.groupUuid).toBe(simulator.groupUuids.lostAndFound);
  });

  it("takes a name again in another call", async () => {
    const simulator = await simulate();
    await importDevices(simulator, "a");
    await importDevices(simulator, "a");
    const devices = simulator.devices();
    expect(devices.map(({ displayName }) => displayName)).toEqual(["a", "a"]);
    expect(devices[0]?.uuid).not.toBe(devices[1]?.uuid);
  });

  it("keeps to the rights of the user", async () => {
    const simulator = await simulate();
    const [site] = simulator.seed({ groups: [{ displayName: "Site" }] }).groups;
    const [below] = simulator.seed({
      groups: [{ displayName: "Below", ...(site && { parentGroupUuid: site.uuid }) }],
    }).groups;
    simulator.seed({ apiUsers: [{ username: "site", password: "x", rights: [site?.uuid ?? ""] }] });
    const form = { grant_type: "password", username: "site", password: "x" };
    const { access_token: token } = json(await requestToken(simulator, form)) as { access_token: string };
    const into = async (parentGroupUuid: string | undefined) =>
      (await importBody(simulator, { devices: [{ displayName: "a" }], parentGroupUuid }, token)).status;
    expect(await into(below?.uuid)).toBe(200);
    expect(await into(simulator.groupUuids.mobileDevices)).toBe(403);
    expect(await into(undefined)).toBe(403);
    expect(simulator.devices()).toHaveLength(1);
  });

  it.each<[EsetConnectBehavior["importOrder"], boolean]>([
    ["shuffled", false],
    ["request", true],
  ])("answers %s", async (importOrder, same) => {
    const simulator = await simulate({ behavior: { importOrder } });
    const wanted = names(100);
    const answer = await importBody(simulator, { devices: wanted.map((displayName) => ({ displayName })) });
    const order = (json(answer) as ImportAnswer).devices.map(({ displayName }) => displayName);
    expect(order.join() === wanted.join()).toBe(same);
    expect(new Set(order)).toEqual(new Set(wanted));
  });

  it("may leave the status unspecified", async () => {
    const simulator = await simulate({ behavior: { importedStatus: "UNSPECIFIED" } });
    const [device] = await importDevices(simulator, "a");
    expect(device?.enrollmentStatus).toBe("DEVICE_ENROLLMENT_STATUS_UNSPECIFIED");
  });

  it("may run out of time half way", async () => {
    const simulator = await simulate({ behavior: { importCapacity: 2 } });
    const devices = names(3).map((displayName) => ({ displayName }));
    expect((await importBody(simulator, { devices })).status).toBe(504);
    expect(simulator.devices().map(({ displayName }) => displayName)).toEqual(["device-0", "device-1"]);
  });
});
