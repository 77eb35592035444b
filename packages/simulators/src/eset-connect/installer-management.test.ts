import { describe, expect, it } from "vitest";
import { call, json, simulate } from "../../test/eset-connect-calls.js";
import type { EsetConnectBehavior, EsetConnectSimulator } from "./index.js";

const generate = "POST installerManagement/v1/gpo-sccm-files:generate";
const installers = "installerManagement/v1/installers";

const generated = async (simulator: EsetConnectSimulator, body: object = {}) =>
  (json(await call(simulator, generate, { body })) as { gpoSccmFile: string }).gpoSccmFile;

const inGroup = (securityGroupUuid: string) => ({ deviceEnrollmentSettings: { securityGroupUuid } });

const dynamicUuid = (simulator: EsetConnectSimulator) =>
  simulator.groups().find(({ membership }) => membership !== "static")?.uuid ?? "";

describe("gpo-sccm-files:generate", () => {
  it("gives bytes in padded base64 that no text decoding leaves alone", async () => {
    const simulator = await simulate();
    const file = await generated(simulator, {
      ...inGroup(simulator.groupUuids.mobileDevices),
      sendAnonymousDiagnosticData: true,
    });
    expect(file).toMatch(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
    const bytes = Buffer.from(file, "base64");
    expect(Buffer.from(bytes.toString("utf8")).equals(bytes)).toBe(false);
    expect(bytes.toString("latin1").split("\r\n")).toEqual(
      expect.arrayContaining([
        "[ERA_AGENT_PROPERTIES]",
        "P_ENABLE_TELEMETRY=1",
        `P_INITIAL_STATIC_GROUP=${simulator.groupUuids.mobileDevices}`,
      ]),
    );
    expect(simulator.deploymentFiles()).toMatchObject([{ gpoSccmFile: file }]);
  });

  it("gives another file each time, without a group if none was named", async () => {
    const simulator = await simulate();
    const [first, second] = [await generated(simulator), await generated(simulator)];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, "base64").toString("latin1")).not.toContain("P_INITIAL_STATIC_GROUP");
    expect(simulator.deploymentFiles()).toHaveLength(2);
  });

  it.each<[string, (simulator: EsetConnectSimulator) => object, Partial<EsetConnectBehavior>, number]>([
    ["no settings", () => ({}), {}, 200],
    ["empty settings", () => ({ deviceEnrollmentSettings: {} }), {}, 200],
    ["null settings", () => ({ deviceEnrollmentSettings: null }), {}, 200],
    ["the installers' field name", () => ({ deviceEnrollment: {} }), {}, 400],
    ["an unknown group", () => inGroup("unknown"), {}, 400],
    ["an unknown group", () => inGroup("unknown"), { unknownSecurityGroupStatus: 404 }, 404],
    ["a dynamic group", (simulator) => inGroup(dynamicUuid(simulator)), {}, 400],
  ])("with %s", async (_what, body, behavior, status) => {
    const simulator = await simulate({ behavior });
    expect((await call(simulator, generate, { body: body(simulator) })).status).toBe(status);
    expect(simulator.deploymentFiles()).toHaveLength(status === 200 ? 1 : 0);
  });

  it("needs a body", async () => {
    expect((await call(await simulate(), generate)).status).toBe(400);
  });
});

describe("enrolling by a file", () => {
  it("puts any number of computers into the group of the file", async () => {
    const simulator = await simulate();
    const gpoSccmFile = await generated(simulator, inGroup(simulator.groupUuids.mobileDevices));
    for (const displayName of ["a", "b"]) simulator.enrollDevice({ gpoSccmFile, displayName });
    expect(simulator.devices()).toMatchObject(
      ["a", "b"].map((displayName) => ({
        displayName,
        isMobile: false,
        platform: "windows",
        enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_FINISHED",
        groupUuid: simulator.groupUuids.mobileDevices,
      })),
    );
  });

  it("finds the group by name if the file has none, else Lost&Found", async () => {
    const simulator = await simulate();
    const { mobileDevices, lostAndFound } = simulator.groupUuids;
    simulator.seed({ devices: [{ displayName: "known", parentGroupUuid: mobileDevices }] });
    const gpoSccmFile = await generated(simulator);
    expect(simulator.enrollDevice({ gpoSccmFile, displayName: "known" }).groupUuid).toBe(mobileDevices);
    expect(simulator.enrollDevice({ gpoSccmFile, displayName: "new" }).groupUuid).toBe(lostAndFound);
  });

  it("refuses a file that was not generated, or whose group is gone", async () => {
    const simulator = await simulate();
    const attempt = (gpoSccmFile: string) => () => simulator.enrollDevice({ gpoSccmFile, displayName: "a" });
    const [group] = simulator.seed({ groups: [{ displayName: "Gone" }] }).groups;
    const file = await generated(simulator, inGroup(group?.uuid ?? ""));
    await call(simulator, `DELETE assetManagement/v1/groups/${group?.uuid ?? ""}`);
    expect(attempt("AAAA")).toThrow("no such file");
    expect(attempt(file)).toThrow("group was deleted");
    expect(simulator.devices()).toEqual([]);
  });
});

interface InstallerAnswer {
  readonly installer: {
    readonly uuid: string;
    readonly downloadUrl: string;
    readonly expireTime: string;
    readonly usable: boolean;
  };
}

const create = async (simulator: EsetConnectSimulator, installer: object = {}, components: number[] = []) =>
  call(simulator, `POST ${installers}`, {
    body: {
      installer: { displayName: "Windows", operatingSystemFamilyId: 1, ...installer },
      requestedComponentIds: components,
    },
  });

describe("installers", () => {
  it("are made, listed, read and deleted", async () => {
    const simulator = await simulate();
    const deviceEnrollment = { securityGroupUuid: simulator.groupUuids.mobileDevices };
    const { installer } = json(await create(simulator, { deviceEnrollment }, [13, 19])) as InstallerAnswer;
    expect(installer).toMatchObject({
      deviceEnrollment,
      preferredLanguageCode: "en-us",
      createTime: "2026-09-20T10:00:00.000Z",
      expireTime: "2027-03-20T10:00:00.000Z",
      usable: true,
    });
    const one = `${installers}/${installer.uuid}`;
    expect(json(await call(simulator, `GET ${one}`))).toEqual({ installer });
    expect(json(await call(simulator, `GET ${installers}`))).toEqual({
      installers: [installer],
      nextPageToken: "",
      totalSize: 1,
    });
    expect((await call(simulator, `DELETE ${one}`)).text).toBe("{}");
    expect((await call(simulator, `GET ${one}`)).status).toBe(404);
    expect((await call(simulator, `DELETE ${one}`)).status).toBe(404);
  });

  it.each<[object, number[], number]>([
    [{ operatingSystemFamilyId: 3 }, [29, 30, 230, 231], 200],
    [{ operatingSystemFamilyId: 2 }, [], 400],
    [{ displayName: "" }, [], 400],
    [{}, [13, 14], 400],
    [{ deviceEnrollmentSettings: {} }, [], 400],
    [{ deviceEnrollment: { securityGroupUuid: "unknown" } }, [], 400],
  ])("of %j with components %j: %i", async (installer, components, status) => {
    const simulator = await simulate();
    expect((await create(simulator, installer, components)).status).toBe(status);
    expect(simulator.installers()).toHaveLength(status === 200 ? 1 : 0);
  });

  it("expire after six months", async () => {
    const simulator = await simulate();
    const { installer } = json(await create(simulator)) as InstallerAnswer;
    const total = async (usable: boolean) => {
      const answer = await call(simulator, `GET ${installers}?usable=${usable ? "true" : "false"}`);
      return (json(answer) as { totalSize: number }).totalSize;
    };
    const attempt = (platform: "windows" | "macos") => () =>
      simulator.enrollDevice({ downloadUrl: installer.downloadUrl, displayName: "a", platform });
    expect([await total(true), await total(false)]).toEqual([1, 0]);
    expect(attempt("macos")).toThrow("not for macos");
    expect(attempt("windows")()).toMatchObject({ platform: "windows", isMobile: false });
    simulator.clock.advance(Date.parse(installer.expireTime) - simulator.clock.now());
    expect([await total(true), await total(false)]).toEqual([0, 1]);
    expect(attempt("windows")).toThrow("expired");
    expect(simulator.devices()).toHaveLength(1);
  });
});
