import type { EnrollmentErrorCode } from "@enrollkit/core";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  allowLogin,
  createRuntime,
  device,
  errorOf,
  group,
  hosts,
  sampleBody,
  sampleRequest,
  settings,
} from "../test/nock-vendor.js";
import { createClient, type EsetConnectClient } from "./client.js";

interface Call {
  readonly name: string;
  readonly host: string;
  readonly method: "get" | "post";
  readonly path: string;
  readonly body?: object;
  readonly fixture: string;
  readonly effect: "repeatable" | "once";
  readonly run: (client: EsetConnectClient) => Promise<unknown>;
  readonly result: object;
}

const calls: readonly Call[] = [
  {
    name: "importDevices",
    host: hosts.devices,
    method: "post",
    path: "/v1/devices:batchImport",
    body: sampleRequest("import"),
    fixture: "import",
    effect: "once",
    run: (client) =>
      client.importDevices({
        devices: [
          { displayName: "pixel-anna", description: "loan device", isMobile: true },
          { displayName: "bad-one", isMobile: true },
        ],
        parentGroupUuid: group,
      }),
    result: {
      body: { devices: [{ uuid: device, displayName: "pixel-anna" }] },
      requestIds: ["id-of-the-call"],
    },
  },
  {
    name: "listDevices",
    host: hosts.devices,
    method: "get",
    path: "/v1/devices?displayNames=pixel-anna&displayNames=a%26b&pageSize=1000&pageToken=next",
    fixture: "devices",
    effect: "repeatable",
    run: (client) => client.listDevices({ displayNames: ["pixel-anna", "a&b"], pageToken: "next" }),
    result: { items: [{ uuid: device, isMobile: true, description: undefined }], next: undefined },
  },
  {
    name: "getDevices",
    host: hosts.devices,
    method: "get",
    path: `/v1/devices:batchGet?devicesUuids=${device}&devicesUuids=two`,
    fixture: "devices",
    effect: "repeatable",
    run: (client) => client.getDevices([device, "two"]),
    result: [{ uuid: device, parentGroupUuid: group }],
  },
  {
    name: "listDeviceGroups",
    host: hosts.devices,
    method: "get",
    path: "/v1/device_groups?pageSize=1",
    fixture: "device-groups",
    effect: "repeatable",
    run: (client) => client.listDeviceGroups({ pageSize: 1 }),
    result: {
      items: [{ displayName: "Phones" }, { parentGroupUuid: undefined }, { isSecurityGroup: false }],
    },
  },
  {
    name: "listGroupDevices",
    host: hosts.devices,
    method: "get",
    path: "/v1/device_groups/a%2Fb/devices?recurseSubgroups=true&pageSize=1000",
    fixture: "group-devices",
    effect: "repeatable",
    run: (client) => client.listGroupDevices("a/b", { subgroups: "included" }),
    result: { items: [{ uuid: device, displayName: "pixel-anna" }] },
  },
  {
    name: "getEnrollmentLinks",
    host: hosts.mobile,
    method: "post",
    path: "/v1/mobile-devices:batchGetEnrollmentLinks",
    body: sampleRequest("enrollment-links"),
    fixture: "enrollment-links",
    effect: "repeatable",
    run: (client) => client.getEnrollmentLinks([device]),
    result: { requestIds: ["id-of-the-call"] },
  },
  {
    name: "generateGpoSccmFile",
    host: hosts.installers,
    method: "post",
    path: "/v1/gpo-sccm-files:generate",
    body: sampleRequest("gpo-sccm-file"),
    fixture: "gpo-sccm-file",
    effect: "repeatable",
    run: (client) =>
      client.generateGpoSccmFile({
        sendAnonymousDiagnosticData: false,
        deviceEnrollmentSettings: { securityGroupUuid: group },
      }),
    result: { requestIds: ["id-of-the-call"] },
  },
];

const mock = ({ host, method, path, body }: Call) =>
  nock(host)[method](path, body as nock.RequestBodyMatcher);

beforeEach(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe.each(calls)("$name", (call) => {
  it("sends what the documentation says, and reads its sample", async () => {
    allowLogin();
    const scope = mock(call)
      .matchHeader("authorization", "Bearer sample-access-token")
      .reply(200, sampleBody(call.fixture), { "request-id": "id-of-the-call" });
    expect(await call.run(createClient(settings, createRuntime()))).toMatchObject(call.result);
    expect(scope.isDone()).toBe(true);
  });

  it.each<[number, EnrollmentErrorCode, EnrollmentErrorCode]>([
    [400, "invalid-request", "invalid-request"],
    [401, "unauthenticated", "unauthenticated"],
    [403, "forbidden", "forbidden"],
    [404, "not-found", "not-found"],
    [418, "unknown", "unknown"],
    [429, "rate-limited", "rate-limited"],
    [500, "unavailable", "outcome-unknown"],
    [502, "unavailable", "outcome-unknown"],
    [503, "unavailable", "outcome-unknown"],
    [504, "timeout", "outcome-unknown"],
  ])(
    "answers a lasting %i with %s, or with %s if it must not be repeated",
    async (status, repeatable, once) => {
      allowLogin();
      mock(call).times(10).reply(status, undefined, { "request-id": "id-of-the-call" });
      const error = await errorOf(call.run(createClient(settings, createRuntime())));
      expect(error).toMatchObject({
        code: call.effect === "once" ? once : repeatable,
        httpStatus: status,
        provider: "eset-connect",
        requestId: "id-of-the-call",
      });
    },
  );

  it("collects an answer that took too long with the id of the 202", async () => {
    allowLogin();
    const runtime = createRuntime();
    const seen: (string | undefined)[] = [];
    const answers: [number, object | undefined, Record<string, string>][] = [
      [202, undefined, { "response-id": "first" }],
      [202, undefined, { "response-id": "second" }],
      [202, undefined, {}],
      [200, sampleBody(call.fixture), { "request-id": "id-of-the-call" }],
    ];
    mock(call)
      .times(answers.length)
      .reply(function () {
        const id = this.req.headers["response-id"] as string | string[] | undefined;
        seen.push(Array.isArray(id) ? id[0] : id);
        const [status, body, headers] = answers[seen.length - 1] ?? [500, undefined, {}];
        return [status, body ?? "", headers];
      });
    expect(await call.run(createClient(settings, runtime))).toMatchObject(call.result);
    expect(seen).toEqual([undefined, "first", "second", "second"]);
    expect(runtime.clock.waits).toEqual(expect.arrayContaining([2000, 3000, 4500]));
  });

  it(`takes a 404 while it polls as ${call.effect === "once" ? "a lost answer" : "a reason to ask anew"}`, async () => {
    allowLogin();
    mock(call).reply(202, undefined, { "response-id": "stale" });
    mock(call).matchHeader("response-id", "stale").reply(404);
    const anew = mock(call)
      .matchHeader("response-id", (value) => (value as unknown) === undefined)
      .reply(200, sampleBody(call.fixture), { "request-id": "id-of-the-call" });
    const sent = call.run(createClient(settings, createRuntime()));
    if (call.effect === "once") {
      expect((await errorOf(sent)).code).toBe("outcome-unknown");
      expect(anew.isDone()).toBe(false);
    } else {
      expect(await sent).toMatchObject(call.result);
    }
  });

  it("takes a 504 at the end of polling as the vendor's giving up", async () => {
    allowLogin();
    mock(call).reply(202, undefined, { "response-id": "slow" });
    mock(call).matchHeader("response-id", "slow").reply(504);
    const anew = mock(call).reply(200, sampleBody(call.fixture), { "request-id": "id-of-the-call" });
    const sent = call.run(createClient(settings, createRuntime()));
    if (call.effect === "once") {
      expect((await errorOf(sent)).code).toBe("outcome-unknown");
      expect(anew.isDone()).toBe(false);
    } else {
      expect(await sent).toMatchObject(call.result);
    }
  });
});

describe("answers that leave fields out", () => {
  it.each([{}, { devices: null, errors: null }, { devices: [], errors: {} }])("reads %j", async (body) => {
    allowLogin();
    nock(hosts.devices).post("/v1/devices:batchImport").reply(200, body);
    const answer = await createClient(settings, createRuntime()).importDevices({ devices: [] });
    expect(answer.body).toEqual({ devices: [], errors: new Map() });
  });

  it.each([{}, { gpoSccmFile: "" }, { gpoSccmFile: "not base64!" }])("refuses the file %j", async (body) => {
    allowLogin();
    nock(hosts.installers).post("/v1/gpo-sccm-files:generate").reply(200, body);
    const error = await errorOf(createClient(settings, createRuntime()).generateGpoSccmFile({}));
    expect(error.code).toBe("protocol");
  });

  it("never reads the device identity token", async () => {
    allowLogin();
    nock(hosts.devices)
      .get(/batchGet/)
      .reply(200, sampleBody("devices"));
    const devices = await createClient(settings, createRuntime()).getDevices([device]);
    expect(devices).toHaveLength(1);
    expect(JSON.stringify(devices)).not.toContain("sample-device-identity-token");
  });
});
