import { describe, expect, it } from "vitest";
import { createBatchReliably, createReliably } from "./create-reliably.js";
import type { ProviderDescriptor } from "./descriptor.js";
import type { Enrollment } from "./enrollment.js";
import { EnrollmentError, type EnrollmentErrorCode } from "./errors.js";
import type { EnrollmentProvider } from "./provider.js";
import type { LostAttempt, ReconciledAttempt } from "./roles.js";

const now = Date.parse("2026-09-20T10:00:00Z");
const clock = { now: () => now, sleep: () => Promise.resolve() };
const descriptor = { product: "Acme MDM", uniqueFields: [] } as unknown as ProviderDescriptor;

const enrollment = (id: string, key?: string): Enrollment => ({
  id,
  provider: "acme",
  vendor: "acme",
  ...(key !== undefined && { key }),
  artifacts: [],
  createdAt: "2026-09-20T10:00:00Z",
  expiresAt: "never",
  uses: "one",
  warnings: [],
  requestIds: [],
});
const failWith = (code: EnrollmentErrorCode) =>
  new EnrollmentError("the vendor is gone", { code, requestId: "r1" });
const absent: ReconciledAttempt = { status: "absent" };
const undecided: ReconciledAttempt = {
  status: "undecided",
  reason: "two look alike",
  checkByHand: "look in the console",
};

/** Answers creates and reconciliations from two scripts, and records what it was asked. */
const scripted = (
  creates: readonly (EnrollmentErrorCode | "created")[],
  findings?: readonly (ReconciledAttempt | EnrollmentErrorCode)[],
) => {
  const keys: (string | undefined)[] = [];
  const attempts: LostAttempt[] = [];
  const provider: EnrollmentProvider = {
    name: "acme",
    descriptor,
    check: () => Promise.reject(new Error("not asked")),
    createEnrollment: ({ key }) => {
      const answer = creates[keys.push(key) - 1] ?? "unknown";
      return answer === "created"
        ? Promise.resolve(enrollment(`e${keys.length}`, key))
        : Promise.reject(failWith(answer));
    },
    ...(findings && {
      reconciliation: {
        reconcile: (asked) => {
          const finding = findings[attempts.push(...asked) - 1] ?? absent;
          return typeof finding === "string" ? Promise.reject(failWith(finding)) : Promise.resolve([finding]);
        },
      },
    }),
  };
  return { provider, keys, attempts };
};

describe("createReliably", () => {
  it("returns what the provider created", async () => {
    const { provider } = scripted(["created"]);
    expect(await createReliably(provider, { key: "k" }, { clock })).toEqual(enrollment("e1", "k"));
  });

  it.each<EnrollmentErrorCode>(["unavailable", "invalid-request", "rate-limited", "protocol"])(
    "throws %s as it is, and asks nobody",
    async (code) => {
      const { provider, attempts, keys } = scripted([code], [absent]);
      await expect(createReliably(provider, {}, { clock })).rejects.toMatchObject({ code, requestId: "r1" });
      expect([keys.length, attempts.length]).toEqual([1, 0]);
    },
  );

  it("takes what the vendor finds after a lost answer", async () => {
    const found = enrollment("found", "k");
    const { provider, keys, attempts } = scripted(
      ["outcome-unknown"],
      [{ status: "created", enrollment: found }],
    );
    expect(await createReliably(provider, { key: "k" }, { clock })).toEqual(found);
    expect(keys).toHaveLength(1);
    expect(attempts).toEqual([{ request: { key: "k" }, sentAt: "2026-09-20T10:00:00.000Z" }]);
  });

  it("sends again what did not happen, under the same key", async () => {
    const { provider, keys, attempts } = scripted(["outcome-unknown", "created"], [absent]);
    const { id, key } = await createReliably(provider, {}, { clock });
    expect([id, key]).toEqual(["e2", undefined]);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[0]).toBe(keys[1]);
    expect(attempts[0]?.request.key).toBe(keys[0]);
  });

  it("gives up on a vendor that loses every answer, and says that nothing was created", async () => {
    const lost = ["outcome-unknown", "outcome-unknown", "outcome-unknown", "outcome-unknown"] as const;
    const { provider, keys } = scripted(lost, [absent, absent, absent, absent]);
    await expect(createReliably(provider, {}, { clock })).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
      advice: "nothing was created; try again later",
    });
    expect(keys).toHaveLength(3);
  });

  it.each<[string, ReconciledAttempt | EnrollmentErrorCode, string, string]>([
    ["cannot tell", undecided, "the answer was lost, and two look alike", "look in the console"],
    [
      "cannot be asked",
      "unavailable",
      "the answer was lost, and the vendor could not be asked what became of it: the vendor is gone",
      "look for it in the vendor's console before sending it again",
    ],
  ])("never resends where the vendor %s", async (_, finding, message, advice) => {
    const { provider, keys } = scripted(["outcome-unknown"], [finding]);
    await expect(createReliably(provider, {}, { clock })).rejects.toMatchObject({
      code: "outcome-unknown",
      message,
      advice,
      retryable: false,
      requestId: "r1",
    });
    expect(keys).toHaveLength(1);
  });

  it("never resends where there is no way to reconcile", async () => {
    const { provider, keys } = scripted(["outcome-unknown", "created"]);
    await expect(createReliably(provider, {}, { clock })).rejects.toMatchObject({ code: "outcome-unknown" });
    expect(keys).toHaveLength(1);
  });

  it("wraps an error that no adapter should throw", async () => {
    const bug = new TypeError("x is not a function");
    const provider = { ...scripted([]).provider, createEnrollment: () => Promise.reject(bug) };
    await expect(createReliably(provider, {}, { clock })).rejects.toMatchObject({
      code: "unknown",
      provider: "acme",
      cause: bug,
    });
  });

  it("lets an abort through untouched", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const provider = {
      ...scripted([]).provider,
      createEnrollment: () => {
        controller.abort(reason);
        return Promise.reject(reason);
      },
    };
    await expect(createReliably(provider, {}, { clock, signal: controller.signal })).rejects.toBe(reason);
  });
});

/** A batch of three of which one was lost: what became of it, and what the provider was asked. */
const losingTheSecond = async (findings: readonly ReconciledAttempt[]) => {
  const asked: { attempts: readonly LostAttempt[]; signal: AbortSignal | undefined }[] = [];
  const sent: unknown[] = [];
  const { signal } = new AbortController();
  const provider: EnrollmentProvider = {
    name: "acme",
    descriptor,
    check: () => Promise.reject(new Error("not asked")),
    createEnrollment: (request) => {
      sent.push(request);
      return request.profile === "lost" && sent.length <= 3
        ? Promise.reject(failWith("outcome-unknown").with({ provider: "member" }))
        : Promise.resolve(enrollment(`e${sent.length}`, request.key));
    },
    reconciliation: {
      reconcile: (attempts, options) => {
        asked.push({ attempts, signal: options?.signal });
        return Promise.resolve(findings);
      },
    },
  };
  const requests = [{ key: "a" }, { profile: "lost", tags: ["t"] }, { key: "c" }];
  return { results: await createBatchReliably(provider, requests, { clock, signal }), asked, sent, signal };
};

describe("createBatchReliably", () => {
  it("asks only about what was lost, and lets the call be aborted", async () => {
    const { asked, signal } = await losingTheSecond([undecided]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.signal).toBe(signal);
    expect(asked[0]?.attempts).toEqual([
      {
        request: { key: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, profile: "lost", tags: ["t"] },
        sentAt: "2026-09-20T10:00:00.000Z",
        provider: "member",
      },
    ]);
  });

  it("keeps the order, and says unknown of what nobody can tell", async () => {
    const { results } = await losingTheSecond([undecided]);
    expect(results.map(({ status }) => status)).toEqual(["created", "unknown", "created"]);
  });

  it("sends the lost one again, and takes out the key that it made up", async () => {
    const { results, sent } = await losingTheSecond([absent]);
    expect(sent).toHaveLength(4);
    expect(sent[3]).toEqual(sent[1]);
    expect(results).toEqual([
      { status: "created", enrollment: enrollment("e1", "a") },
      { status: "created", enrollment: enrollment("e4") },
      { status: "created", enrollment: enrollment("e3", "c") },
    ]);
    expect(Object.keys((results[1] as { enrollment: object }).enrollment)).not.toContain("key");
  });

  it("takes no answer for no proof: nothing is sent again", async () => {
    const { results, sent } = await losingTheSecond([]);
    expect(sent).toHaveLength(3);
    expect(results[1]).toMatchObject({ status: "unknown", error: { code: "outcome-unknown" } });
  });
});
