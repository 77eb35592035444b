import type { EnrollmentError } from "@enrollkit/core";
import { loadFixture } from "@enrollkit/testing";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { onlyPlannedCalls, plannedVendor } from "../test/vendor.js";
import type { AppliveryClient } from "./client.js";

const workspace = "/v1/organizations/acme";
const tokens = `${workspace}/mdm/apple/enterprise/enrollment-tokens`;
const id = "65a1b2c3d4e5f60718293b01";
const owner = "65a1b2c3d4e5f60718293a4b";
const body = (name: string) =>
  loadFixture(new URL(`../fixtures/${name}.json`, import.meta.url))["body"] as object;
const pageOf = (items: readonly object[], more: object = {}) => ({
  status: true,
  data: { items, hasNextPage: false, nextPage: null, ...more },
});
const all = async <Item>(items: AsyncIterable<Item>) => {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
};
const fields = { sendEmail: true, tags: ["sales"], duration: 86_400 };

interface Exchange {
  readonly call: (client: AppliveryClient) => Promise<unknown>;
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly sent?: object;
  readonly answer: object;
  readonly result: unknown;
}

const firstPage = { page: "1", limit: "100" };
const exchanges: Record<string, Exchange> = {
  getOrganization: {
    call: (client) => client.getOrganization(),
    method: "GET",
    path: workspace,
    answer: { status: true, data: { id: owner } },
    result: { data: { id: owner }, requestIds: [] },
  },
  createToken: {
    call: (client) => client.createToken({ mdmUserId: owner, displayName: undefined, ...fields }),
    method: "POST",
    path: tokens,
    sent: { mdmUserId: owner, ...fields },
    answer: body("token"),
    result: expect.objectContaining({
      data: expect.objectContaining({ id, enrollCode: "Q7M2K9PXA" }) as unknown,
    }),
  },
  createTokens: {
    call: (client) => client.createTokens({ userEmails: ["ana@example.com", "luis@example.com"], ...fields }),
    method: "POST",
    path: `${tokens}/bulk`,
    sent: { userEmails: ["ana@example.com", "luis@example.com"], ...fields },
    answer: body("bulk"),
    result: { data: { total: 10, success: 9, fail: 1 }, requestIds: [] },
  },
  listTokens: {
    call: (client) => all(client.listTokens()),
    method: "GET",
    path: tokens,
    query: { sort: "createdAt:desc", ...firstPage },
    answer: body("token-list"),
    result: [expect.objectContaining({ id, createdAt: "2026-05-04T10:00:00Z" })],
  },
  "listTokens with a filter": {
    call: (client) => all(client.listTokens({ owner, order: "oldest-first", deleted: "with" })),
    method: "GET",
    path: tokens,
    query: { sort: "createdAt:asc", "mdm-user": owner, "show-deleted": "true", ...firstPage },
    answer: body("token-list"),
    result: [expect.objectContaining({ id })],
  },
  getToken: {
    call: (client) => client.getToken(id),
    method: "GET",
    path: `${tokens}/${id}`,
    answer: body("token"),
    result: expect.objectContaining({ data: expect.objectContaining({ id, state: "PENDING" }) as unknown }),
  },
  deleteToken: {
    call: (client) => client.deleteToken(id),
    method: "DELETE",
    path: `${tokens}/${id}`,
    answer: body("token"),
    result: undefined,
  },
  listUsers: {
    call: (client) => all(client.listUsers()),
    method: "GET",
    path: `${workspace}/mdm/users`,
    query: { sort: "createdAt:asc", ...firstPage },
    answer: pageOf([{ id: owner, email: "ana@example.com", name: null }]),
    result: [{ id: owner, email: "ana@example.com" }],
  },
  "listUsers of one address": {
    call: (client) => all(client.listUsers({ email: "ana+1@example.com" })),
    method: "GET",
    path: `${workspace}/mdm/users`,
    query: { sort: "createdAt:asc", email: "ana+1@example.com", ...firstPage },
    answer: { status: true, data: [{ id: owner, email: "ana+1@example.com" }] },
    result: [{ id: owner, email: "ana+1@example.com" }],
  },
  createUser: {
    call: (client) => client.createUser({ email: "ana@example.com", name: "Ana" }),
    method: "POST",
    path: `${workspace}/mdm/users`,
    sent: { email: "ana@example.com", name: "Ana" },
    answer: body("user"),
    result: { data: { id: owner, email: "ana@example.com", name: "Ana" }, requestIds: [] },
  },
  listPolicies: {
    call: (client) => all(client.listPolicies()),
    method: "GET",
    path: `${workspace}/mdm/apple/enterprise/policies`,
    query: firstPage,
    answer: pageOf([{ id: owner, name: "Standard", version: 3 }]),
    result: [{ id: owner, name: "Standard" }],
  },
};
const names = Object.keys(exchanges);
const exchangeOf = (name: string) => exchanges[name] as Exchange;

const plan = (name: string, { api }: ReturnType<typeof plannedVendor>) => {
  const { method, path, query, sent } = exchangeOf(name);
  const interceptor = api.intercept(path, method, sent === undefined ? undefined : { ...sent });
  return query === undefined ? interceptor : interceptor.query(query);
};

beforeEach(onlyPlannedCalls);
afterEach(() => {
  const neverCalled = nock.pendingMocks();
  nock.cleanAll();
  expect(neverCalled).toEqual([]);
});

describe("each method", () => {
  it.each(names)("%s sends what the documentation says, and reads the answer", async (name) => {
    const vendor = plannedVendor();
    plan(name, vendor).reply(200, exchangeOf(name).answer);
    expect(await exchangeOf(name).call(vendor.client)).toEqual(exchangeOf(name).result);
  });

  it.each(names)("%s takes a refusal that only the envelope tells", async (name) => {
    const vendor = plannedVendor();
    const message = "Feature not allowed for you billing plan, ana@example.com";
    plan(name, vendor).reply(
      200,
      { status: false, error: { code: 5050, message } },
      { "request-id": "id-1" },
    );
    const error = await exchangeOf(name)
      .call(vendor.client)
      .catch((reason: unknown) => reason as EnrollmentError);
    expect(error).toMatchObject({
      code: "plan-required",
      vendorCode: 5050,
      httpStatus: 200,
      requestId: "id-1",
      provider: "apple",
    });
    expect(JSON.stringify(error)).not.toContain("ana@example.com");
  });

  it("keeps an address out of the error, should it come as the code", async () => {
    const vendor = plannedVendor();
    plan("getToken", vendor).reply(200, {
      status: false,
      error: { code: "no ana@example.com", message: "" },
    });
    const error = await vendor.client.getToken(id).catch((reason: unknown) => reason as EnrollmentError);
    expect(error).toMatchObject({ code: "unknown", vendorCode: "no [redacted]" });
    expect(JSON.stringify(error)).not.toContain("ana@example.com");
  });

  it.each(["createToken", "createTokens", "createUser"])("%s takes 201 for done", async (name) => {
    const vendor = plannedVendor();
    plan(name, vendor).reply(201, exchangeOf(name).answer);
    expect(await exchangeOf(name).call(vendor.client)).toEqual(exchangeOf(name).result);
  });
});

describe("every documented refusal", () => {
  const { answers } = loadFixture(new URL("../fixtures/errors.json", import.meta.url));
  it.each(
    answers as { status: number; body: { error: { code: number; message: string } }; expected: string }[],
  )("$body.error.code with $status is $expected", async ({ status, body: refusal, expected }) => {
    const vendor = plannedVendor();
    plan("createTokens", vendor).reply(status, refusal);
    await expect(exchangeOf("createTokens").call(vendor.client)).rejects.toMatchObject({
      code: expected,
      httpStatus: status,
      vendorCode: refusal.error.code,
      vendorMessage: refusal.error.message,
      retryable: false,
    });
  });

  it("reads an answer that is not JSON by its status", async () => {
    const vendor = plannedVendor();
    plan("getToken", vendor).reply(403, "<html>Forbidden</html>", { "content-type": "text/html" });
    await expect(vendor.client.getToken(id)).rejects.toMatchObject({ code: "forbidden", httpStatus: 403 });
  });
});

describe("what must not be repeated", () => {
  it.each(["createToken", "createTokens"])("%s is sent once, also if its answer is lost", async (name) => {
    const vendor = plannedVendor();
    plan(name, vendor).reply(503);
    await expect(exchangeOf(name).call(vendor.client)).rejects.toMatchObject({ code: "outcome-unknown" });
  });

  it.each(["createUser", "deleteToken", "getToken"])("%s may be sent again", async (name) => {
    const vendor = plannedVendor();
    plan(name, vendor).reply(503);
    plan(name, vendor).reply(200, exchangeOf(name).answer);
    expect(await exchangeOf(name).call(vendor.client)).toEqual(exchangeOf(name).result);
  });

  it("waits as long as a 429 says", async () => {
    const vendor = plannedVendor();
    plan("createToken", vendor).reply(429, { status: false, error: { code: 0 } }, { "retry-after": "2" });
    plan("createToken", vendor).reply(200, body("token"));
    await exchangeOf("createToken").call(vendor.client);
    expect(Math.max(...vendor.clock.waits)).toBeGreaterThanOrEqual(2000);
  });
});

describe("lists", () => {
  const users = [1, 2, 3].map((number) => ({ id: `${number}`, email: `${number}@example.com` }));
  const page = (number: number) => ({ sort: "createdAt:asc", page: number, limit: 100 });

  it("go on while there is a next page", async () => {
    const { api, client } = plannedVendor();
    const [first, second, third] = users as [object, object, object];
    api
      .get(`${workspace}/mdm/users`)
      .query(page(1))
      .reply(200, pageOf([first], { hasNextPage: true, nextPage: 2 }));
    api
      .get(`${workspace}/mdm/users`)
      .query(page(2))
      .reply(200, pageOf([second], { hasNextPage: true }));
    api
      .get(`${workspace}/mdm/users`)
      .query(page(3))
      .reply(200, pageOf([third]));
    expect(await all(client.listUsers())).toEqual(users);
  });

  it("end at a page without items", async () => {
    const { api, client } = plannedVendor();
    api
      .get(`${workspace}/mdm/users`)
      .query(page(1))
      .reply(200, pageOf([], { hasNextPage: true, nextPage: 2 }));
    expect(await all(client.listUsers())).toEqual([]);
  });

  it("do not go round in circles", async () => {
    const { api, client } = plannedVendor();
    const circle = pageOf([users[0] as object], { hasNextPage: true, nextPage: 2 });
    api.get(`${workspace}/mdm/users`).query(page(1)).reply(200, circle);
    api.get(`${workspace}/mdm/users`).query(page(2)).reply(200, circle);
    await expect(all(client.listUsers())).rejects.toMatchObject({ code: "protocol" });
  });
});

describe("addresses", () => {
  it("of a private tenant come from the settings, with every slash", async () => {
    const { client } = plannedVendor({ baseUrl: "https://api.acme.applivery.io/eu//v1/" });
    nock("https://api.acme.applivery.io")
      .get("/eu//v1/organizations/acme")
      .reply(200, { status: true, data: {} });
    expect(await client.getOrganization()).toEqual({ data: {}, requestIds: [] });
  });

  it("hold an id as one segment", async () => {
    const { api, client } = plannedVendor();
    api.get(`${tokens}/..%2Fother`).reply(404, { status: false, error: { code: 3001 } });
    await expect(client.getToken("../other")).rejects.toMatchObject({ code: "not-found" });
  });

  it("are open to calls that no method covers", async () => {
    const { api, client } = plannedVendor();
    expect(client.root).toBe(`https://api.applivery.io${workspace}`);
    expect(client.http).toHaveProperty("send");
    api.delete(`${tokens}/${id}`).reply(204);
    await expect(client.deleteToken(id)).resolves.toBeUndefined();
  });
});
