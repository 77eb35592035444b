import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callOf } from "../../test/android-management-calls.js";
import { manualClock } from "../base/clock.js";
import { startAndroidManagementSimulator, type AndroidManagementSimulator } from "./index.js";

let simulator: AndroidManagementSimulator;
const enterprise = "/v1/enterprises/LC0default";

beforeEach(async () => {
  simulator = await startAndroidManagementSimulator({ clock: manualClock() });
});
afterEach(() => simulator.close());

const call = (method: string, path: string, body?: object) => callOf(simulator, method, path, body);
const statusOf = async (method: string, path: string, body?: object) =>
  (await call(method, path, body)).status;

describe("enterprises", () => {
  it("can be read and listed by their project", async () => {
    simulator.seed({ enterprises: [{ id: "LC1second0", enterpriseDisplayName: "Acme" }] });
    expect((await call("GET", enterprise)).body).toMatchObject({
      name: "enterprises/LC0default",
      enabledNotificationTypes: ["ENROLLMENT", "STATUS_REPORT"],
    });
    const { body } = await call("GET", `/v1/enterprises?projectId=${simulator.projectId}&view=BASIC`);
    expect(body).toEqual({
      enterprises: [
        { name: "enterprises/LC0default", enterpriseDisplayName: "EnrollKit Simulator" },
        { name: "enterprises/LC1second0", enterpriseDisplayName: "Acme" },
      ],
    });
    simulator.deleteEnterprise("LC1second0");
    const left = await call("GET", `/v1/enterprises?projectId=${simulator.projectId}&pageSize=1`);
    expect(left.body).not.toHaveProperty("nextPageToken");
  });

  it.each(["/v1/enterprises", "/v1/enterprises?projectId=nobodys"])(
    "%s is nobody's project",
    async (path) => {
      const { status, body } = await call("GET", path);
      expect(status).toBe(403);
      expect(body).toMatchObject({ error: { message: "Caller is not authorized to manage project." } });
    },
  );

  it.each([
    ["?updateMask=enterpriseDisplayName", { enterpriseDisplayName: "New", primaryColor: 1 }, "New", true],
    ["?updateMask=enterprise_display_name", { enterpriseDisplayName: "New" }, "New", true],
    ["?updateMask=primaryColor", { primaryColor: 1 }, "EnrollKit Simulator", true],
    ["", { enterpriseDisplayName: "New" }, "New", false],
  ])("PATCH %s %j", async (query, input, name, topicKept) => {
    const { status, body } = await call("PATCH", `${enterprise}${query}`, input);
    expect(status).toBe(200);
    expect(body["enterpriseDisplayName"]).toBe(name);
    expect("pubsubTopic" in body).toBe(topicKept);
  });

  it("announce a new topic with a test message", async () => {
    await call("PATCH", `${enterprise}?updateMask=pubsubTopic`, { pubsubTopic: "projects/p/topics/t" });
    expect(simulator.notifications().map(({ message }) => message.attributes)).toEqual([
      { notificationType: "test" },
    ]);
    expect(simulator.notifications()[0]?.message).not.toHaveProperty("data");
  });

  it.each([
    { pubsubTopic: "t" },
    { enterpriseDisplayName: "x".repeat(101) },
    { enabledNotificationTypes: ["X"] },
  ])("refuse %.40j", async (input) => {
    expect(await statusOf("PATCH", enterprise, input)).toBe(400);
  });

  it("can be deleted only when the EMM manages them", async () => {
    simulator.seed({ enterprises: [{ id: "LC1emm0000", managedBy: "emm" }] });
    expect(await call("DELETE", enterprise)).toMatchObject({
      status: 400,
      body: { error: { status: "FAILED_PRECONDITION" } },
    });
    expect(await call("DELETE", "/v1/enterprises/LC1emm0000")).toEqual({ status: 200, body: {} });
    expect(await statusOf("GET", "/v1/enterprises/LC1emm0000")).toBe(403);
  });
});

describe("sign-up", () => {
  const signUp = () =>
    call("POST", `/v1/signupUrls?projectId=${simulator.projectId}&callbackUrl=https%3A%2F%2Fa.example%2Fcb`);
  const createWith = (query: Record<string, string>) =>
    call(
      "POST",
      `/v1/enterprises?${new URLSearchParams({ projectId: simulator.projectId, ...query }).toString()}`,
      {
        enterpriseDisplayName: "Acme",
      },
    );

  it("leads to an enterprise once", async () => {
    const { body } = await signUp();
    const name = String(body["name"]);
    expect(name).toMatch(/^signupUrls\/C/);
    expect(body["url"]).toMatch(/^https:/);
    expect((await createWith({ signupUrlName: name, enterpriseToken: "EA" })).status).toBe(400);
    const { callbackUrl, enterpriseToken } = simulator.completeSignUp(name);
    expect(callbackUrl).toBe(`https://a.example/cb?enterpriseToken=${enterpriseToken}`);
    const created = await createWith({ signupUrlName: name, enterpriseToken });
    expect(created.body).toEqual({
      name: expect.stringMatching(/^enterprises\/LC[a-z0-9]{8}$/) as string,
      enterpriseDisplayName: "Acme",
    });
    expect((await createWith({ signupUrlName: name, enterpriseToken })).status).toBe(400);
    expect(await statusOf("DELETE", `/v1/${String(created.body["name"])}`)).toBe(400);
    expect(() => simulator.completeSignUp(name)).toThrow("no such sign-up");
  });

  it("is not needed for an enterprise of the EMM's own", async () => {
    const { body } = await createWith({});
    expect(await statusOf("DELETE", `/v1/${String(body["name"])}`)).toBe(200);
  });

  it.each([
    ["projectId=nobodys&callbackUrl=https%3A%2F%2Fa.example", 403],
    ["projectId=enrollkit-simulator", 400],
  ])("refuses %s with %i", async (query, status) => {
    expect(await statusOf("POST", `/v1/signupUrls?${query}`)).toBe(status);
  });
});

describe("sign-in details", () => {
  const detail = { signinUrl: "https://a.example/sign-in", allowPersonalUsage: "PERSONAL_USAGE_ALLOWED" };
  const patch = (signinDetails: readonly object[]) =>
    call("PATCH", `${enterprise}?updateMask=signinDetails`, { signinDetails });

  it("get a token that stays with their key, and one default", async () => {
    const first = (await patch([detail])).body["signinDetails"] as Record<string, string>[];
    expect(first).toMatchObject([{ ...detail, defaultStatus: "SIGNIN_DETAIL_IS_DEFAULT" }]);
    expect(first[0]?.["qrCode"]).toContain(first[0]?.["signinEnrollmentToken"]);
    const tagged = { ...detail, tokenTag: "b", defaultStatus: "SIGNIN_DETAIL_IS_DEFAULT" };
    const second = (await patch([detail, tagged])).body["signinDetails"] as Record<string, string>[];
    expect(second.map((each) => each["defaultStatus"])).toEqual([
      "SIGNIN_DETAIL_IS_NOT_DEFAULT",
      "SIGNIN_DETAIL_IS_DEFAULT",
    ]);
    expect(second[0]?.["signinEnrollmentToken"]).toBe(first[0]?.["signinEnrollmentToken"]);
    expect(second[1]?.["signinEnrollmentToken"]).not.toBe(first[0]?.["signinEnrollmentToken"]);
    expect((await patch([])).body).not.toHaveProperty("signinDetails");
  });

  it.each([
    ["twice the same key", [detail, { ...detail, defaultStatus: "SIGNIN_DETAIL_IS_DEFAULT" }]],
    [
      "two defaults",
      ["a", "b"].map((tokenTag) => ({ ...detail, tokenTag, defaultStatus: "SIGNIN_DETAIL_IS_DEFAULT" })),
    ],
    ["an unknown name", [{ ...detail, policyName: "x" }]],
  ])("refuse %s as a whole", async (_, signinDetails) => {
    expect((await patch(signinDetails)).status).toBe(400);
    expect((await call("GET", enterprise)).body).not.toHaveProperty("signinDetails");
  });
});

describe("web tokens", () => {
  it("are for https pages", async () => {
    const path = `${enterprise}/webTokens`;
    const enabledFeatures = ["ZERO_TOUCH_CUSTOMER_MANAGEMENT"];
    const { body } = await call("POST", path, { parentFrameUrl: "https://a.example", enabledFeatures });
    expect(body).toMatchObject({ enabledFeatures, value: expect.any(String) as string });
    expect(await statusOf("POST", path, { parentFrameUrl: "http://a.example" })).toBe(400);
    expect(
      await statusOf("POST", path, { parentFrameUrl: "https://a.example", enabledFeatures: ["X"] }),
    ).toBe(400);
  });
});

describe("provisioning information", () => {
  it("is read by the id that the sign-in page was given", async () => {
    const info = { brand: "google", model: "Pixel 8", serialNumber: "SN1" };
    const [name = ""] = simulator.seed({ provisioningInfo: [info] }).provisioningInfo;
    const { body } = await call("GET", `/v1/${name}`);
    expect(body).toEqual({ ...info, name, enterprise: "enterprises/LC0default" });
    expect(await statusOf("GET", "/v1/provisioningInfo/unknown")).toBe(404);
    simulator.deleteEnterprise();
    expect(await statusOf("GET", `/v1/${name}`)).toBe(403);
  });
});
