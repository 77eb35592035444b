import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerOf, seedEnrollment as seedOne, type Caller } from "../../test/applivery-caller.js";
import { manualClock } from "../base/clock.js";
import {
  startAppliverySimulator,
  type AppliveryBehavior,
  type AppliveryEnrollmentSeed,
  type AppliverySimulator,
} from "./index.js";

let simulator: AppliverySimulator;
let call: Caller;

beforeEach(async () => {
  simulator = await startAppliverySimulator({ clock: manualClock() });
  call = callerOf(simulator.credentials);
});
afterEach(() => simulator.close());

const seedEnrollment = (members?: Partial<AppliveryEnrollmentSeed>) => seedOne(simulator, members);

describe("the list of everything", () => {
  const setUp = () => {
    const [first, second] = [
      seedEnrollment({ displayName: "Ana – iPhone", tags: ["sales", "corr:1"] }),
      seedEnrollment({ displayName: "Ana – PC", platform: "windows", tags: ["corr:1"] }),
    ];
    simulator.clock.advance(1000);
    simulator.enrollDevice({
      linkOrCode: first.code,
      serialNumber: "C02",
      imei: "356938035643809",
      osVersion: "19.0",
    });
    seedEnrollment({ email: "luis@example.com", displayName: "Luis", tags: ["sales"] });
    simulator.seed({ devices: [{ serialNumber: "D01", automated: true }] });
    return { first, second };
  };
  const shown = async (query: string) =>
    (await call("GET", `/mdm/devices?${query}`)).data.items.map((item) => {
      const { subType, displayName } = item as unknown as { subType: string; displayName: string };
      return `${subType} ${displayName}`.trim();
    });

  it.each([
    ["", ["enrollment Ana – PC", "device Ana – iPhone", "enrollment Luis", "device"]],
    [
      "showAll=true",
      ["enrollment Ana – iPhone", "enrollment Ana – PC", "device Ana – iPhone", "enrollment Luis", "device"],
    ],
    ["sort=createdAt:desc&limit=2", ["device", "enrollment Luis"]],
    ["subType=device", ["device Ana – iPhone", "device"]],
    ["subType=enrollment", ["enrollment Ana – PC", "enrollment Luis"]],
    ["type=windows", ["enrollment Ana – PC"]],
    ["type=android", []],
    ["tags=corr:1", ["enrollment Ana – PC", "device Ana – iPhone"]],
    ["tags=corr:1&tags=sales", ["device Ana – iPhone"]],
    ["tags=corr:2", []],
    ["state=PENDING", ["enrollment Ana – PC", "enrollment Luis"]],
    ["state=ENROLLED&type=apple", ["device Ana – iPhone", "device"]],
    ["serialNumber=C02", ["device Ana – iPhone"]],
    ["imei=356938035643809", ["device Ana – iPhone"]],
    ["osVersion=18.0", []],
    ["onlyAdmDep=true", ["device"]],
    ["name=iphone", ["device Ana – iPhone"]],
    ["search=luis@", ["enrollment Luis"]],
    ["search=d01", ["device"]],
  ])("?%s shows %j", async (query, expected) => {
    setUp();
    expect(await shown(query)).toEqual(expected);
  });

  it.each(["type=ios", "subType=token", "mdmUserId=ana", "policyId=x", "showAll=2", "onlyAdmDep=2"])(
    "?%s is a 400",
    async (query) => {
      expect((await call("GET", `/mdm/devices?${query}`)).status).toBe(400);
    },
  );

  it("filters by owner and by policy", async () => {
    const policyId = simulator.policies().find(({ platform }) => platform === "apple")?.id ?? "";
    const { user } = seedEnrollment({ displayName: "mine", policyId });
    seedEnrollment({ displayName: "theirs", email: "luis@example.com" });
    expect(await shown(`mdmUserId=${user?.id ?? ""}`)).toEqual(["enrollment mine"]);
    expect(await shown(`policyId=${policyId}`)).toEqual(["enrollment mine"]);
  });

  it("shows whose a token is, and its link by switch", async () => {
    const { second } = setUp();
    const path = "/mdm/devices?type=windows";
    const [item] = (await call("GET", path)).data.items;
    expect(item).toEqual({
      id: second.id,
      type: "windows",
      subType: "enrollment",
      state: "PENDING",
      organization: simulator.credentials.organizationId,
      organizationInfo: { id: simulator.credentials.organizationId, name: "Acme" },
      mdmUser: { id: second.user?.id, email: "ana@example.com" },
      displayName: "Ana – PC",
      tags: ["corr:1"],
      segmentId: 0,
      createdAt: "2026-09-20T10:00:00.000Z",
      updatedAt: "2026-09-20T10:00:00.000Z",
      expireAt: "2026-09-21T10:00:00.000Z",
      enrollmentLink: second.link,
      enrollCode: second.code,
    });
    simulator.behavior.linksInDeviceList = false;
    const [bare] = (await call("GET", path)).data.items;
    expect(bare).not.toHaveProperty("enrollmentLink");
    expect(bare).not.toHaveProperty("enrollCode");
  });

  it.each<[AppliveryBehavior["tagsFilter"], number[]]>([
    ["any", [1, 1, 1]],
    ["repeated", [1, 0, 3]],
    ["comma", [2, 1, 3]],
    ["brackets", [3, 3, 1]],
    ["ignored", [3, 3, 3]],
  ])("understands tags spelled %s by switch", async (tagsFilter, expected) => {
    simulator.behavior.tagsFilter = tagsFilter;
    seedEnrollment({ tags: ["a", "b"] });
    seedEnrollment({ tags: ["a"] });
    seedEnrollment();
    const totals = ["tags=a&tags=b", "tags=a,b", "tags[]=a&tags[]=b"].map(
      async (query) => (await call("GET", `/mdm/devices?${query}`)).data.totalDocs,
    );
    expect(await Promise.all(totals)).toEqual(expected);
  });
});

describe("Apple's devices", () => {
  const path = "/mdm/apple/enterprise/devices";

  it("are listed and found by id and by serial number", async () => {
    const policyId = simulator.policies().find(({ platform }) => platform === "apple")?.id ?? "";
    const enrollment = seedEnrollment({ policyId, tags: ["sales"] });
    const { id } = simulator.enrollDevice({ linkOrCode: enrollment.link, serialNumber: "C02" });
    const windows = seedEnrollment({ platform: "windows" });
    simulator.enrollDevice({ linkOrCode: windows.link, serialNumber: "W1" });
    const { data } = await call("GET", `${path}/C02`);
    expect(data).toMatchObject({
      id,
      admDevice: id,
      serialNumber: "C02",
      mdmUser: { email: "ana@example.com" },
      admPolicy: { id: policyId },
      enrollCode: enrollment.code,
    });
    expect((await call("GET", `${path}/${id}`)).data).toEqual(data);
    expect((await call("GET", path)).data.items).toEqual([data]);
    for (const query of [
      `mdm-user=${enrollment.user?.id ?? ""}`,
      `adm-policy=${policyId}`,
      "tags=sales",
      "segmentId=0",
    ]) {
      expect((await call("GET", `${path}?${query}`)).data.totalDocs).toBe(1);
    }
    expect((await call("GET", `${path}?segmentId=1`)).data.totalDocs).toBe(0);
  });

  it.each([
    ["W1", 404],
    ["C99", 404],
    ["a-b", 400],
  ])("%s is a %i", async (id, status) => {
    simulator.seed({ devices: [{ serialNumber: "W1", platform: "windows" }] });
    expect((await call("GET", `${path}/${id}`)).status).toBe(status);
  });
});
