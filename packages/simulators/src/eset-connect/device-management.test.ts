import { describe, expect, it } from "vitest";
import {
  call,
  importDevices,
  json,
  requestToken,
  simulate,
  type WireDevice,
} from "../../test/eset-connect-calls.js";
import type { EsetConnectBehavior, EsetConnectSimulator } from "./index.js";

interface DevicePage {
  readonly devices: readonly (WireDevice & { groupUuid?: string })[];
  readonly nextPageToken: string;
  readonly totalSize?: number;
}

const get = async (simulator: EsetConnectSimulator, target: string) => {
  const answer = await call(simulator, `GET deviceManagement/v1/${target}`);
  return { status: answer.status, body: json({ ...answer, text: answer.text || "{}" }) as DevicePage };
};

const namesOf = ({ devices }: DevicePage) => devices.map(({ displayName }) => displayName);

describe("GET /v1/devices", () => {
  it.each([
    ["", ["a", "b", "ab", "a"]],
    ["?displayNames=a", ["a", "a"]],
    ["?displayNames=ab&displayNames=a", ["a", "ab", "a"]],
    ["?displayNames=A", []],
    ["?functionalityStatus=DEVICE_FUNCTIONALITY_STATUS_OK", ["b"]],
    ["?isMuted=true", []],
    ["?isMuted=false", ["a", "b", "ab", "a"]],
  ])("%s lists %j", async (query, expected) => {
    const simulator = await simulate();
    const enrollmentStatus = "DEVICE_ENROLLMENT_STATUS_FINISHED";
    simulator.seed({
      devices: [
        { displayName: "a" },
        { displayName: "b", enrollmentStatus },
        { displayName: "ab" },
        { displayName: "a" },
      ],
    });
    expect(namesOf((await get(simulator, `devices${query}`)).body)).toEqual(expected);
  });

  it.each([
    ["?isMuted=yes", 400],
    ["?functionalityStatus=OK", 400],
    ["?displayName=a", 400],
    ["?displayNames%5B%5D=a", 400],
  ])("%s is %i", async (query, status) => {
    expect((await get(await simulate(), `devices${query}`)).status).toBe(status);
  });

  it.each<[EsetConnectBehavior["placeholdersInDeviceList"], string[]]>([
    ["shown", ["waiting", "enrolled"]],
    ["hidden", ["enrolled"]],
  ])("with placeholders %s lists %j", async (placeholdersInDeviceList, expected) => {
    const simulator = await simulate({ behavior: { placeholdersInDeviceList } });
    const enrollmentStatus = "DEVICE_ENROLLMENT_STATUS_FINISHED";
    simulator.seed({ devices: [{ displayName: "waiting" }, { displayName: "enrolled", enrollmentStatus }] });
    expect(namesOf((await get(simulator, "devices")).body)).toEqual(expected);
  });
});

describe("GET /v1/devices:batchGet", () => {
  it("answers in the order of the request", async () => {
    const simulator = await simulate();
    const [a, b] = await importDevices(simulator, "a", "b");
    const query = [b, a, b].map((device) => `devicesUuids=${device?.uuid ?? ""}`).join("&");
    expect(namesOf((await get(simulator, `devices:batchGet?${query}`)).body)).toEqual(["b", "a", "b"]);
  });

  it.each<[string, Partial<EsetConnectBehavior>, number]>([
    ["", {}, 400],
    ["?devicesUuids=", {}, 400],
    ["?deviceUuids=", {}, 400],
    ["?devicesUuids=KNOWN", {}, 200],
    ["?devicesUuids=KNOWN&devicesUuids=unknown", {}, 404],
    ["?devicesUuids=KNOWN&devicesUuids=unknown", { unknownBatchDeviceStatus: 400 }, 400],
  ])("%s with %j is %i", async (query, behavior, status) => {
    const simulator = await simulate({ behavior });
    const [device] = await importDevices(simulator, "a");
    const target = `devices:batchGet${query.replace("KNOWN", device?.uuid ?? "")}`;
    expect((await get(simulator, target)).status).toBe(status);
  });
});

describe("changing a device", () => {
  it.each<[string, (simulator: EsetConnectSimulator) => object, number]>([
    ["move", ({ groupUuids }) => ({ newParentUuid: groupUuids.lostAndFound }), 200],
    ["move", () => ({ newParentUuid: "unknown" }), 404],
    ["move", () => ({}), 400],
    ["rename", () => ({ displayName: "new" }), 200],
    ["rename", () => ({ displayName: "" }), 400],
    ["delete", () => ({}), 404],
    ["update", () => ({ isMobile: true }), 404],
  ])(":%s", async (verb, body, status) => {
    const simulator = await simulate();
    const [device] = await importDevices(simulator, "old");
    const operation = `POST deviceManagement/v1/devices/${device?.uuid ?? ""}:${verb}`;
    expect((await call(simulator, operation, { body: body(simulator) })).status).toBe(status);
    expect(simulator.devices()).toMatchObject([
      {
        displayName: verb === "rename" && status === 200 ? "new" : "old",
        groupUuid: simulator.groupUuids[verb === "move" && status === 200 ? "lostAndFound" : "mobileDevices"],
        version: status === 200 ? 2 : 1,
      },
    ]);
  });

  it("is found under the new name and in the new group", async () => {
    const simulator = await simulate();
    const [device] = await importDevices(simulator, "old");
    const target = `POST deviceManagement/v1/devices/${device?.uuid ?? ""}`;
    const { lostAndFound, mobileDevices } = simulator.groupUuids;
    await call(simulator, `${target}:rename`, { body: { displayName: "new" } });
    await call(simulator, `${target}:move`, { body: { newParentUuid: lostAndFound } });
    expect(namesOf((await get(simulator, "devices?displayNames=old")).body)).toEqual([]);
    expect(namesOf((await get(simulator, "devices?displayNames=new")).body)).toEqual(["new"]);
    expect(namesOf((await get(simulator, `device_groups/${mobileDevices}/devices`)).body)).toEqual([]);
    expect(namesOf((await get(simulator, `device_groups/${lostAndFound}/devices`)).body)).toEqual(["new"]);
  });
});

describe("device groups", () => {
  it("come as a flat list, dynamic ones among them", async () => {
    const simulator = await simulate();
    const answer = await call(simulator, "GET deviceManagement/v1/device_groups");
    const { all, lostAndFound, mobileDevices } = simulator.groupUuids;
    const common = { linkedEntityType: "DEVICE_GROUP_ENTITY_TYPE_UNSPECIFIED", etag: '"1"' };
    expect(all).toBe("00000000-0000-0000-7001-000000000001");
    expect(json(answer)).toEqual({
      deviceGroups: [
        { ...common, uuid: all, displayName: "All", isSecurityGroup: true, parentGroupUuid: "" },
        { uuid: lostAndFound, displayName: "Lost&Found", isSecurityGroup: true, parentGroupUuid: all },
        { uuid: mobileDevices, displayName: "Mobile devices", isSecurityGroup: true, parentGroupUuid: all },
        { displayName: "Android and iOS", isSecurityGroup: false, parentGroupUuid: all },
      ].map((group) => expect.objectContaining(group) as object),
      nextPageToken: "",
    });
  });

  it("list members with three fields, once for each group that shows them", async () => {
    const simulator = await simulate();
    const { all, mobileDevices } = simulator.groupUuids;
    const [device] = await importDevices(simulator, "phone");
    simulator.seed({ devices: [{ displayName: "computer", isMobile: false }] });
    const dynamic = simulator.groups().find(({ membership }) => membership === "mobile-devices");
    const shown = { uuid: device?.uuid, displayName: "phone" };
    expect((await get(simulator, `device_groups/${mobileDevices}/devices`)).body).toEqual({
      devices: [{ ...shown, groupUuid: mobileDevices }],
      nextPageToken: "",
      totalSize: 1,
    });
    expect((await get(simulator, `device_groups/${all}/devices`)).body.totalSize).toBe(0);
    const { body } = await get(simulator, `device_groups/${all}/devices?recurseSubgroups=true`);
    expect(body.totalSize).toBe(3);
    expect(body.devices.filter(({ uuid }) => uuid === device?.uuid)).toEqual([
      { ...shown, groupUuid: mobileDevices },
      { ...shown, groupUuid: dynamic?.uuid },
    ]);
  });

  it("may show an imported device late", async () => {
    const simulator = await simulate({ behavior: { groupListingLagMilliseconds: 1000 } });
    await importDevices(simulator, "a");
    const target = `device_groups/${simulator.groupUuids.mobileDevices}/devices`;
    expect((await get(simulator, target)).body.totalSize).toBe(0);
    expect(namesOf((await get(simulator, "devices")).body)).toEqual(["a"]);
    simulator.clock.advance(1000);
    expect((await get(simulator, target)).body.totalSize).toBe(1);
  });

  it("show a user only what the user has rights on", async () => {
    const simulator = await simulate();
    const { mobileDevices, lostAndFound } = simulator.groupUuids;
    const [device] = await importDevices(simulator, "phone");
    const [other] = simulator.seed({ devices: [{ displayName: "lost" }] }).devices;
    simulator.seed({ apiUsers: [{ username: "u", password: "x", rights: [mobileDevices] }] });
    const form = { grant_type: "password", username: "u", password: "x" };
    const { access_token: token } = json(await requestToken(simulator, form)) as { access_token: string };
    const seen = async (target: string) => {
      const answer = await call(simulator, `GET deviceManagement/v1/${target}`, { token });
      return answer.status === 200 ? answer.text : answer.status;
    };
    expect(await seen("device_groups")).not.toContain(lostAndFound);
    expect(await seen("devices")).not.toContain("lost");
    expect(await seen(`devices/${device?.uuid ?? ""}`)).toContain("phone");
    expect(await seen(`devices/${other?.uuid ?? ""}`)).toBe(403);
    expect(await seen(`device_groups/${lostAndFound}/devices`)).toBe(403);
    expect(await seen("device_groups/unknown/devices")).toBe(404);
  });
});
