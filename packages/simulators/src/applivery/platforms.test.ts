import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerOf, type Caller } from "../../test/applivery-caller.js";
import { manualClock } from "../base/clock.js";
import { startAppliverySimulator, type AppliveryPlatform, type AppliverySimulator } from "./index.js";

const pathOf = (platform: AppliveryPlatform) => `/mdm/${platform}/enterprise/enrollment-tokens`;
const hexadecimal = expect.stringMatching(/^[a-f0-9]{24}$/) as string;
let simulator: AppliverySimulator;
let call: Caller;
let mdmUserId: string;

beforeEach(async () => {
  simulator = await startAppliverySimulator({ clock: manualClock() });
  call = callerOf(simulator.credentials);
  mdmUserId = simulator.seed({ users: [{ email: "ana@example.com" }] }).users[0]?.id ?? "";
});
afterEach(() => simulator.close());

const policyOf = (platform: AppliveryPlatform) =>
  simulator.policies().find((policy) => policy.platform === platform)?.id ?? "";

describe("Windows tokens", () => {
  const create = (members: object = {}) =>
    call("POST", pathOf("windows"), { sendEmail: true, mdmUserId, ...members });

  it("are spelled with names of their own", async () => {
    const policyId = policyOf("windows");
    const { data } = await create({
      winPolicyId: policyId,
      winPolicyAssignments: [{ winPolicyId: policyId, priority: 5 }],
    });
    const [enrollment] = simulator.enrollments();
    expect(data).toEqual({
      id: hexadecimal,
      organizationId: simulator.credentials.organizationId,
      winEnterpriseId: hexadecimal,
      mdmUser: { id: mdmUserId, email: "ana@example.com" },
      displayName: "",
      tags: [],
      state: "PENDING",
      config: {},
      type: "windows",
      subType: "enrollment",
      createdAt: "2026-09-20T10:00:00.000Z",
      updatedAt: "2026-09-20T10:00:00.000Z",
      expireAt: "2026-09-21T10:00:00.000Z",
      summary: { expirationTimestamp: "2026-09-21T10:00:00.000Z" },
      enrollmentLink: `${simulator.url}/enroll?token=${enrollment?.code ?? ""}`,
      enrollCode: enrollment?.code,
      winPolicyId: policyId,
      winPolicyAssignments: [
        { winPolicyId: policyId, winPolicy: { id: policyId, name: "Standard" }, priority: 5 },
      ],
      segmentId: "0",
      sendEmail: true,
      emailText: "",
    });
  });

  it.each(["profiles", "applications", "admVppLocationId", "policyId", "admPolicyAssignments"])(
    "know no %s",
    async (member) => {
      expect(await create({ [member]: [] })).toMatchObject({
        status: 400,
        error: { message: `"${member}" is not allowed` },
      });
    },
  );

  it("print other types by switch", async () => {
    simulator.behavior.tokenTypes = "printed";
    expect((await create()).data).toMatchObject({ type: "enrollment", subType: "standard" });
  });

  it("are listed, read, updated, deleted and made in bulk apart from Apple's", async () => {
    const path = pathOf("windows");
    const { data } = await create({ winPolicyId: policyOf("windows") });
    expect(
      (await call("POST", `${path}/bulk`, { sendEmail: false, userEmails: ["b@example.com"] })).data,
    ).toEqual({
      total: 1,
      success: 1,
      fail: 0,
    });
    expect((await call("GET", path)).data.totalDocs).toBe(2);
    expect((await call("GET", `${path}?win-policy=${policyOf("windows")}`)).data.totalDocs).toBe(1);
    expect((await call("GET", pathOf("apple"))).data.totalDocs).toBe(0);
    expect((await call("GET", `${pathOf("apple")}/${data.id}`)).status).toBe(404);
    expect((await call("GET", `${path}/${data.id}`)).data).toEqual(data);
    expect((await call("PUT", `${path}/${data.id}`, { winPolicyId: "" })).data).toMatchObject({
      winPolicyId: null,
    });
    expect((await call("DELETE", `${path}/${data.id}`)).data.state).toBe("DELETED");
  });
});

describe("AOSP tokens", () => {
  const create = (members: object = {}) =>
    call("POST", pathOf("aosp"), { managementMode: "DEVICE_OWNER", duration: 600, ...members });

  it("are spelled with names of their own", async () => {
    const { data } = await create({
      mdmUserId,
      displayName: "x".repeat(256),
      dpcBuildTag: "stable",
      aosPolicyAssignments: [{ aosPolicyId: policyOf("aosp"), priority: 1 }],
    });
    expect(data).toEqual({
      id: hexadecimal,
      organizationId: simulator.credentials.organizationId,
      aosEnterpriseId: hexadecimal,
      segmentId: 0,
      mdmUserId,
      mdmUser: { id: mdmUserId, email: "ana@example.com" },
      type: "aosp",
      subType: "enrollment",
      status: "PENDING",
      state: "PENDING",
      summary: { managementMode: "DEVICE_OWNER", expirationTimestamp: "2026-09-20T10:10:00.000Z" },
      managementMode: "DEVICE_OWNER",
      perpetual: false,
      aosPolicyAssignments: [
        { aosPolicyId: policyOf("aosp"), aosPolicy: { id: policyOf("aosp"), name: "Standard" }, priority: 1 },
      ],
      displayName: "x".repeat(256),
      tags: [],
      dpcBuildTag: "stable",
      config: {
        oneTimeToken: expect.stringMatching(/^[A-Z0-9]{9}$/) as string,
        enrollmentHost: new URL(simulator.url).host,
        qrCode: {},
      },
      updatedAt: "2026-09-20T10:00:00.000Z",
      createdAt: "2026-09-20T10:00:00.000Z",
    });
  });

  it.each<[string, object, number]>([
    ["neither owner nor e-mail", {}, 200],
    ["no managementMode", { managementMode: undefined }, 400],
    ["another managementMode", { managementMode: "PROFILE_OWNER" }, 400],
    ["no duration", { duration: undefined }, 400],
    ["no duration, perpetual", { duration: undefined, perpetual: true }, 200],
    ["a duration of nothing", { duration: 0 }, 200],
    ["a negative duration", { duration: -1 }, 400],
    ["a duration beyond every calendar", { duration: 2 ** 52 }, 400],
    ["a name that is too long", { displayName: "x".repeat(257) }, 400],
    ["a build tag that is too long", { dpcBuildTag: "x".repeat(257) }, 400],
    ["a language of the list", { language: "ru" }, 200],
    ["a single policy", { policyId: "" }, 400],
  ])("with %s", async (_, members, status) => {
    expect((await create(members)).status).toBe(status);
  });

  it("are listed by state, deleted and made in bulk", async () => {
    const path = pathOf("aosp");
    const { data: first } = await create({ duration: 0 });
    const { data: second } = await create();
    await create();
    await call("DELETE", `${path}/${second.id}`);
    const body = { managementMode: "DEVICE_OWNER", perpetual: true, userEmails: ["b@example.com"] };
    expect((await call("POST", `${path}/bulk`, body)).data).toMatchObject({ success: 1 });
    const totalAt = async (query: string) => (await call("GET", `${path}?${query}`)).data.totalDocs;
    expect((await call("GET", `${path}?status=EXPIRED`)).data.items).toMatchObject([{ id: first.id }]);
    expect(await totalAt("")).toBe(3);
    expect(await totalAt("status=PENDING")).toBe(2);
    expect(await totalAt("status=EXPIRED&status=DELETED")).toBe(2);
    expect(await totalAt("status=EXPIRED,PENDING")).toBe(3);
  });

  it("name the agent builds in use", async () => {
    await create({ dpcBuildTag: "stable" });
    await create({ dpcBuildTag: "beta" });
    await create({ dpcBuildTag: "stable" });
    await create();
    expect((await call("GET", `${pathOf("aosp")}/dpc-build-tags`)).data.items).toEqual([
      { value: "stable" },
      { value: "beta" },
    ]);
  });

  it("are neither read one by one nor updated", async () => {
    const { data } = await create();
    expect((await call("GET", `${pathOf("aosp")}/${data.id}`)).status).toBe(404);
    expect((await call("PUT", `${pathOf("aosp")}/${data.id}`, {})).status).toBe(404);
  });
});
