import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callTokens } from "../../test/android-management-calls.js";
import { manualClock } from "../base/clock.js";
import {
  startAndroidManagementSimulator,
  type AndroidManagementBehavior,
  type AndroidManagementSimulator,
} from "./index.js";

let simulator: AndroidManagementSimulator;
const tokens = "/v1/enterprises/LC0default/enrollmentTokens";

beforeEach(async () => {
  simulator = await startAndroidManagementSimulator({ clock: manualClock("2026-09-20T10:15:30.481Z") });
});
afterEach(() => simulator.close());

const call = (method: string, path: string, body?: string) => callTokens(simulator, method, path, body);
const create = (input: object = {}) => call("POST", tokens, JSON.stringify(input));
const set = (behavior: Partial<AndroidManagementBehavior>) => Object.assign(simulator.behavior, behavior);

describe("create", () => {
  it("answers 200 with what was given and what the server adds", async () => {
    const input = {
      policyName: "enterprises/LC0default/policies/warehouse",
      oneTimeOnly: true,
      allowPersonalUsage: "PERSONAL_USAGE_DISALLOWED",
      additionalData: '{"site":"BER-3"}',
    };
    const { status, body } = await create({ ...input, duration: "86400s" });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...input,
      name: expect.stringMatching(/^enterprises\/LC0default\/enrollmentTokens\/[\w-]{43}$/) as string,
      value: expect.stringMatching(/^[A-Z]{20}$/) as string,
      expirationTimestamp: "2026-09-21T10:15:30.481Z",
      qrCode: expect.any(String) as string,
    });
    expect(JSON.parse(body.qrCode ?? "")).toEqual({
      "android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME":
        "com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver",
      "android.app.extra.PROVISIONING_DEVICE_ADMIN_SIGNATURE_CHECKSUM":
        "I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg",
      "android.app.extra.PROVISIONING_DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION":
        "https://play.google.com/managed/downloadManagingApp?identifier=setup",
      "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE": {
        "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN": body.value,
      },
    });
  });

  const four = ["expirationTimestamp", "name", "qrCode", "value"];
  it.each<[string, string | undefined, readonly string[]]>([
    ["no body", undefined, []],
    ["an empty message", "{}", []],
    ["defaults, which are not echoed", '{"oneTimeOnly":false,"additionalData":"","policyName":""}', []],
    ["null, which is absent", '{"oneTimeOnly":null,"duration":null}', []],
    ["the unspecified usage", '{"allowPersonalUsage":"ALLOW_PERSONAL_USAGE_UNSPECIFIED"}', []],
    ["a usage by number", '{"allowPersonalUsage":2}', ["allowPersonalUsage"]],
    ["snake_case names", '{"one_time_only":true,"additional_data":"x"}', ["additionalData", "oneTimeOnly"]],
    ["output-only fields, which are ignored", '{"name":"x","value":"y","qrCode":"z"}', []],
    ["the deprecated user, which is ignored", '{"user":{"accountIdentifier":"x"}}', []],
    ["a bare policy id", '{"policyName":"kiosk"}', ["policyName"]],
    ["data that ends like an enum", '{"additionalData":"A_UNSPECIFIED"}', ["additionalData"]],
  ])("takes %s", async (_, body, echoed) => {
    const answer = await call("POST", tokens, body);
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).sort()).toEqual([...four, ...echoed].sort());
  });

  it.each([
    [{}, "2026-09-20T11:15:30.481Z"],
    [{ duration: "60s" }, "2026-09-20T10:16:30.481Z"],
    [{ duration: "90.5s" }, "2026-09-20T10:17:00.981Z"],
    [{ duration: "60.000000001s" }, "2026-09-20T10:16:30.481000001Z"],
    [{ duration: "60.519s" }, "2026-09-20T10:16:31Z"],
    [{ duration: "7776001s" }, "2026-12-19T10:15:31.481Z"],
    [{ duration: "315576000000s" }, "9999-12-31T23:59:59.999999999Z"],
  ])("%j ends at %s", async (input, expirationTimestamp) => {
    expect((await create(input)).body).toMatchObject({ expirationTimestamp });
  });

  const at = (field: string) => `Invalid value at 'enrollment_token.${field}'`;
  const durationAt = `${at("duration")} (type.googleapis.com/google.protobuf.Duration), Field 'duration',`;
  const vendor = "type.googleapis.com/google.android.devicemanagement.v1";
  it.each([
    ['{"duration":"1h"}', "duration", `${durationAt} Illegal duration format; duration must end with 's'`],
    ['{"duration":3600}', "duration", `${durationAt} Invalid data type for duration, value is 3600`],
    ['{"duration":"xs"}', "duration", `${durationAt} Invalid duration format, failed to parse seconds`],
    ['{"duration":"PT1Hs"}', "duration", `${durationAt} Invalid duration format, failed to parse seconds`],
    [
      '{"duration":"1.0000000001s"}',
      "duration",
      `${durationAt} Invalid duration format, failed to parse nano seconds`,
    ],
    ['{"duration":"315576000001s"}', "duration", `${durationAt} Duration value exceeds limits`],
    [
      '{"allowPersonalUsage":"PERSONAL_USAGE_UNSPECIFIED"}',
      "allow_personal_usage",
      `${at("allow_personal_usage")} (${vendor}.EnrollmentToken.AllowPersonalUsage), "PERSONAL_USAGE_UNSPECIFIED"`,
    ],
    ['{"oneTimeOnly":"true"}', "one_time_only", `${at("one_time_only")} (TYPE_BOOL), "true"`],
    ['{"additionalData":{"a":1}}', "additional_data", `${at("additional_data")} (TYPE_STRING), {"a":1}`],
    ['{"user":"x"}', "user", `${at("user")} (${vendor}.User), "x"`],
    [
      '{"foo":1}',
      "",
      `Invalid JSON payload received. Unknown name "foo" at 'enrollment_token': Cannot find field.`,
    ],
    [
      '{"googleAuthenticationOptions":{"email":1}}',
      "google_authentication_options",
      `Invalid JSON payload received. Unknown name "email" at 'enrollment_token.google_authentication_options': Cannot find field.`,
    ],
  ])("refuses %s as the front end does", async (body, field, message) => {
    const answer = await call("POST", tokens, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toEqual({
      code: 400,
      message,
      status: "INVALID_ARGUMENT",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          fieldViolations: [
            { field: field === "" ? "enrollment_token" : `enrollment_token.${field}`, description: message },
          ],
        },
      ],
    });
    expect(simulator.enrollments()).toEqual([]);
  });

  it("gives each bad field a line of its own", async () => {
    const { body } = await create({ duration: "1h", oneTimeOnly: 1 });
    expect(body.error?.message.split("\n")).toHaveLength(2);
  });

  it.each(['{"duration"', "[]", '"x"', "null"])("refuses the body %s", async (body) => {
    const answer = await call("POST", tokens, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error?.message).toMatch(/^Invalid JSON payload received\. /);
  });

  const required = { authenticationRequirement: "REQUIRED", requiredAccountEmail: "a@example.com" };
  it.each([
    [{ duration: "59.999999999s" }, 400],
    [{ duration: "0s" }, 400],
    [{ duration: "-3600s" }, 400],
    [{ additionalData: "x".repeat(1024) }, 200],
    [{ additionalData: "x".repeat(1025) }, 400],
    [{ additionalData: "😀".repeat(1024) }, 200],
    [{ googleAuthenticationOptions: { requiredAccountEmail: "a@example.com" } }, 400],
    [{ googleAuthenticationOptions: { ...required, authenticationRequirement: "OPTIONAL" } }, 400],
    [{ googleAuthenticationOptions: required }, 200],
    [{ policyName: "enterprises/LCother000/policies/default" }, 400],
    [{ policyName: "policies/default" }, 400],
    [{ policyName: "enterprises/LC0default/policies/default/x" }, 400],
    [{ policyName: "enterprises/LC0default/policies/missing" }, 200],
  ])("checks the meaning of %.60j: %i", async (input, status) => {
    const answer = await create(input);
    expect(answer.status).toBe(status);
    expect(answer.body.error?.details).toBeUndefined();
    expect(simulator.enrollments()).toHaveLength(status === 200 ? 1 : 0);
  });

  it.each<[Partial<AndroidManagementBehavior>, object, number]>([
    [{ missingPolicy: "invalid-argument" }, { policyName: "missing" }, 400],
    [{ missingPolicy: "not-found" }, { policyName: "missing" }, 404],
    [{ missingPolicy: "not-found" }, { policyName: "default" }, 200],
    [{ missingPolicy: "not-found" }, {}, 200],
    [{ barePolicyId: "invalid-argument" }, { policyName: "default" }, 400],
    [{ additionalDataUnit: "utf-16-units" }, { additionalData: "😀".repeat(513) }, 400],
  ])("with %j, %.40j answers %i", async (behavior, input, status) => {
    set(behavior);
    expect((await create(input)).status).toBe(status);
  });

  it.each<[AndroidManagementBehavior["createEcho"], readonly string[]]>([
    ["inputs", ["additionalData", ...four]],
    ["inputs-and-duration", ["additionalData", "duration", ...four]],
    ["nothing", four],
  ])("echoes %s", async (createEcho, members) => {
    set({ createEcho });
    const { body } = await create({ duration: "7200s", additionalData: "x" });
    expect(Object.keys(body).sort()).toEqual([...members].sort());
  });

  it("can stamp nanoseconds", async () => {
    set({ timestampPrecision: "nanoseconds" });
    const { body } = await create();
    expect(body.expirationTimestamp).toMatch(/^2026-09-20T11:15:30\.481\d{3}/);
  });
});
