import { createEnrollments, Secret, type EnrollmentOutcome, type EnrollmentRequest } from "@enrollkit/core";
import { afterEach, describe, expect, it } from "vitest";
import type { AppliveryExtras, AppliverySettings } from "../src/index.js";
import { simulatedVendor, type SimulatedVendor } from "./vendor.js";

type Request = EnrollmentRequest<AppliveryExtras>;

const vendors: SimulatedVendor[] = [];
const start = async (settings?: Partial<AppliverySettings>) => {
  const vendor = await simulatedVendor(settings);
  vendors.push(vendor);
  return vendor;
};
afterEach(async () => {
  await Promise.all(vendors.splice(0).map(({ simulator }) => simulator.close()));
});

const bulkPath = /\/enrollment-tokens\/bulk$/;
const bulkCalls = ({ simulator }: SimulatedVendor) =>
  simulator.requests().filter(({ path }) => bulkPath.test(path));
const singleCalls = ({ simulator }: SimulatedVendor) =>
  simulator.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/enrollment-tokens"));

const mailTo = (email: string, more: Partial<Request> = {}): Request => ({
  key: `key of ${email}`,
  delivery: "vendor-email",
  recipient: { email },
  ...more,
});
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => mailTo(`p${index}@example.com`));
const statuses = (results: readonly { readonly status: string }[]) => results.map(({ status }) => status);
const outcomesOf = async ({ provider, clock }: SimulatedVendor, requests: readonly Request[]) => {
  const outcomes: EnrollmentOutcome[] = [];
  for await (const outcome of createEnrollments(provider, requests, { clock })) outcomes.push(outcome);
  return outcomes;
};

describe("the bulk call", () => {
  it("serves a hundred people with a handful of calls, each with their own link", async () => {
    const vendor = await start();
    const requests = people(100);
    const results = await vendor.provider.bulk.createBatch(requests);
    const truth = new Map(vendor.simulator.enrollments().map((each) => [each.user?.email, each]));
    expect(truth.size).toBe(100);
    for (const [index, result] of results.entries()) {
      const { email } = requests[index]?.recipient ?? {};
      expect(result).toMatchObject({
        status: "created",
        enrollment: { id: truth.get(email)?.id, key: `key of ${email}`, recipient: { email } },
      });
      const { artifacts } = result.status === "created" ? result.enrollment : { artifacts: [] };
      expect(artifacts.map(({ kind }) => kind)).toEqual(["enrollment-link", "enrollment-code", "delivered"]);
      const [link] = artifacts;
      expect(link?.kind === "enrollment-link" && link.value.reveal()).toBe(truth.get(email)?.link);
    }
    expect(vendor.simulator.outbox()).toHaveLength(100);
    expect(vendor.simulator.stats().requests).toBeLessThanOrEqual(2);
  });

  it("is sent the flat body, without what is for one person alone", async () => {
    const vendor = await start({
      emailText: "Hello",
      language: "es",
      profiles: { sales: { tags: ["sales"] } },
    });
    const more = { profile: "sales", validFor: "P3D", tags: ["berlin"] } as const;
    await vendor.provider.bulk.createBatch([mailTo("a@example.com", more), mailTo("b@example.com", more)]);
    expect(bulkCalls(vendor).map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      {
        sendEmail: true,
        userEmails: ["a@example.com", "b@example.com"],
        duration: 259_200,
        language: "es",
        emailText: "Hello",
        tags: ["sales", "berlin", expect.stringMatching(/^enrollkit-call:[0-9a-f]{16}$/)],
      },
    ]);
  });

  it("carries only what shares one body, and the rest goes singly", async () => {
    const vendor = await start();
    const requests = [
      ...people(3),
      mailTo("long-a@example.com", { validFor: "P7D" }),
      mailTo("long-b@example.com", { validFor: "P7D" }),
      mailTo("spanish@example.com", { extras: { language: "es" } }),
      mailTo("named@example.com", { recipient: { email: "named@example.com", name: "Ana" } }),
      mailTo("phone@example.com", { device: { name: "iPhone" } }),
      mailTo("link@example.com", { delivery: "return" }),
      mailTo("TWICE@example.com", { key: "first" }),
      mailTo("twice@example.com", { key: "second" }),
    ];
    const results = await vendor.provider.bulk.createBatch(requests);
    expect(new Set(statuses(results))).toEqual(new Set(["created"]));
    expect(bulkCalls(vendor)).toHaveLength(2);
    expect(singleCalls(vendor)).toHaveLength(6);
    expect(vendor.simulator.enrollments()).toHaveLength(requests.length);
    const ids = results.map((result) => (result.status === "created" ? result.enrollment.id : undefined));
    expect(new Set(ids).size).toBe(requests.length);
  });

  it("is read back without reading what was there before", async () => {
    const vendor = await start();
    const before = Array.from({ length: 500 }, (_, index) => ({ email: `before-${index}@example.com` }));
    vendor.simulator.seed({ enrollments: before });
    expect(statuses(await vendor.provider.bulk.createBatch(people(3)))).toEqual([
      "created",
      "created",
      "created",
    ]);
    expect(vendor.simulator.stats().requests).toBe(2);
  });

  it("is not used without the tag by which its tokens are found", async () => {
    const vendor = await start({ correlationTag: false });
    expect(statuses(await vendor.provider.bulk.createBatch(people(3)))).toEqual([
      "created",
      "created",
      "created",
    ]);
    expect(bulkCalls(vendor)).toHaveLength(0);
    expect(vendor.simulator.enrollments().flatMap(({ tags }) => tags)).toEqual([]);
  });

  it("leaves one bad request to itself", async () => {
    const vendor = await start();
    const results = await vendor.provider.bulk.createBatch([
      mailTo("a@example.com"),
      mailTo("b@example.com", { validFor: "P31D" }),
      mailTo("c@example.com"),
    ]);
    expect(statuses(results)).toEqual(["created", "failed", "created"]);
    expect(results[1]).toMatchObject({ error: { code: "unsupported", path: "validFor" } });
  });
});

describe("people who get their links from the caller", () => {
  const links = (count: number) => people(count).map((each) => ({ ...each, delivery: "return" as const }));

  it.each<[string, string[]]>([
    ["new", []],
    ["known", links(30).map(({ recipient }) => recipient?.email ?? "")],
  ])("take two calls each, after the first few, if they are all %s", async (_, known) => {
    const vendor = await start();
    vendor.simulator.seed({ users: known.map((email) => ({ email })) });
    const results = await vendor.provider.bulk.createBatch(links(30));
    expect(statuses(results)).toEqual(Array(30).fill("created"));
    expect(vendor.simulator.enrollments()).toHaveLength(30);
    expect(vendor.simulator.users()).toHaveLength(30);
    expect(vendor.simulator.stats().requests).toBeLessThanOrEqual(64);
  });
});

describe("an address that the bulk call counts as failed", () => {
  it.each<[string, Partial<AppliverySettings>, object, string]>([
    ["is reported", {}, { failEmails: new Set(["p1@example.com"]) }, "failed"],
    [
      "is created singly",
      { bulkFailures: "create-singly" },
      { failEmails: new Set(["p1@example.com"]) },
      "created",
    ],
    ["is reported, if it is no user's", {}, { createMissingUsers: false }, "failed"],
    [
      "is created singly, if it is no user's",
      { bulkFailures: "create-singly" },
      { createMissingUsers: false },
      "created",
    ],
  ])("%s", async (_, settings, behavior, status) => {
    const vendor = await start(settings);
    vendor.simulator.seed({ users: ["p0@example.com", "p2@example.com"].map((email) => ({ email })) });
    Object.assign(vendor.simulator.behavior, behavior);
    const results = await vendor.provider.bulk.createBatch(people(3));
    expect(statuses(results)).toEqual(["created", status, "created"]);
    expect(vendor.simulator.enrollments()).toHaveLength(status === "created" ? 3 : 2);
    if (status === "failed") {
      expect(results[1]).toMatchObject({
        error: { code: "unknown", retryable: false, advice: expect.any(String) as string },
      });
    }
  });
});

describe("counts that the tokens do not bear out", () => {
  it.each<[string, object, object, string[]]>([
    [
      "more successes than tokens",
      { success: 3, fail: 0 },
      { failEmails: new Set(["p1@example.com"]) },
      ["created", "unknown", "created"],
    ],
    ["fewer successes than tokens", { success: 2, fail: 1 }, {}, ["unknown", "unknown", "unknown"]],
    [
      "an address that is not counted at all",
      { success: 2, fail: 0 },
      { failEmails: new Set(["p1@example.com"]) },
      ["created", "unknown", "created"],
    ],
  ])("leave in doubt: %s", async (_, counts, behavior, expected) => {
    const vendor = await start();
    Object.assign(vendor.simulator.behavior, behavior);
    const body = JSON.stringify({ status: true, data: { total: 3, ...counts } });
    vendor.simulator.failNext({ kind: "body", body, contentType: "application/json" }, { path: bulkPath });
    const results = await vendor.provider.bulk.createBatch(people(3));
    expect(statuses(results)).toEqual(expected);
    for (const result of results) {
      if (result.status === "unknown") expect(result.error).toMatchObject({ code: "outcome-unknown" });
    }
  });

  it("are given time to come true", async () => {
    const vendor = await start();
    vendor.simulator.behavior.readLagMilliseconds = 6000;
    expect(statuses(await vendor.provider.bulk.createBatch(people(3)))).toEqual([
      "created",
      "created",
      "created",
    ]);
  });

  it("come true later than the setting says: reconciliation finds them", async () => {
    const vendor = await start({ visibilityDelay: "PT2S" });
    vendor.simulator.behavior.readLagMilliseconds = 3000;
    const outcomes = await outcomesOf(vendor, people(3));
    expect(statuses(outcomes)).toEqual(["created", "created", "created"]);
    expect(vendor.simulator.enrollments()).toHaveLength(3);
    expect(vendor.simulator.outbox()).toHaveLength(3);
  });
});

describe("a bulk call that goes wrong", () => {
  it.each([
    ["after the deed", { kind: "reset", when: "after" }],
    ["before the deed", { kind: "reset", when: "before" }],
    ["by half an answer", { kind: "truncate" }],
    ["by a gateway's error", { kind: "status", status: 504, when: "after" }],
  ] as const)("%s issues and mails nothing twice", async (_, fault) => {
    const vendor = await start();
    vendor.simulator.failNext(fault, { path: bulkPath });
    const outcomes = await outcomesOf(vendor, people(5));
    expect(statuses(outcomes)).toEqual(Array(5).fill("created"));
    expect(
      outcomes.flatMap((outcome) => (outcome.status === "created" ? outcome.enrollment.warnings : [])),
    ).toEqual([]);
    expect(vendor.simulator.enrollments()).toHaveLength(5);
    expect(vendor.simulator.outbox()).toHaveLength(5);
  });

  it.each(["after", "before"] as const)(
    "and whose answer is lost %s the deed is cleared up in few calls",
    async (when) => {
      const vendor = await start();
      vendor.simulator.failNext({ kind: "reset", when }, { path: bulkPath });
      expect(statuses(await outcomesOf(vendor, people(100)))).toEqual(Array(100).fill("created"));
      expect(vendor.simulator.enrollments()).toHaveLength(100);
      // The lost call, four looks, the call again, its tokens.
      expect(vendor.simulator.stats().requests).toBeLessThanOrEqual(7);
    },
  );

  it("leaves every outcome unknown to one who does not reconcile", async () => {
    const vendor = await start();
    vendor.simulator.failNext({ kind: "reset", when: "after" }, { path: bulkPath });
    expect(statuses(await vendor.provider.bulk.createBatch(people(2)))).toEqual(["unknown", "unknown"]);
    expect(bulkCalls(vendor)).toHaveLength(1);
  });

  it("is unknown too if its tokens cannot be read back", async () => {
    const vendor = await start();
    const body = { status: false, error: { code: 4001, message: "Unauthorized" } };
    vendor.simulator.failNext({ kind: "status", status: 401, body }, { method: "GET" });
    const results = await vendor.provider.bulk.createBatch(people(2));
    expect(results).toMatchObject(
      [1, 2].map(() => ({ status: "unknown", error: { code: "outcome-unknown" } })),
    );
  });

  it("fails for everyone if it is refused", async () => {
    const vendor = await start();
    vendor.simulator.seed({ organizations: [{ slug: "poor", features: [] }] });
    const [credentials] = vendor.simulator.seed({ credentials: [{ organization: "poor" }] }).credentials;
    const poor = await start({
      ...vendor.settings,
      organization: "poor",
      token: new Secret(credentials?.token ?? ""),
    });
    const results = await poor.provider.bulk.createBatch(people(2));
    expect(results).toMatchObject([1, 2].map(() => ({ status: "failed", error: { code: "plan-required" } })));
  });

  it("is stopped by an abort", async () => {
    const vendor = await start();
    const reason = new Error("enough");
    const createBatch = vendor.provider.bulk.createBatch(people(2), { signal: AbortSignal.abort(reason) });
    await expect(createBatch).rejects.toBe(reason);
    expect(vendor.simulator.stats().requests).toBe(0);
  });
});
