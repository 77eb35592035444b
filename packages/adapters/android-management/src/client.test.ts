import { EnrollmentError } from "@enrollkit/core";
import nock from "nock";
import { describe, expect, it } from "vitest";
import {
  createProvider,
  enterprise,
  google,
  host,
  planEveryCall,
  refusal,
  tokenBody,
} from "../test/nock-google.js";
import type { AndroidManagementClient } from "./client.js";

planEveryCall();

const name = `${enterprise}/enrollmentTokens/t1`;

const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

const rejection = async (work: Promise<unknown>): Promise<EnrollmentError> => {
  try {
    await work;
  } catch (error) {
    if (EnrollmentError.is(error)) return error;
    throw error;
  }
  throw new Error("it did not reject");
};

describe("requests", () => {
  it("create sends the body as JSON, with the token", async () => {
    const body = { duration: "3600s", oneTimeOnly: true, additionalData: '{"x":"é"}' };
    google()
      .post(`/v1/${enterprise}/enrollmentTokens`, body)
      .matchHeader("content-type", /^application\/json/)
      .reply(200, tokenBody("t1", { policyName: "p", somethingNew: { a: [1] } }));
    const answer = await createProvider().provider.client.enrollmentTokens.create(body);
    expect(answer.body).toEqual(tokenBody("t1"));
  });

  it.each<[string, (client: AndroidManagementClient) => Promise<unknown>, string, string, object]>([
    ["get a token", (client) => client.enrollmentTokens.get(name), "GET", `/v1/${name}`, {}],
    ["delete a token", (client) => client.enrollmentTokens.delete(name), "DELETE", `/v1/${name}`, {}],
    [
      "get a policy whose id needs escaping",
      (client) => client.policies.get(`${enterprise}/policies/a b+c?d`),
      "GET",
      `/v1/${enterprise}/policies/a%20b%2Bc%3Fd`,
      { fields: "name" },
    ],
    [
      "get the enterprise",
      (client) => client.enterprise.get(),
      "GET",
      `/v1/${enterprise}`,
      { fields: "name,enterpriseDisplayName" },
    ],
  ])("%s", async (_name, call, method, path, query) => {
    google()
      .intercept(path, method)
      .query({ ...query })
      .reply(200, { name: "x" });
    await call(createProvider().provider.client);
  });

  it("another base URL is used as it is", async () => {
    nock("http://127.0.0.1:9000").get(`/amapi/v1/${name}`).reply(200, tokenBody("t1"));
    const { provider } = createProvider({ baseUrl: "http://127.0.0.1:9000/amapi/" });
    await provider.client.enrollmentTokens.get(name);
  });
});

describe("lists", () => {
  const lists = [
    ["enrollmentTokens", (client: AndroidManagementClient) => client.enrollmentTokens.list(), {}],
    [
      "devices",
      (client: AndroidManagementClient) => client.devices.list(),
      {
        fields:
          "devices(name,state,enrollmentTokenName,enrollmentTime,hardwareInfo(serialNumber,brand,model)),nextPageToken",
      },
    ],
    [
      "policies",
      (client: AndroidManagementClient) => client.policies.list(),
      { fields: "policies(name),nextPageToken" },
    ],
  ] as const;

  it.each(lists)("%s: page by page, 100 at a time", async (collection, list, mask) => {
    const path = `/v1/${enterprise}/${collection}`;
    google()
      .get(path)
      .query({ pageSize: 100, ...mask })
      .reply(200, { [collection]: [{ name: "a" }, { name: "b" }], nextPageToken: "CAE=" })
      .get(path)
      .query({ pageSize: 100, pageToken: "CAE=", ...mask })
      .reply(200, { [collection]: [], nextPageToken: "CAI=" })
      .get(path)
      .query({ pageSize: 100, pageToken: "CAI=", ...mask })
      .reply(200, { [collection]: [{ name: "c" }], nextPageToken: "" });
    const items = await collect<{ readonly name: string }>(list(createProvider().provider.client));
    expect(items.map((item) => item.name)).toEqual(["a", "b", "c"]);
  });

  it.each(lists)("%s: an empty list is an empty object", async (collection, list, mask) => {
    google()
      .get(`/v1/${enterprise}/${collection}`)
      .query({ pageSize: 100, ...mask })
      .reply(200, {});
    expect(await collect<unknown>(list(createProvider().provider.client))).toEqual([]);
  });
});

const violation = (field: string, description: string) =>
  refusal(400, "INVALID_ARGUMENT", description, [
    { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ field, description }] },
  ]);

const info = (reason: string) => [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason }];

const sameToBoth = (code: string): [string, string] => [code, code];

/** An answer, and what it means to a call that may be repeated, and to a create, which may not. */
type Row = [string, number, unknown, string, string, Record<string, unknown>];

const answers: readonly Row[] = [
  [
    "a field that is wrong",
    400,
    refusal(400, "INVALID_ARGUMENT", "Invalid value at 'enrollment_token.duration'"),
    "invalid-request",
    "invalid-request",
    { path: "validFor", vendorMessage: "Invalid value at 'enrollment_token.duration'" },
  ],
  [
    "a duration of another form",
    400,
    violation(
      "enrollment_token.duration",
      "Invalid value at 'enrollment_token.duration' (type.googleapis.com/google.protobuf.Duration), Field 'duration', Illegal duration format; duration must end with 's'",
    ),
    ...sameToBoth("invalid-request"),
    { path: "validFor", vendorMessage: expect.stringContaining("must end with 's'") as string },
  ],
  [
    "a usage that is none",
    400,
    violation(
      "enrollment_token.allow_personal_usage",
      "Invalid value at 'enrollment_token.allow_personal_usage' (type.googleapis.com/google.android.devicemanagement.v1.EnrollmentToken.AllowPersonalUsage), \"X\"",
    ),
    ...sameToBoth("invalid-request"),
    { path: "management" },
  ],
  [
    "a field that nobody knows",
    400,
    violation(
      "enrollment_token",
      "Invalid JSON payload received. Unknown name \"foo\" at 'enrollment_token': Cannot find field.",
    ),
    ...sameToBoth("invalid-request"),
    { vendorCode: "INVALID_ARGUMENT" },
  ],
  [
    "a body that is no JSON",
    400,
    violation("", "Invalid JSON payload received. Unexpected token."),
    ...sameToBoth("invalid-request"),
    { vendorMessage: "Invalid JSON payload received. Unexpected token." },
  ],
  [
    "a meaning that is wrong, in free words",
    400,
    refusal(400, "INVALID_ARGUMENT", "Duration must be at least 60 seconds."),
    ...sameToBoth("invalid-request"),
    { vendorMessage: "Duration must be at least 60 seconds." },
  ],
  [
    "something that must be set up first",
    400,
    refusal(400, "FAILED_PRECONDITION", "…"),
    ...sameToBoth("failed-precondition"),
    { vendorCode: "FAILED_PRECONDITION" },
  ],
  ...["CREDENTIALS_MISSING", "ACCESS_TOKEN_EXPIRED", "ACCESS_TOKEN_TYPE_UNSUPPORTED"].map((reason): Row => [
    reason,
    401,
    refusal(401, "UNAUTHENTICATED", "…", info(reason)),
    ...sameToBoth("unauthenticated"),
    { vendorCode: reason },
  ]),
  [
    "a token of another scope",
    403,
    refusal(
      403,
      "PERMISSION_DENIED",
      "Request had insufficient authentication scopes.",
      info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    ),
    ...sameToBoth("forbidden"),
    { vendorCode: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" },
  ],
  [
    "a quota that is used up, with its reason",
    429,
    refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded …", info("RATE_LIMIT_EXCEEDED")),
    ...sameToBoth("rate-limited"),
    { retryable: true, vendorCode: "RATE_LIMIT_EXCEEDED" },
  ],
  ["a gateway that has nobody behind it", 502, "<html>", "unavailable", "outcome-unknown", {}],
  [
    "the project is not ours",
    403,
    refusal(403, "PERMISSION_DENIED", "Caller is not authorized to manage project."),
    "forbidden",
    "forbidden",
    {},
  ],
  [
    "the enterprise is not ours",
    403,
    refusal(403, "PERMISSION_DENIED", "Caller is not authorized to manage enterprise."),
    "forbidden",
    "forbidden",
    {},
  ],
  [
    "the API is switched off",
    403,
    refusal(403, "PERMISSION_DENIED", "disabled", [{ reason: "SERVICE_DISABLED" }]),
    "failed-precondition",
    "failed-precondition",
    { vendorCode: "SERVICE_DISABLED" },
  ],
  [
    "not found",
    404,
    refusal(404, "NOT_FOUND", "Requested entity was not found."),
    "not-found",
    "not-found",
    {},
  ],
  [
    "a web page",
    404,
    "<!DOCTYPE html><title>Error 404</title>",
    "invalid-config",
    "invalid-config",
    { path: "baseUrl" },
  ],
  [
    "too many calls, again and again",
    429,
    refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Requests'"),
    "rate-limited",
    "rate-limited",
    { retryable: true },
  ],
  [
    "an internal error, again and again",
    500,
    refusal(500, "INTERNAL", "Internal error encountered."),
    "unavailable",
    "outcome-unknown",
    { vendorMessage: "Internal error encountered." },
  ],
  ["out of service", 503, refusal(503, "UNAVAILABLE", "…"), "unavailable", "outcome-unknown", {}],
  ["a gateway's time-out", 504, "<html>", "timeout", "outcome-unknown", {}],
  ["something new", 409, refusal(409, "ABORTED", "…"), "unknown", "unknown", { vendorCode: "ABORTED" }],
  ["half an answer", 200, '{"name":"enter', "protocol", "outcome-unknown", {}],
  ["an answer without its name", 200, {}, "protocol", "outcome-unknown", {}],
];

describe("answers", () => {
  it.each(answers)("%s (%i) to a get", async (_name, status, body, code, _once, details) => {
    google()
      .get(`/v1/${name}`)
      .reply(status, body as nock.Body)
      .persist();
    const error = await rejection(createProvider().provider.client.enrollmentTokens.get(name));
    nock.cleanAll();
    expect(error).toMatchObject({ code, provider: "android-management", ...details });
  });

  it.each(answers)("%s (%i) to a create", async (_name, status, body, _repeatable, code, details) => {
    google()
      .post(`/v1/${enterprise}/enrollmentTokens`)
      .reply(status, body as nock.Body)
      .persist();
    const error = await rejection(createProvider().provider.client.enrollmentTokens.create({}));
    nock.cleanAll();
    expect(error).toMatchObject({ code, provider: "android-management", ...details });
  });

  it("a create is never sent twice after Google may have acted", async () => {
    google().post(`/v1/${enterprise}/enrollmentTokens`).once().replyWithError(new Error("socket hang up"));
    const error = await rejection(createProvider().provider.client.enrollmentTokens.create({}));
    expect(error.code).toBe("outcome-unknown");
  });

  it("a refused token is fetched anew, once", async () => {
    const tokens = ["old", "new"];
    nock(host, { reqheaders: { authorization: "Bearer old" } })
      .get(`/v1/${name}`)
      .reply(401, refusal(401, "UNAUTHENTICATED", "…", [{ reason: "ACCESS_TOKEN_EXPIRED" }]));
    nock(host, { reqheaders: { authorization: "Bearer new" } })
      .get(`/v1/${name}`)
      .reply(200, tokenBody("t1"));
    const { provider } = createProvider({ accessToken: () => Promise.resolve(tokens.shift() ?? "") });
    expect((await provider.client.enrollmentTokens.get(name)).body.name).toBe(name);
  });
});
