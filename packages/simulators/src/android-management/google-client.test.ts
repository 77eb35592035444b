import { androidmanagement, auth, type androidmanagement_v1 } from "@googleapis/androidmanagement";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startAndroidManagementSimulator, type AndroidManagementSimulator } from "./index.js";

const parent = "enterprises/LC0default";
const scope = "https://www.googleapis.com/auth/androidmanagement";

let simulator: AndroidManagementSimulator;
let api: androidmanagement_v1.Androidmanagement;

const clientWith = (accessToken: string) => {
  const oauth = new auth.OAuth2();
  oauth.setCredentials({ access_token: accessToken });
  return androidmanagement({ version: "v1", auth: oauth, rootUrl: simulator.url });
};

beforeEach(async () => {
  simulator = await startAndroidManagementSimulator();
  api = clientWith(simulator.issueAccessToken());
});
afterEach(() => simulator.close());

describe("Google's official client", () => {
  it("creates, gets, lists and deletes a token", async () => {
    const { enrollmentTokens } = api.enterprises;
    const echoed = {
      policyName: `${parent}/policies/p1`,
      oneTimeOnly: true,
      allowPersonalUsage: "PERSONAL_USAGE_DISALLOWED",
      additionalData: '{"x":"é"}',
    };
    const requestBody = { ...echoed, duration: "3600s" };
    const created = await enrollmentTokens.create({ parent, requestBody });
    expect(created.status).toBe(200);
    expect(created.data).toMatchObject(echoed);
    expect(simulator.requests()[0]).toMatchObject({
      path: "/v1/enterprises/LC0default/enrollmentTokens",
      body: JSON.stringify(requestBody),
    });

    const name = created.data.name ?? "";
    const { value, qrCode } = (await enrollmentTokens.get({ name })).data;
    expect({ value, qrCode }).toEqual({ value: created.data.value, qrCode: created.data.qrCode });
    expect((await enrollmentTokens.list({ parent })).data.enrollmentTokens).toHaveLength(1);
    expect((await enrollmentTokens.delete({ name })).data).toEqual({});
    expect((await enrollmentTokens.list({ parent })).data).toEqual({});
  });

  it("walks over several pages", async () => {
    const seeded = simulator.seed({ enrollmentTokens: Array<object>(25).fill({}) }).enrollmentTokens;
    const names: (string | null | undefined)[] = [];
    let pages = 0;
    for (let pageToken: string | undefined = ""; pageToken !== undefined; pages += 1) {
      const fields = "enrollmentTokens(name),nextPageToken";
      const page: { data: androidmanagement_v1.Schema$ListEnrollmentTokensResponse } =
        await api.enterprises.enrollmentTokens.list({ parent, pageToken, fields });
      names.push(...(page.data.enrollmentTokens ?? []).map(({ name }) => name));
      pageToken = page.data.nextPageToken ?? undefined;
    }
    expect(pages).toBe(3);
    expect(names).toEqual(seeded.map(({ name }) => name));
  });

  it("reads devices and policies, and removes a device", async () => {
    await api.enterprises.policies.patch({
      name: `${parent}/policies/p1`,
      updateMask: "passwordRequirements,version",
      requestBody: {},
    });
    const { data } = await api.enterprises.enrollmentTokens.create({
      parent,
      requestBody: { policyName: `${parent}/policies/p1` },
    });
    simulator.enrollDevice(data.qrCode ?? "");
    const [device] = (await api.enterprises.devices.list({ parent })).data.devices ?? [];
    expect(device).toMatchObject({
      enrollmentTokenName: data.name,
      appliedPolicyName: `${parent}/policies/p1`,
    });
    await api.enterprises.devices.delete({
      name: device?.name ?? "",
      wipeDataFlags: ["WIPE_EXTERNAL_STORAGE", "PRESERVE_RESET_PROTECTION_DATA"],
    });
    expect(simulator.devices()).toEqual([]);
  });

  it("signs an organization up", async () => {
    const { projectId } = simulator;
    const { data } = await api.signupUrls.create({ projectId, callbackUrl: "https://a.example/cb" });
    const signupUrlName = data.name ?? "";
    const { enterpriseToken } = simulator.completeSignUp(signupUrlName);
    const created = await api.enterprises.create({
      projectId,
      signupUrlName,
      enterpriseToken,
      requestBody: {},
    });
    const listed = await api.enterprises.list({ projectId, pageSize: 100 });
    expect(listed.data.enterprises?.map(({ name }) => name)).toEqual([parent, created.data.name]);
  });

  const failures: readonly [number, string, () => Promise<unknown>, RegExp][] = [
    [
      400,
      "INVALID_ARGUMENT",
      () => api.enterprises.enrollmentTokens.create({ parent, requestBody: { duration: "1h" } }),
      /^Invalid value at 'enrollment_token\.duration'/,
    ],
    [
      401,
      "UNAUTHENTICATED",
      () => clientWith("ya29.unknown").enterprises.get({ name: parent }),
      /invalid authentication credentials/,
    ],
    [
      403,
      "PERMISSION_DENIED",
      () => api.enterprises.enrollmentTokens.list({ parent: "enterprises/LCnobody00" }),
      /^Caller is not authorized to manage enterprise\.$/,
    ],
    [
      404,
      "NOT_FOUND",
      () => api.enterprises.enrollmentTokens.get({ name: `${parent}/enrollmentTokens/unknown` }),
      /^Requested entity was not found\.$/,
    ],
  ];
  it.each(failures)("makes an error of %i %s", async (code, status, send, message) => {
    await expect(send()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      response: { status: code, data: { error: { code, status } } },
    });
  });

  it("shows the page of a path that no method has", async () => {
    const name = `${parent}/enrollmentTokens/a/b`;
    await expect(api.enterprises.enrollmentTokens.get({ name })).rejects.toMatchObject({
      code: "404",
      message: expect.stringContaining("<!DOCTYPE html>") as string,
      response: { data: expect.any(String) as string },
    });
  });

  it("takes the service-account key to the token endpoint once", async () => {
    const google = new auth.GoogleAuth({ credentials: { ...simulator.credentials }, scopes: [scope] });
    const jwt = await google.getClient();
    // The client ignores the key's token_uri and always calls Google's own address.
    const { transporter } = jwt;
    const send = transporter.request.bind(transporter) as (options: { url?: string }) => Promise<unknown>;
    Object.assign(transporter, {
      request: (options: { url?: string }) =>
        send(options.url?.includes("oauth2") === true ? { ...options, url: simulator.tokenUrl } : options),
    });
    const client = androidmanagement({ version: "v1", auth: google, rootUrl: simulator.url });
    await client.enterprises.get({ name: parent });
    await client.enterprises.get({ name: parent });
    expect(simulator.stats()).toMatchObject({ tokenCalls: 1, byStatus: { 200: 3 } });
  });
});
