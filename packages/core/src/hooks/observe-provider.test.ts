import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { fakeProvider } from "../../test/fake-provider.js";
import { createEnrollments } from "../bulk/create-enrollments.js";
import { importDevices } from "../bulk/import-devices.js";
import type { Clock } from "../clock.js";
import { EnrollmentError } from "../errors.js";
import type { EnrollmentProvider, WithRole } from "../provider.js";
import type { LifecycleHooks, OperationOutcome, QueueChange } from "./lifecycle-hooks.js";
import { observeProvider } from "./observe-provider.js";

/** Each look at it takes ten milliseconds. */
const tickingClock = (): Clock => {
  let time = 0;
  return { now: () => (time += 10), sleep: () => Promise.resolve() };
};

const observed = (given: Partial<EnrollmentProvider> = {}, more: LifecycleHooks = {}) => {
  const outcomes: OperationOutcome[] = [];
  const queue: QueueChange[] = [];
  const hooks: LifecycleHooks = {
    onOutcome: (outcome) => void outcomes.push(outcome),
    onQueue: (change) => void queue.push(change),
    ...more,
  };
  const provider = observeProvider<EnrollmentProvider>(
    { ...plain, ...given },
    { hooks, clock: tickingClock() },
  );
  return { provider, hooks, outcomes, queue };
};

type Importer = WithRole<EnrollmentProvider, "deviceImport">;

const refusal = new EnrollmentError("no", { code: "forbidden" });
const lost = new EnrollmentError("who knows", { code: "outcome-unknown" });
const { provider: plain } = fakeProvider("acme");
const about = { provider: "acme", vendor: plain.descriptor.vendor, duration: 10 };

describe("observeProvider", () => {
  it("is the provider itself where nobody listens, or where the same hooks do already", () => {
    expect(observeProvider(plain, {})).toBe(plain);
    const { provider, hooks } = observed();
    expect(observeProvider(provider, { hooks })).toBe(provider);
  });

  it("keeps the descriptor, every role, whatever else there is, and each method's own this", async () => {
    class Provider implements WithRole<EnrollmentProvider, "revocation"> {
      readonly name = "acme";
      readonly descriptor = plain.descriptor;
      readonly client = { answer: 42 };
      readonly #id = "private";
      readonly revocation = { revoke: () => Promise.resolve() };
      check() {
        return Promise.resolve({ provider: this.#id, ok: true, findings: [] });
      }
      createEnrollment(...given: Parameters<EnrollmentProvider["createEnrollment"]>) {
        return plain.createEnrollment({ ...given[0], key: this.#id }, given[1]);
      }
    }
    const original = Object.freeze(new Provider());
    const outcomes: OperationOutcome[] = [];
    const hooks: LifecycleHooks = { onOutcome: (outcome) => void outcomes.push(outcome) };
    const provider = observeProvider(original, { hooks });
    expect(provider).toBeInstanceOf(Provider);
    expect(provider.descriptor).toBe(original.descriptor);
    expect(provider.client).toBe(original.client);
    expect(provider.revocation).toBe(original.revocation);
    expect(await provider.check()).toMatchObject({ provider: "private" });
    expect(await provider.createEnrollment({})).toMatchObject({ key: "private" });
    expect("bulk" in provider).toBe(false);
    expect({ ...provider }).toMatchObject({ name: "acme", client: { answer: 42 } });
    expect(outcomes).toHaveLength(1);
  });

  it.each([
    ["created", () => plain.createEnrollment({}), { status: "created", count: 1 }],
    ["refused", () => Promise.reject(refusal), { status: "failed", error: "forbidden", count: 1 }],
    ["lost", () => Promise.reject(lost), { status: "unknown", error: "outcome-unknown", count: 1 }],
    ["a bug", () => Promise.reject(new TypeError("bug")), { status: "failed", error: "unknown", count: 1 }],
    [
      "a bug at once",
      () => {
        throw new TypeError("bug");
      },
      { status: "failed", error: "unknown", count: 1 },
    ],
  ])("tells what came of a create: %s", async (_, createEnrollment, outcome) => {
    const { provider, outcomes } = observed({ createEnrollment });
    const expected = await Promise.allSettled([(async () => createEnrollment())()]);
    expect(await Promise.allSettled([provider.createEnrollment({})])).toEqual(expected);
    expect(outcomes).toEqual([{ ...about, operation: "create", size: 1, outcomes: [outcome] }]);
  });

  it("counts what came of an import", async () => {
    const device = {
      id: "d",
      provider: "acme",
      vendor: "acme",
      name: "a",
      state: "pending",
      requestIds: [],
    } as const;
    const importBatch = () =>
      Promise.resolve([
        { status: "created", device },
        { status: "failed", error: refusal },
      ] as const);
    const { provider, outcomes } = observed({ deviceImport: { importBatch } });
    expect(await provider.deviceImport?.importBatch([{ name: "a" }, { name: "b" }])).toHaveLength(2);
    expect(outcomes).toMatchObject([
      {
        operation: "import-batch",
        size: 2,
        outcomes: [
          { status: "created", count: 1 },
          { status: "failed", error: "forbidden", count: 1 },
        ],
      },
    ]);
  });

  it("tells of an aborted create, whose reason passes through untouched", async () => {
    const reason = new Error("enough");
    const { provider, outcomes } = observed({ createEnrollment: () => Promise.reject(reason) });
    const signal = AbortSignal.abort(reason);
    await expect(provider.createEnrollment({}, { signal })).rejects.toBe(reason);
    expect(outcomes).toMatchObject([{ outcomes: [{ status: "aborted", count: 1 }] }]);
  });

  it("counts the outcomes of batches, imports and reconciliations", async () => {
    const enrollment = await plain.createEnrollment({});
    const { provider, outcomes } = observed({
      bulk: {
        createBatch: () =>
          Promise.resolve([
            { status: "created", enrollment },
            { status: "failed", error: refusal },
            { status: "created", enrollment },
            { status: "unknown", error: lost },
            { status: "failed", error: new EnrollmentError("gone", { code: "not-found" }) },
          ]),
      },
      deviceImport: { importBatch: () => Promise.reject(refusal) },
      reconciliation: {
        reconcile: () =>
          Promise.resolve([
            { status: "absent" },
            { status: "undecided", reason: "two look alike", checkByHand: "look" },
          ]),
      },
    });
    await provider.bulk?.createBatch([{}, {}, {}, {}, {}]);
    await expect(provider.deviceImport?.importBatch([{ name: "a" }, { name: "b" }])).rejects.toBe(refusal);
    const attempt = { request: { key: "a" }, sentAt: "2026-09-20T10:00:00Z" } as const;
    await provider.reconciliation?.reconcile([attempt, attempt]);
    expect(outcomes).toEqual([
      {
        ...about,
        operation: "create-batch",
        size: 5,
        outcomes: [
          { status: "created", count: 2 },
          { status: "failed", error: "forbidden", count: 1 },
          { status: "unknown", error: "outcome-unknown", count: 1 },
          { status: "failed", error: "not-found", count: 1 },
        ],
      },
      {
        ...about,
        operation: "import-batch",
        size: 2,
        outcomes: [{ status: "failed", error: "forbidden", count: 2 }],
      },
      {
        ...about,
        operation: "reconcile",
        size: 2,
        outcomes: [
          { status: "absent", count: 1 },
          { status: "undecided", count: 1 },
        ],
      },
    ]);
  });

  it("works within what stands around it", async () => {
    const store = new AsyncLocalStorage<string>();
    let seen: string | undefined;
    const createEnrollment = async () => {
      await Promise.resolve();
      seen = store.getStore();
      return plain.createEnrollment({});
    };
    const around: LifecycleHooks["around"] = (operation, run) => {
      store.run(operation.operation, () => void run());
    };
    await observed({ createEnrollment }, { around }).provider.createEnrollment({});
    expect([seen, store.getStore()]).toEqual(["create", undefined]);
  });
});

describe("the queue of a bulk run", () => {
  const depths = (queue: readonly QueueChange[]) => queue.map(({ change, depth }) => [change, depth]);

  it("grows by what is read, and is empty at the end", async () => {
    const { provider, queue } = observed();
    const requests = [{ key: "a" }, { key: "a" }, { key: "b" }];
    for await (const outcome of createEnrollments(provider, requests)) expect(outcome.key).toBeDefined();
    expect(queue.every((each) => each.provider === "acme" && each.vendor === about.vendor)).toBe(true);
    // One of the three is refused before it is queued: its key is taken.
    expect(queue.map(({ change }) => change).sort()).toEqual([-1, -1, 1, 1]);
    expect(queue.at(-1)).toMatchObject({ depth: 0 });
  });

  it("forgets what was read and never sent", async () => {
    const abort = new AbortController();
    const createEnrollment = async () => {
      await nextTurn();
      abort.abort(new Error("enough"));
      return plain.createEnrollment({});
    };
    const { provider, queue } = observed({ createEnrollment });
    const requests = Array.from({ length: 5 }, (_, index) => ({ key: `row-${index}` }));
    const run = async () => {
      const options = { concurrency: 1, signal: abort.signal };
      for await (const outcome of createEnrollments(provider, requests, options))
        expect(outcome.index).toBe(0);
    };
    await expect(run()).rejects.toThrow("enough");
    expect(depths(queue).at(-1)?.[1]).toBe(0);
    expect(queue.reduce((sum, { change }) => sum + change, 0)).toBe(0);
    expect(queue.length).toBeGreaterThan(2);
  });

  it("is told for imports too", async () => {
    const { provider, queue } = observed({
      descriptor: { ...plain.descriptor, importBatch: { maxItems: 2, atomicity: "per-item" } },
      deviceImport: { importBatch: () => Promise.reject(refusal) },
    });
    for await (const { status } of importDevices(provider as Importer, [{ name: "a" }, { name: "b" }])) {
      expect(status).toBe("failed");
    }
    expect(depths(queue)).toEqual([
      [1, 1],
      [1, 2],
      [-2, 0],
    ]);
  });
});
