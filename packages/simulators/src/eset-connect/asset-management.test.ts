import { describe, expect, it } from "vitest";
import { call, importDevices, issueLink, json, simulate } from "../../test/eset-connect-calls.js";
import type { EsetConnectSimulator, GroupSeed } from "./index.js";

interface GroupAnswer {
  readonly group: { readonly uuid: string; readonly displayName: string; readonly parentGroupUuid: string };
}

const seedGroup = (simulator: EsetConnectSimulator, seed: GroupSeed) =>
  simulator.seed({ groups: [seed] }).groups[0]?.uuid ?? "";

const dynamicUuid = (simulator: EsetConnectSimulator) =>
  simulator.groups().find(({ membership }) => membership !== "static")?.uuid ?? "";

describe("POST /v1/groups", () => {
  it("makes a static group that devices can be imported into", async () => {
    const simulator = await simulate();
    const body = { group: { displayName: "Sales", parentGroupUuid: simulator.groupUuids.mobileDevices } };
    const { group } = json(await call(simulator, "POST assetManagement/v1/groups", { body })) as GroupAnswer;
    expect(group).toMatchObject({ ...body.group, linkedEntityType: "DEVICE_GROUP_ENTITY_TYPE_UNSPECIFIED" });
    const imported = await call(simulator, "POST deviceManagement/v1/devices:batchImport", {
      body: { devices: [{ displayName: "a" }], parentGroupUuid: group.uuid },
    });
    expect(imported.status).toBe(200);
  });

  it.each<[(simulator: EsetConnectSimulator) => object, number]>([
    [() => ({ group: { displayName: "below All" } }), 200],
    [() => ({ group: { displayName: "" } }), 400],
    [() => ({ group: {} }), 400],
    [() => ({ displayName: "Sales" }), 400],
    [() => ({ group: { displayName: "All" } }), 400],
    [() => ({ group: { displayName: "Lost&Found" } }), 400],
    [() => ({ group: { displayName: "x", linkedEntityType: "DEVICE_GROUP_ENTITY_TYPE_SITE" } }), 400],
    [() => ({ group: { displayName: "x", parentGroupUuid: "unknown" } }), 404],
    [(simulator) => ({ group: { displayName: "x", parentGroupUuid: dynamicUuid(simulator) } }), 400],
  ])("case %#", async (body, status) => {
    const simulator = await simulate();
    const answer = await call(simulator, "POST assetManagement/v1/groups", { body: body(simulator) });
    expect(answer.status).toBe(status);
    expect(simulator.groups()).toHaveLength(status === 200 ? 5 : 4);
  });
});

describe("changing a group", () => {
  const tree = async () => {
    const simulator = await simulate();
    const parent = seedGroup(simulator, { displayName: "Parent" });
    const child = seedGroup(simulator, { displayName: "Child", parentGroupUuid: parent });
    const site = seedGroup(simulator, { displayName: "Site", linkedEntity: "SITE" });
    return { ...simulator.groupUuids, simulator, parent, child, site, unknown: "unknown" };
  };
  type Place = Exclude<keyof Awaited<ReturnType<typeof tree>>, "simulator">;

  it.each<[Place, Place, number]>([
    ["child", "mobileDevices", 200],
    ["parent", "site", 200],
    ["parent", "child", 400],
    ["parent", "parent", 400],
    ["all", "parent", 400],
    ["lostAndFound", "parent", 400],
    ["site", "parent", 400],
    ["child", "unknown", 404],
    ["unknown", "parent", 404],
  ])("moving %s below %s is %i", async (group, target, status) => {
    const { simulator, ...uuids } = await tree();
    const operation = `POST assetManagement/v1/groups/${uuids[group]}:move`;
    const answer = await call(simulator, operation, { body: { newParentUuid: uuids[target] } });
    expect(answer.status).toBe(status);
    if (status === 200) expect((json(answer) as GroupAnswer).group.parentGroupUuid).toBe(uuids[target]);
  });

  it.each<[Place, string, number]>([
    ["child", "Sales", 200],
    ["child", "", 400],
    ["child", "All", 400],
    ["all", "Sales", 400],
    ["lostAndFound", "Sales", 400],
    ["site", "Sales", 400],
    ["unknown", "Sales", 404],
  ])("renaming %s to %j is %i", async (group, displayName, status) => {
    const { simulator, ...uuids } = await tree();
    const operation = `POST assetManagement/v1/groups/${uuids[group]}:rename`;
    expect((await call(simulator, operation, { body: { displayName } })).status).toBe(status);
    const { displayName: now } = simulator.groups().find(({ uuid }) => uuid === uuids[group]) ?? {};
    expect(now === displayName).toBe(status === 200);
  });

  it.each<[Place, string, number]>([
    ["child", "", 200],
    ["child", "?releaseConsumedUnits=true", 200],
    ["child", "?releaseConsumedUnits=1", 400],
    ["all", "", 400],
    ["lostAndFound", "", 400],
    ["site", "", 400],
    ["unknown", "", 404],
  ])("deleting %s%s is %i", async (group, query, status) => {
    const { simulator, ...uuids } = await tree();
    const answer = await call(simulator, `DELETE assetManagement/v1/groups/${uuids[group]}${query}`);
    expect([answer.status, answer.text]).toEqual([status, status === 200 ? "{}" : ""]);
    expect(simulator.groups()).toHaveLength(status === 200 ? 6 : 7);
  });

  it("takes the groups below, their devices and the links along", async () => {
    const { simulator, parent, child } = await tree();
    const [kept] = await importDevices(simulator, "kept");
    const [lost] = simulator.seed({ devices: [{ displayName: "lost", parentGroupUuid: child }] }).devices;
    const link = await issueLink(simulator, lost?.uuid ?? "");
    await call(simulator, `DELETE assetManagement/v1/groups/${parent}`);
    expect(simulator.groups().map(({ uuid }) => uuid)).not.toContain(child);
    expect(simulator.devices().map(({ uuid }) => uuid)).toEqual([kept?.uuid]);
    expect((await call(simulator, `GET deviceManagement/v1/devices/${lost?.uuid ?? ""}`)).status).toBe(404);
    expect(simulator.enrollmentLinks().map(({ state }) => state)).toEqual(["ended"]);
    expect(() => simulator.enrollDevice({ link, platform: "android" })).toThrow("link ended");
  });
});
