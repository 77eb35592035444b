import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect } from "../../test/collect.js";
import { fakeProvider } from "../../test/fake-provider.js";
import { createEnrollments } from "../bulk/create-enrollments.js";
import type { Clock } from "../clock.js";
import { createReliably } from "../create-reliably.js";
import { EnrollmentError, enrollmentErrorCodes, type EnrollmentErrorDetails } from "../errors.js";
import type { EnrollmentProvider } from "../provider.js";
import type { ReconciledAttempt } from "../roles.js";
import { destinationOf } from "./destination.js";
import { createFallback, type FallbackOptions } from "./fallback.js";

type Failing = Readonly<Record<string, Omit<EnrollmentErrorDetails, "provider">>>;

/** A provider that fails the keys that a test names, for as many calls as it says. */
const failing = (name: string, failures: Failing = {}, times = Infinity, batchSize?: number) => {
  const { provider, batches } = fakeProvider(name, batchSize);
  const left = new Map(Object.keys(failures).map((key) => [key, times]));
  const errorOf = (key: string | undefined) => {
    const details = failures[key ?? ""] ?? failures["*"];
    const rest = left.get(key ?? "") ?? times;
    if (details === undefined || rest <= 0) return undefined;
    left.set(key ?? "", rest - 1);
    return new EnrollmentError(`${name} is down`, { ...details, provider: name });
  };
  const changed: EnrollmentProvider = {
    ...provider,
    createEnrollment: async (request) => {
      const error = errorOf(request.key);
      const enrollment = await provider.createEnrollment(request);
      if (error !== undefined) throw error;
      return enrollment;
    },
    ...(provider.bulk && {
      bulk: {
        createBatch: async (requests) => {
          const results = (await provider.bulk?.createBatch(requests)) ?? [];
          return results.map((result, place) => {
            const error = errorOf(requests[place]?.key);
            if (error === undefined) return result;
            return { status: error.code === "outcome-unknown" ? "unknown" : "failed", error };
          });
        },
      },
    }),
  };
  return { provider: changed, batches };
};

const testClock = () => {
  let now = 0;
  const waits: number[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
  return { clock, waits };
};

const fallbackOver = (
  members: readonly { readonly provider: EnrollmentProvider }[],
  options: Partial<FallbackOptions> = {},
) =>
  createFallback({
    name: "both",
    order: members.map(({ provider }) => provider.name),
    providers: members.map(({ provider }) => provider),
    clock: testClock().clock,
    ...options,
  });

const passedOn = ["unavailable", "rate-limited", "quota-exceeded"];

describe("the next member", () => {
  it.each(enrollmentErrorCodes.map((code) => [code]))("after %s", async (code) => {
    const [first, second] = [failing("first", { "*": { code } }), failing("second")];
    const creating = fallbackOver([first, second]).createEnrollment({ key: "k" });
    if (passedOn.includes(code)) {
      await expect(creating).resolves.toMatchObject({
        provider: "second",
        warnings: [
          { code: "fell-back", message: `second made it, for first failed with ${code} (first is down)` },
        ],
      });
    } else {
      await expect(creating).rejects.toMatchObject({ code, provider: "first" });
      expect(second.batches).toEqual([]);
    }
  });

  it("is not asked, and nobody is warned, while the first is in order", async () => {
    const [first, second] = [failing("first"), failing("second")];
    const enrollment = await fallbackOver([first, second]).createEnrollment({ key: "k" });
    expect(enrollment).toMatchObject({ provider: "first", warnings: [] });
    expect(second.batches).toEqual([]);
  });

  it("is passed over if it cannot honour the request; then the error is that of the one that could", async () => {
    const down = { code: "unavailable" } as const;
    const unable = failing("unable", { "*": { code: "unsupported" } });
    const [first, third] = [failing("first", { "*": down }), failing("third")];
    const message =
      "third made it, for first failed with unavailable (first is down), and unable failed with unsupported (unable is down)";
    await expect(fallbackOver([first, unable, third]).createEnrollment({})).resolves.toMatchObject({
      provider: "third",
      warnings: [{ code: "fell-back", message }],
    });
    await expect(fallbackOver([first, unable]).createEnrollment({})).rejects.toMatchObject({
      code: "unavailable",
      provider: "first",
    });
  });

  it("is never asked after outcome-unknown, whatever happens around it", async () => {
    const codes = fc.constantFrom(...enrollmentErrorCodes, undefined);
    await fc.assert(
      fc.asyncProperty(
        fc.array(codes, { minLength: 1, maxLength: 12 }),
        fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        async (outcomes, batchSize) => {
          const failures = Object.fromEntries(
            outcomes.flatMap((code, place) => (code === undefined ? [] : [[`k${place}`, { code }]])),
          );
          const first = failing("first", failures, Infinity, batchSize);
          const second = failing("second", {}, Infinity, 3);
          const requests = outcomes.map((_, place) => ({ key: `k${place}` }));
          const results = await collect(createEnrollments(fallbackOver([first, second]), requests));
          expect(results.map(({ key }) => key)).toEqual(requests.map(({ key }) => key));
          const expected = requests.filter((_, place) => passedOn.includes(outcomes[place] ?? ""));
          expect(second.batches.flat().toSorted()).toEqual(expected.map(({ key }) => key).toSorted());
          for (const [place, result] of results.entries()) {
            const code = outcomes[place];
            if (code === undefined) expect(result).toMatchObject({ enrollment: { provider: "first" } });
            else if (passedOn.includes(code))
              expect(result).toMatchObject({ enrollment: { provider: "second" } });
            else expect(result).toMatchObject({ error: { code, provider: "first" } });
          }
        },
      ),
    );
  });
});

it("tells its order as the way of a request", () => {
  const { steps } = destinationOf(fallbackOver([failing("first"), failing("second")]), {});
  expect(steps).toEqual([{ provider: "both", why: "first choice of first, second" }]);
});

describe("patience", () => {
  const limited = { code: "rate-limited", retryAfter: "PT20S" } as const;

  it("waits for a vendor that is back before the deadline", async () => {
    const { clock, waits } = testClock();
    const [first, second] = [failing("first", { k: limited }, 1), failing("second")];
    const enrollment = await fallbackOver([first, second], { clock }).createEnrollment({ key: "k" });
    expect(enrollment).toMatchObject({ provider: "first", warnings: [] });
    expect(waits).toEqual([20_000]);
  });

  it("ends at the deadline, all waits together", async () => {
    const { clock, waits } = testClock();
    const [first, second] = [failing("first", { k: limited }), failing("second")];
    const enrollment = await fallbackOver([first, second], { clock }).createEnrollment({ key: "k" });
    expect(enrollment.provider).toBe("second");
    expect(waits).toEqual([20_000]);
  });

  it("lasts to the very deadline", async () => {
    const { clock, waits } = testClock();
    const [first, second] = [failing("first", { k: limited }, 1), failing("second")];
    const both = fallbackOver([first, second], { clock, patience: "PT20S" });
    expect((await both.createEnrollment({ key: "k" })).provider).toBe("first");
    expect(waits).toEqual([20_000]);
  });

  it("is for what is rate-limited alone", async () => {
    const { clock, waits } = testClock();
    const down = { code: "unavailable", retryAfter: "PT5S" } as const;
    const [first, second] = [failing("first", { k: down }, 1), failing("second")];
    const enrollment = await fallbackOver([first, second], { clock }).createEnrollment({ key: "k" });
    expect([enrollment.provider, waits]).toEqual(["second", []]);
  });

  it("is a setting", async () => {
    const { clock, waits } = testClock();
    const [first, second] = [failing("first", { k: limited }), failing("second")];
    await fallbackOver([first, second], { clock, patience: "PT5S" }).createEnrollment({ key: "k" });
    expect(waits).toEqual([]);
  });
});

describe("bulk through a fallback", () => {
  it("sends on only the rows that failed so, in one batch, and keeps the order", async () => {
    const down = { code: "unavailable" } as const;
    const first = failing("first", { k1: down, k3: down, k4: { code: "forbidden" } }, Infinity, 10);
    const second = failing("second", {}, Infinity, 10);
    const requests = Array.from({ length: 6 }, (_, place) => ({ key: `k${place}` }));
    const outcomes = await collect(createEnrollments(fallbackOver([first, second]), requests));
    expect(first.batches).toEqual([["k0", "k1", "k2", "k3", "k4", "k5"]]);
    expect(second.batches).toEqual([["k1", "k3"]]);
    expect(
      outcomes.map((each) => (each.status === "created" ? each.enrollment.provider : each.error.code)),
    ).toEqual(["first", "second", "first", "second", "forbidden", "first"]);
  });

  it("cuts to the size of the member at hand", async () => {
    const first = failing("first", { "*": { code: "unavailable" } }, Infinity, 4);
    const second = failing("second", {}, Infinity, 2);
    const requests = Array.from({ length: 4 }, (_, place) => ({ key: `k${place}` }));
    const results = await fallbackOver([first, second]).bulk?.createBatch(requests);
    expect(results?.map(({ status }) => status)).toEqual(Array(4).fill("created"));
    expect(second.batches).toEqual([
      ["k0", "k1"],
      ["k2", "k3"],
    ]);
  });
});

describe("a lost answer", () => {
  const reconciling = (name: string, finding: ReconciledAttempt["status"], failures: Failing = {}) => {
    const { provider, batches } = failing(name, failures, 1);
    const asked: string[] = [];
    const attempt = (key = ""): ReconciledAttempt => {
      asked.push(key);
      if (finding === "absent") return { status: "absent" };
      if (finding === "undecided") return { status: "undecided", reason: "busy", checkByHand: "look" };
      return {
        status: "created",
        enrollment: {
          id: `${name}/${key}`,
          provider: name,
          vendor: "acme",
          artifacts: [],
          createdAt: "2026-09-20T10:00:00Z",
          expiresAt: "never",
          uses: "one",
          warnings: [],
          requestIds: [],
        },
      };
    };
    const able: EnrollmentProvider = {
      ...provider,
      reconciliation: {
        reconcile: (attempts) => Promise.resolve(attempts.map(({ request }) => attempt(request.key))),
      },
    };
    return { provider: able, batches, asked };
  };
  const lost = { "*": { code: "outcome-unknown" } } as const;
  const sentAt = "2026-09-20T10:00:00Z";

  it("is asked about only at the member that lost it", async () => {
    const [first, second] = [reconciling("first", "created", lost), reconciling("second", "absent")];
    const enrollment = await createReliably(fallbackOver([first, second]), { key: "k" });
    expect(enrollment.id).toBe("first/k");
    expect([first.asked, second.asked, second.batches]).toEqual([["k"], [], []]);
  });

  it("is asked about at every member if nobody knows who had it: absent only if all say so", async () => {
    const finding = async (...statuses: readonly ReconciledAttempt["status"][]) => {
      const members = statuses.map((status, place) => reconciling(`m${place}`, status));
      const role = fallbackOver(members).reconciliation;
      const [found] = (await role?.reconcile([{ request: { key: "k" }, sentAt }])) ?? [];
      return found?.status;
    };
    expect(await finding("absent", "absent")).toBe("absent");
    expect(await finding("absent", "created")).toBe("created");
    expect(await finding("undecided", "absent")).toBe("undecided");
    expect(await finding("undecided", "created")).toBe("created");
  });
});

describe("wrong settings", () => {
  const { provider } = fakeProvider("one");

  it.each([
    [["one"], "names fewer than two providers", "providers"],
    [["one", "one"], 'names "one" twice', "providers"],
    [["one", "two"], '"two" is not one of the providers (one)', "providers[1]"],
  ])("%j", (order, message, path) => {
    const create = () => createFallback({ name: "both", order, providers: [provider] });
    expect(create).toThrow(message);
    expect(create).toThrow(expect.objectContaining({ code: "invalid-config", path }) as Error);
  });
});
