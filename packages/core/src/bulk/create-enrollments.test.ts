import { describe, expect, it } from "vitest";
import { fakeProvider } from "../../test/fake-provider.js";
import { EnrollmentError } from "../errors.js";
import type { EnrollmentOutcome } from "../outcome.js";
import type { EnrollmentProvider } from "../provider.js";
import type { EnrollmentRequest } from "../request.js";
import { createEnrollments, type BulkOptions } from "./create-enrollments.js";
import type { BulkProgress } from "./progress.js";
import { createRequestValidator, type ProviderChoice } from "./validate-requests.js";

const named = (name: string): EnrollmentRequest => ({ key: `key-${name}`, device: { name } });
const count = (length: number) => Array.from({ length }, (_, index) => named(`d${index}`));

const collect = async (
  choice: ProviderChoice,
  requests: Iterable<EnrollmentRequest>,
  options?: BulkOptions,
): Promise<EnrollmentOutcome[]> => {
  const outcomes: EnrollmentOutcome[] = [];
  for await (const outcome of createEnrollments(choice, requests, options)) outcomes.push(outcome);
  return outcomes;
};
const brief = (outcome: EnrollmentOutcome) =>
  outcome.status === "created"
    ? outcome.enrollment.id
    : [outcome.status, outcome.error.code, outcome.error.path, outcome.error.message];

describe("createEnrollments", () => {
  it("cuts to the vendor's size and keeps the order", async () => {
    const { provider, batches } = fakeProvider("acme", 4);
    const outcomes = await collect(provider, count(10));
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(outcomes.map(({ index, key }) => [index, key])).toEqual(
      count(10).map(({ key }, index) => [index, key]),
    );
  });

  it("drops what cannot be honoured only if the caller says so, and tells the provider", async () => {
    const { provider } = fakeProvider("acme");
    const told: unknown[] = [];
    const listening: EnrollmentProvider = {
      ...provider,
      createEnrollment: (request, options) => {
        told.push(options?.onUnsupported);
        return provider.createEnrollment(request);
      },
    };
    const requests = [{ ...named("a"), tags: ["new"] }];
    expect((await collect(listening, requests)).map(({ status }) => status)).toEqual(["failed"]);
    expect((await collect(listening, requests, { onUnsupported: "warn" })).map(brief)).toEqual(["acme/a"]);
    expect(told).toEqual(["warn"]);
  });

  it("passes on what is no EnrollmentError: a mistake in the caller's own code", async () => {
    const bug = new TypeError("x is not a function");
    const choose = () => {
      throw bug;
    };
    await expect(collect(choose, count(1))).rejects.toBe(bug);
  });

  it("goes one by one where the vendor has no batch", async () => {
    const { provider, batches } = fakeProvider("acme");
    expect((await collect(provider, count(3))).map(brief)).toEqual(["acme/d0", "acme/d1", "acme/d2"]);
    expect(batches).toHaveLength(3);
  });

  it("fails what is bad, and nothing else", async () => {
    const { provider, batches } = fakeProvider("acme", 10);
    const requests: EnrollmentRequest[] = [
      named("a"),
      { ...named("b"), platform: "android" },
      named("bad one"),
      { ...named("c"), recipient: { email: "not an address" } },
      { ...named("a"), key: "other" },
      { ...named("e"), key: "key-a" },
      named("f"),
    ];
    expect((await collect(provider, requests)).map(brief)).toEqual([
      "acme/a",
      [
        "failed",
        "unsupported",
        "requests[1].platform",
        'platform "android" is not possible; Acme MDM offers: ios',
      ],
      ["failed", "not-found", "requests[2].device.name", "the device is bad"],
      [
        "failed",
        "invalid-request",
        "requests[3].recipient.email",
        "recipient.email is not an e-mail address; it takes a name, an @ and a domain",
      ],
      [
        "failed",
        "invalid-request",
        "requests[4].device.name",
        "device.name is the same as in requests[0]; each must have its own",
      ],
      [
        "failed",
        "invalid-request",
        "requests[5].key",
        "key is the same as in requests[0]; each must have its own",
      ],
      "acme/f",
    ]);
    expect(batches).toEqual([["a", "bad one", "f"]]);
  });

  it("sends each request to the provider it is for, and gives one order", async () => {
    const [a, b] = [fakeProvider("a", 3), fakeProvider("b", 2)];
    const choose = ({ key = "" }: EnrollmentRequest): EnrollmentProvider => {
      const place = Number(key.slice(5));
      if (place === 4)
        throw new EnrollmentError("nobody takes it", { code: "invalid-request", path: "profile" });
      return place % 2 === 0 ? a.provider : b.provider;
    };
    const outcomes = await collect(choose, count(8), { concurrency: 1 });
    expect(outcomes.map(brief)).toEqual([
      "a/d0",
      "b/d1",
      "a/d2",
      "b/d3",
      ["failed", "invalid-request", "requests[4].profile", "nobody takes it"],
      "b/d5",
      "a/d6",
      "b/d7",
    ]);
    expect(a.batches.flat()).toEqual(["d0", "d2", "d6"]);
    expect(b.batches).toEqual([
      ["d1", "d3"],
      ["d5", "d7"],
    ]);
  });

  it("a request that is refused takes no name from a later one", async () => {
    const { provider } = fakeProvider("acme", 10);
    const requests: EnrollmentRequest[] = [
      named("a"),
      { ...named("b"), key: "key-a" },
      { ...named("b"), key: "key-b" },
      { ...named("a"), key: "key-c" },
      { ...named("c"), key: "key-c" },
    ];
    expect((await collect(provider, requests)).map(({ status }) => status)).toEqual([
      "created",
      "failed",
      "created",
      "failed",
      "created",
    ]);
  });

  it("holds every described field against uniqueFields, addresses whatever their case", async () => {
    const { provider } = fakeProvider("acme", 10);
    const uniqueFields = ["recipient.name", "recipient.email"] as const;
    const strict = { ...provider, descriptor: { ...provider.descriptor, uniqueFields } };
    const requests: EnrollmentRequest[] = [
      { recipient: { name: "Ana", email: "ana@example.com" } },
      { recipient: { name: "Ana" } },
      { recipient: { email: "ANA@example.com" } },
      { key: "k", recipient: { name: "ANA" } },
    ];
    const outcomes = (await collect(strict, requests)).map(brief);
    expect(outcomes.at(-1)).toBe("acme/k");
    expect(outcomes.slice(1, -1).map((outcome) => outcome.slice(0, 3))).toEqual([
      ["failed", "invalid-request", "requests[1].recipient.name"],
      ["failed", "invalid-request", "requests[2].recipient.email"],
    ]);
  });

  it.each([[null], ["text"], [7], [[]], [{ key: 7 }]])(
    "%j from an untyped source is one failure, and no end of the run",
    async (request) => {
      const { provider } = fakeProvider("acme");
      const choose = ({ profile }: EnrollmentRequest) => {
        expect(profile).toBeUndefined();
        return provider;
      };
      const requests = [request as unknown as EnrollmentRequest, named("a")];
      const [failed, created] = await collect(choose, requests);
      expect(failed).toMatchObject({ index: 0, status: "failed", error: { code: "invalid-request" } });
      expect(failed?.key).toBeUndefined();
      expect(created?.status).toBe("created");
    },
  );

  it.each([[null], ["text"], [undefined]])("says of %j that a request is an object", async (request) => {
    const [outcome] = await collect(fakeProvider("acme").provider, [request as unknown as EnrollmentRequest]);
    expect(outcome).toMatchObject({ error: { message: "a request must be an object" } });
  });

  it("two providers may have devices of one name", async () => {
    const [a, b] = [fakeProvider("a"), fakeProvider("b")];
    const requests = [
      { ...named("same"), key: "1" },
      { ...named("same"), key: "2" },
    ];
    const outcomes = await collect(({ key }) => (key === "1" ? a : b).provider, requests);
    expect(outcomes.map(brief)).toEqual(["a/same", "b/same"]);
  });

  it("tells how far it has come", async () => {
    const reports: BulkProgress[] = [];
    const { provider } = fakeProvider("acme", 2);
    const requests = [...count(4), { ...named("x"), platform: "android" as const }];
    let now = 0;
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const onProgress = (progress: BulkProgress) => {
      reports.push(progress);
      now += 250;
    };
    await collect(provider, requests, { concurrency: 1, onProgress, total: 5, clock });
    expect(reports.at(-1)).toEqual({
      read: 5,
      done: 5,
      created: 4,
      failed: 1,
      unknown: 0,
      inFlight: 0,
      rate: 5,
      remaining: 0,
    });
    expect(Math.max(...reports.map(({ inFlight }) => inFlight))).toBe(2);
  });

  it("ends with the error of a listener that throws", async () => {
    const { provider } = fakeProvider("acme", 2);
    const onProgress = () => {
      throw new Error("the screen is gone");
    };
    await expect(collect(provider, count(4), { onProgress })).rejects.toThrow("the screen is gone");
  });

  it("reconciles a whole batch, sends again only what did not happen, and loses no outcome", async () => {
    const { provider, batches } = fakeProvider("acme", 3);
    const { bulk } = provider;
    let sends = 0;
    const flaky: EnrollmentProvider = {
      ...provider,
      bulk: {
        createBatch: async (requests) => {
          if (sends++ > 0) return (await bulk?.createBatch(requests)) ?? [];
          throw new EnrollmentError("the answer was lost", { code: "outcome-unknown" });
        },
      },
      reconciliation: {
        reconcile: (attempts) =>
          Promise.all(
            attempts.map(async ({ request }) => {
              if (request.device?.name !== "d1") return { status: "absent" as const };
              return { status: "created" as const, enrollment: await provider.createEnrollment(request) };
            }),
          ),
      },
    };
    expect((await collect(flaky, count(3))).map(brief)).toEqual(["acme/d0", "acme/d1", "acme/d2"]);
    expect(batches).toEqual([["d1"], ["d0", "d2"]]);
  });

  it("says so when a provider gives too few results", async () => {
    const { provider } = fakeProvider("acme", 5);
    const short = { ...provider, bulk: { createBatch: () => Promise.resolve([]) } };
    expect((await collect(short, count(2))).map(brief)).toEqual([
      ["unknown", "outcome-unknown", "requests[0]", "the provider gave no result"],
      ["unknown", "outcome-unknown", "requests[1]", "the provider gave no result"],
    ]);
  });

  it("refuses a concurrency of 0", async () => {
    const { provider } = fakeProvider("acme");
    await expect(collect(provider, count(1), { concurrency: 0 })).rejects.toMatchObject({
      path: "concurrency",
      message: "concurrency must be a whole number above zero",
    });
  });
});

describe("createRequestValidator", () => {
  it("finds the same faults without sending anything", () => {
    const { provider, batches } = fakeProvider("acme", 5);
    const validate = createRequestValidator(provider);
    expect(validate(named("a"), 0)).toBe(provider);
    expect(() => validate({ ...named("b"), tags: ["x"] }, 1)).toThrow("tags is not possible");
    expect(() => validate(named("a"), 2)).toThrow("key is the same as in requests[0]");
    expect(batches).toEqual([]);
  });
});
