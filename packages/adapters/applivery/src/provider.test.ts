import { enrollmentSchema, revealEnrollment, Secret, type EnrollmentRequest } from "@enrollkit/core";
import { loadFixture } from "@enrollkit/testing";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { onlyPlannedCalls, plannedVendor } from "../test/vendor.js";
import { requestTag } from "./correlation.js";
import { appliveryDescriptor, appliveryPlugin, createApplivery, type AppliveryExtras } from "./index.js";

const workspace = "/v1/organizations/acme";
const users = `${workspace}/mdm/users`;
const tokens = `${workspace}/mdm/apple/enterprise/enrollment-tokens`;
const dataOf = (name: string) => {
  const { body } = loadFixture(new URL(`../fixtures/${name}.json`, import.meta.url));
  return (body as { readonly data: object }).data;
};
const token = dataOf("token") as { readonly id: string };
const user = dataOf("user") as { readonly id: string; readonly email: string };
const ok = (data: unknown) => ({ status: true, data });
const page = (...items: object[]) => ok({ items, hasNextPage: false });
const refusal = (code: number, message = "no") => ({ status: false, error: { code, message } });
const byEmail = (email: string) => ({ email, sort: "createdAt:asc", page: 1, limit: 100 });

const request: EnrollmentRequest<AppliveryExtras> = {
  key: "row-1",
  recipient: { email: user.email, name: "Ana" },
};
const body = { mdmUserId: user.id, sendEmail: false, tags: [requestTag("row-1")] };

beforeEach(onlyPlannedCalls);
afterEach(() => {
  const neverCalled = nock.pendingMocks();
  nock.cleanAll();
  expect(neverCalled).toEqual([]);
});

describe("createEnrollment", () => {
  it("finds the person and creates a token", async () => {
    const { api, provider } = plannedVendor();
    api.get(users).query(byEmail(user.email)).reply(200, page(user), { "request-id": "find" });
    api.post(tokens, body).reply(200, ok(token), { "request-id": "create" });
    const enrollment = await provider.createEnrollment(request);
    expect(enrollment).toMatchObject({
      id: token.id,
      provider: "apple",
      key: "row-1",
      requestIds: ["create"],
    });
    expect(enrollmentSchema.parse(JSON.parse(JSON.stringify(revealEnrollment(enrollment))))).toEqual(
      enrollment,
    );
  });

  it("makes the person if there is none, also where the vendor's filter is not exact", async () => {
    const { api, provider } = plannedVendor();
    api
      .get(users)
      .query(byEmail(user.email))
      .reply(200, page({ id: "1", email: `${user.email}.au` }));
    api.post(users, { email: user.email, name: "Ana" }).reply(200, ok(user), { "request-id": "make" });
    api.post(tokens, body).reply(201, ok(token), { "request-id": "create" });
    expect(await provider.createEnrollment(request)).toMatchObject({ requestIds: ["make", "create"] });
  });

  it("finds a person whose address is written in other letters", async () => {
    const { api, provider } = plannedVendor();
    api.get(users).query(byEmail("ANA@example.com")).reply(200, page());
    api.get(users).query(byEmail("ana@example.com")).reply(200, page(user));
    api.post(tokens, body).reply(200, ok(token));
    const enrollment = await provider.createEnrollment({
      ...request,
      recipient: { email: "ANA@example.com" },
    });
    expect(enrollment.recipient).toEqual({ email: "ANA@example.com" });
  });

  it("takes the person whom somebody else has made meanwhile, once they show up", async () => {
    const { api, clock, provider } = plannedVendor();
    api.get(users).query(byEmail(user.email)).twice().reply(200, page());
    api.post(users).reply(400, refusal(5048, "Mdm user already exists"));
    api.get(users).query(byEmail(user.email)).reply(200, page(user));
    api.post(tokens, body).reply(200, ok(token));
    expect(await provider.createEnrollment(request)).toMatchObject({ id: token.id });
    expect(clock.waits).toContain(1000);
  });

  it("creates first while people turn out to be new, and looks first while they turn out to be known", async () => {
    const { api, provider } = plannedVendor();
    const planned = (...calls: ("look" | "make" | "refuse" | "find")[]) => {
      for (const call of calls) {
        if (call === "look") api.get(users).query(byEmail(user.email)).reply(200, page());
        if (call === "find") api.get(users).query(byEmail(user.email)).reply(200, page(user));
        if (call === "make") api.post(users).reply(200, ok(user));
        if (call === "refuse") api.post(users).reply(400, refusal(5048));
      }
      api.post(tokens, body).reply(200, ok(token));
      return provider.createEnrollment(request).then(() => {
        expect(nock.pendingMocks()).toEqual([]);
      });
    };
    await planned("look", "make");
    await planned("make");
    await planned("refuse", "find");
    await planned("find");
    await planned("look", "make");
  });

  it("looks first for an address with capitals, which may be known in small letters", async () => {
    const { api, provider } = plannedVendor();
    api.get(users).query(byEmail(user.email)).reply(200, page());
    api.post(users).reply(200, ok(user));
    api.get(users).query(byEmail("ANA@example.com")).reply(200, page());
    api.get(users).query(byEmail(user.email)).reply(200, page(user));
    api.post(tokens, body).twice().reply(200, ok(token));
    await provider.createEnrollment(request);
    await provider.createEnrollment({ ...request, recipient: { email: "ANA@example.com" } });
  });

  it("gives up on a person who exists and never shows up", async () => {
    const { api, provider } = plannedVendor();
    api.get(users).query(byEmail(user.email)).times(5).reply(200, page());
    api.post(users).reply(400, refusal(5048, "Mdm user already exists"));
    await expect(provider.createEnrollment(request)).rejects.toMatchObject({
      code: "failed-precondition",
      vendorCode: 5048,
    });
  });

  it("makes the person again after a lost answer: a second one is refused", async () => {
    const { api, provider } = plannedVendor();
    api.get(users).query(byEmail(user.email)).reply(200, page());
    api.post(users).reply(502);
    api.post(users).reply(400, refusal(5048));
    api.get(users).query(byEmail(user.email)).reply(200, page(user));
    api.post(tokens, body).reply(200, ok(token));
    expect(await provider.createEnrollment(request)).toMatchObject({ id: token.id });
  });

  it("reads the token if the answer is no more than its id", async () => {
    const { api, provider } = plannedVendor();
    api.get(users).query(byEmail(user.email)).reply(200, page(user));
    api.post(tokens, body).reply(200, ok({ id: token.id }));
    api.get(`${tokens}/${token.id}`).reply(200, ok(token));
    const { artifacts } = await provider.createEnrollment(request);
    expect(artifacts.map(({ kind }) => kind)).toEqual(["enrollment-link", "enrollment-code"]);
  });

  it("calls the outcome unknown if that cannot be read", async () => {
    const { api, provider } = plannedVendor();
    api.get(users).query(byEmail(user.email)).reply(200, page(user));
    api.post(tokens, body).reply(200, ok({ id: token.id }));
    api.get(`${tokens}/${token.id}`).reply(404, refusal(3001));
    await expect(provider.createEnrollment(request)).rejects.toMatchObject({ code: "outcome-unknown" });
  });

  it("leaves the tag out where that is wished, or where there is no key", async () => {
    const { api, provider } = plannedVendor({ correlationTag: false });
    const untagged = { mdmUserId: user.id, sendEmail: false };
    api.get(users).query(byEmail(user.email)).twice().reply(200, page(user));
    api.post(tokens, untagged).twice().reply(200, ok(token));
    await provider.createEnrollment(request);
    await provider.createEnrollment({ recipient: request.recipient });
  });

  it("passes a refusal on, with the vendor's own words", async () => {
    const { api, provider } = plannedVendor();
    api.get(users).query(byEmail(user.email)).reply(200, page(user));
    api.post(tokens, body).reply(400, refusal(5050, "Feature not allowed for you billing plan"));
    await expect(provider.createEnrollment(request)).rejects.toMatchObject({
      code: "plan-required",
      provider: "apple",
      vendorMessage: "Feature not allowed for you billing plan",
    });
  });
});

describe("check", () => {
  const organization = (status: number, answer: object) => (api: nock.Scope) =>
    api.get(workspace).reply(status, answer);
  const list = (status: number, answer: object) => (api: nock.Scope) =>
    api.get(tokens).query(true).reply(status, answer);
  const exists = organization(200, ok({ id: "65a1b2c3d4e5f60718290001" }));

  it.each<[string, ((api: nock.Scope) => unknown)[], Record<string, string>]>([
    [
      "all is well",
      [exists, list(200, page())],
      {
        credentials: "passed",
        organization: "passed",
        "apple-mdm": "passed",
        permissions: "passed",
        create: "not-checked",
      },
    ],
    ["the token is unknown", [organization(401, refusal(4004))], { credentials: "failed" }],
    [
      "the workspace does not exist",
      [organization(404, refusal(3001))],
      { credentials: "passed", organization: "failed" },
    ],
    [
      "the workspace cannot be read",
      [organization(401, refusal(4001)), list(200, page())],
      {
        credentials: "passed",
        organization: "not-checked",
        "apple-mdm": "passed",
        permissions: "passed",
        create: "not-checked",
      },
    ],
    [
      "the address is not the API's",
      [(api) => api.get(workspace).reply(404, "<html>Not Found</html>")],
      { credentials: "not-checked", organization: "failed" },
    ],
    [
      "the address is a web page",
      [(api) => api.get(workspace).reply(200, "<html>Welcome</html>")],
      { credentials: "not-checked", organization: "failed" },
    ],
    [
      "Apple MDM is not set up",
      [exists, list(404, refusal(3001))],
      { credentials: "passed", organization: "passed", "apple-mdm": "failed" },
    ],
    [
      "tokens may not be listed",
      [exists, list(403, refusal(4003))],
      { credentials: "passed", organization: "passed", permissions: "failed" },
    ],
    [
      "the plan lacks Apple MDM",
      [exists, list(400, refusal(5050))],
      { credentials: "passed", organization: "passed", permissions: "failed" },
    ],
  ])("finds that %s", async (_, answers, findings) => {
    const { api, provider } = plannedVendor();
    for (const answer of answers) answer(api);
    const report = await provider.check();
    expect(Object.fromEntries(report.findings.map(({ name, status }) => [name, status]))).toEqual(findings);
    expect(report).toMatchObject({ provider: "apple", ok: !Object.values(findings).includes("failed") });
  });

  it("rejects if nobody answers", async () => {
    const { api, provider } = plannedVendor();
    api.get(workspace).times(4).reply(503);
    await expect(provider.check()).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("retrieval and tracking", () => {
  const unknownId = "f".repeat(24);

  it("gets an enrollment again", async () => {
    const { api, provider } = plannedVendor();
    api.get(`${tokens}/${token.id}`).reply(200, ok(token));
    expect(await provider.retrieval.get(token.id)).toMatchObject({ id: token.id, provider: "apple" });
  });

  it.each([
    ["no one knows", unknownId, 404, refusal(3001)],
    ["is used", token.id, 200, ok({ ...token, state: "DONE" })],
    ["is deleted", token.id, 200, ok({ ...token, state: "DELETED" })],
    ["has expired", token.id, 200, ok({ ...token, expireAt: "2026-05-04T10:00:00Z" })],
  ])("does not get one that %s", async (_, id, status, answer) => {
    const { api, provider } = plannedVendor();
    api.get(`${tokens}/${id}`).reply(status, answer);
    await expect(provider.retrieval.get(id)).rejects.toMatchObject({ code: "not-found", path: "id" });
  });

  it("asks for no id that cannot be one of the vendor's", async () => {
    const { provider } = plannedVendor();
    await expect(provider.retrieval.get("../../users")).rejects.toMatchObject({ code: "not-found" });
    expect(await provider.tracking.getStatuses([{ id: "x" }])).toEqual([
      { id: "x", state: "unknown", devices: [] },
    ]);
  });

  it("tells the states in the order of the question", async () => {
    const { api, provider } = plannedVendor();
    const used = { ...token, id: "a".repeat(24), state: "DONE", admDevice: "d".repeat(24) };
    api.get(`${tokens}/${token.id}`).reply(200, ok(token));
    api.get(`${tokens}/${unknownId}`).reply(404, refusal(3001));
    api.get(`${tokens}/${used.id}`).reply(200, ok(used));
    expect(
      await provider.tracking.getStatuses([{ id: used.id }, { id: unknownId }, { id: token.id }]),
    ).toEqual([
      { id: used.id, state: "used", devices: [{ id: used.admDevice }] },
      { id: unknownId, state: "unknown", devices: [] },
      { id: token.id, state: "pending", devices: [] },
    ]);
  });

  it("does not take a refusal for an unknown token", async () => {
    const { api, provider } = plannedVendor();
    api.get(`${tokens}/${token.id}`).reply(401, refusal(4001));
    await expect(provider.tracking.getStatuses([{ id: token.id }])).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

describe("revoke", () => {
  type Plan = (api: nock.Scope) => unknown;
  const deletion = (status: number, answer?: object) => (api: nock.Scope) =>
    api.delete(`${tokens}/${token.id}`).reply(status, answer);
  const read = (status: number, answer: object) => (api: nock.Scope) =>
    api.get(`${tokens}/${token.id}`).reply(status, answer);
  const list = (status: number, answer: object) => (api: nock.Scope) =>
    api.get(tokens).query(true).reply(status, answer);
  const gone = refusal(3001, "Entity not found");

  it.each<[string, Plan[]]>([
    ["the token was deleted", [deletion(200, ok({ ...token, state: "DELETED" }))]],
    ["the vendor answers without a body", [deletion(204)]],
    ["there is no such token", [deletion(404, gone), read(404, gone), list(200, page())]],
    ["the token was deleted before", [deletion(404, gone), read(200, ok({ ...token, state: "DELETED" }))]],
    [
      "the token is used, and the vendor minds",
      [deletion(400, refusal(0)), read(200, ok({ ...token, state: "DONE" }))],
    ],
  ])("succeeds if %s", async (_, answers) => {
    const { api, provider } = plannedVendor();
    for (const answer of answers) answer(api);
    await expect(provider.revocation.revoke(token.id)).resolves.toBeUndefined();
  });

  it.each<[string, string, Plan[]]>([
    ["the route is not there and the token lives", "not-found", [deletion(404, gone), read(200, ok(token))]],
    ["the workspace is not there", "not-found", [deletion(404, gone), read(404, gone), list(404, gone)]],
    [
      "the token's state is a new one",
      "invalid-request",
      [deletion(400, refusal(0)), read(200, ok({ ...token, state: "PAUSED" }))],
    ],
    ["it is not allowed", "forbidden", [deletion(401, refusal(4001))]],
  ])("fails if %s", async (_, code, answers) => {
    const { api, provider } = plannedVendor();
    for (const answer of answers) answer(api);
    await expect(provider.revocation.revoke(token.id)).rejects.toMatchObject({ code });
  });

  it("refuses what cannot be one of the vendor's ids", async () => {
    const { provider } = plannedVendor();
    const expected = { code: "invalid-request", path: "id", provider: "apple" };
    await expect(provider.revocation.revoke("https://app.applivery.com/enroll")).rejects.toMatchObject(
      expected,
    );
  });
});

describe("recipients", () => {
  it("lists the vendor's users", async () => {
    const { api, provider } = plannedVendor();
    api
      .get(users)
      .query(true)
      .reply(200, page(user, { id: "2", email: "luis@example.com" }));
    const found = [];
    for await (const recipient of provider.recipients.list()) found.push(recipient);
    expect(found).toEqual([
      { id: user.id, email: user.email, name: "Ana" },
      { id: "2", email: "luis@example.com" },
    ]);
  });

  it("finds nobody where there is nobody", async () => {
    const { api, provider } = plannedVendor();
    api.get(users).query(true).reply(200, page());
    expect(await provider.recipients.find("nobody@example.com")).toBeUndefined();
  });
});

describe("the plugin", () => {
  it("makes a named provider from the vendor's part of a config", () => {
    const settings = appliveryPlugin.settings.parse({ organization: "acme", token: new Secret("t") });
    expect(appliveryPlugin.create("phones", settings)).toMatchObject({
      name: "phones",
      descriptor: appliveryDescriptor,
    });
    expect(createApplivery({ organization: "acme", token: new Secret("t") }).name).toBe("applivery");
  });

  it("says which setting is wrong, and never its value", () => {
    const make = () => createApplivery({ organization: "no", token: new Secret("t"), name: "phones" });
    expect(make).toThrow(
      expect.objectContaining({ code: "invalid-config", path: "organization", provider: "phones" }),
    );
  });
});
