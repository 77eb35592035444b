import {
  createReliably,
  EnrollmentError,
  EnrollmentService,
  revealEnrollment,
  type EnrollmentProvider,
} from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { describeOnBothBackEnds } from "../support/storages.js";
import { collect, until, useWorlds, withoutAnswer } from "./world.js";

const ada = { key: "row-1", recipient: { email: "ada@example.com" } };

describeOnBothBackEnds("a recorded provider", (openStorage) => {
  const createWorld = useWorlds(openStorage);

  it("writes the intent before the call, and the result after it", async () => {
    const { ledger, vendor } = await createWorld();
    let seen: unknown;
    const watched: EnrollmentProvider = {
      ...vendor,
      createEnrollment: async (request, options) => {
        seen = (await collect(ledger.records())).map(({ outcome, key, tries }) => ({ outcome, key, tries }));
        return vendor.createEnrollment(request, options);
      },
    };
    const enrollment = await ledger.recorded(watched).createEnrollment(ada);

    expect(seen).toEqual([{ outcome: "sending", key: "row-1", tries: 1 }]);
    const [record] = await collect(ledger.records());
    expect(record).toMatchObject({ outcome: "created", state: "pending", enrollmentId: enrollment.id });
    const stored = (await collect(ledger.enrollments())).map(revealEnrollment);
    expect(stored).toEqual([{ ...revealEnrollment(enrollment), createdAt: "2026-09-20T10:00:00Z" }]);
    expect((await ledger.history(record?.id ?? 0)).map(({ outcome }) => outcome)).toEqual([
      "sending",
      "created",
    ]);
  });

  it("records a refusal as a failure, and throws it", async () => {
    const { ledger, vendor } = await createWorld();
    vendor.failNext({ kind: "status", status: 403 }, "create");
    await expect(ledger.recorded(vendor).createEnrollment(ada)).rejects.toMatchObject({ code: "forbidden" });
    const [record] = await collect(ledger.records());
    expect(record).toMatchObject({ outcome: "failed", error: { code: "forbidden" } });
  });

  it("gives a request without a key one for the vendor, and takes it out of the result", async () => {
    const { ledger, vendor } = await createWorld();
    const enrollment = await ledger.recorded(vendor).createEnrollment({});
    expect(enrollment).not.toHaveProperty("key");
    const [record] = await collect(ledger.records());
    expect(record?.key).toBe(vendor.enrollments()[0]?.asked.key);
    expect(record?.key).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ["after the vendor has acted", "after", 1, 1],
    ["before the vendor has acted", "before", 1, 2],
  ] as const)("reconciles an answer that was lost %s", async (_, when, made, tries) => {
    const { ledger, vendor, clock } = await createWorld();
    vendor.failNext({ kind: "reset", when }, "create");
    const enrollment = await createReliably(ledger.recorded(vendor), ada, { clock });
    expect(vendor.enrollments()).toHaveLength(made);
    const records = await collect(ledger.records());
    expect(records).toMatchObject([{ outcome: "created", enrollmentId: enrollment.id, tries }]);
  });

  it("asks the ledger for the vendor which enrollments are on record", async () => {
    const { ledger, vendor, clock } = await createWorld();
    const first = await ledger.recorded(vendor).createEnrollment({ key: "other" });
    let known: ReadonlySet<string> | undefined;
    const asking: EnrollmentProvider = {
      ...vendor,
      reconciliation: {
        reconcile: async (attempts, options) => {
          known = await options?.recorded?.([first.id, "nobody's"]);
          return (await vendor.reconciliation?.reconcile(attempts, options)) ?? [];
        },
      },
    };
    vendor.failNext({ kind: "reset", when: "after" }, "create");
    await createReliably(ledger.recorded(asking), ada, { clock });
    expect(known).toEqual(new Set([first.id]));
  });

  it("leaves what the vendor cannot tell of as unknown, and asks once more when it is told to settle", async () => {
    const { ledger, vendor, clock, service } = await createWorld();
    let isMute = true;
    const mute: EnrollmentProvider = {
      ...vendor,
      reconciliation: {
        reconcile: async (attempts, options) =>
          isMute
            ? attempts.map(
                () => ({ status: "undecided", reason: "it is mute", checkByHand: "look" }) as const,
              )
            : ((await vendor.reconciliation?.reconcile(attempts, options)) ?? []),
      },
    };
    vendor.failNext({ kind: "reset", when: "after" }, "create");
    await expect(createReliably(ledger.recorded(mute), ada, { clock })).rejects.toMatchObject({
      code: "outcome-unknown",
    });
    expect(await collect(ledger.records())).toMatchObject([{ outcome: "unknown" }]);
    isMute = false;
    expect(await ledger.settle({ service })).toMatchObject({ created: 1, failed: 0, unknown: 0 });
    expect(await collect(ledger.records())).toMatchObject([{ outcome: "created" }]);
  });

  it("records a batch under one attempt, and its lost answers are reconciled too", async () => {
    const { ledger, vendor, clock, query, service } = await createWorld();
    const provider = ledger.recorded(vendor);
    vendor.failNext({ kind: "reset", when: "after" }, "create");
    const requests = ["a", "b", "c"].map((key) => ({ key }));
    const results = await provider.bulk?.createBatch(requests);
    expect(results?.map(({ status }) => status)).toEqual(["unknown", "unknown", "unknown"]);
    expect(await query("SELECT DISTINCT attempt FROM records")).toHaveLength(1);
    expect(await ledger.settle({ service })).toMatchObject({ created: 3 });
    expect(vendor.enrollments()).toHaveLength(3);
    expect(clock.waits).toContain(10_000);
  });

  it("keeps each result of a batch for its own request", async () => {
    const { ledger, vendor } = await createWorld();
    const requests = [{ key: "a" }, { key: "b", profile: "nowhere" }, { key: "c" }];
    const results = await ledger.recorded(vendor).bulk?.createBatch(requests);
    expect(results?.map(({ status }) => status)).toEqual(["created", "failed", "created"]);
    expect(await collect(ledger.records())).toMatchObject([
      { key: "a", outcome: "created" },
      { key: "b", outcome: "failed" },
      { key: "c", outcome: "created" },
    ]);
  });

  it("writes down what is learned by asking and by revoking, and passes all other roles through", async () => {
    const { ledger, vendor } = await createWorld();
    const provider = ledger.recorded(vendor);
    const used = await provider.createEnrollment({ key: "a" });
    const revoked = await provider.createEnrollment({ key: "b" });
    vendor.enrollDevice(used, { id: "device-1" });
    await provider.tracking?.getStatuses([used]);
    await provider.revocation?.revoke(revoked.id);
    expect(await collect(ledger.records())).toMatchObject([
      { key: "a", state: "used", devices: [{ id: "device-1" }], usedAt: "2026-09-20T10:00:00Z" },
      { key: "b", state: "revoked" },
    ]);
    expect(provider.policies).toBe(vendor.policies);
    expect(provider.descriptor).toBe(vendor.descriptor);
    expect(provider.name).toBe("memory");
  });

  it("has no role that the provider lacks", async () => {
    const { ledger, vendor } = await createWorld({ vendor: { descriptor: { roles: [] } } });
    expect(Object.keys(ledger.recorded(vendor)).sort()).toEqual(
      ["check", "createEnrollment", "descriptor", "name"].sort(),
    );
  });

  it("does not record a row of a run twice", async () => {
    const { ledger, vendor } = await createWorld();
    const recorded = ledger.recorded(vendor);
    const service = new EnrollmentService({ providers: [recorded] });
    await ledger.run({ name: "run", requests: () => [ada], service });
    expect(await ledger.count()).toBe(1);
    await ledger.recorded(recorded).createEnrollment({ key: "single" });
    expect(await ledger.count()).toBe(2);
  });

  it("leaves a call that was given up in doubt", async () => {
    const { ledger, vendor, service } = await createWorld();
    const controller = new AbortController();
    const reason = new Error("enough");
    const abortable: EnrollmentProvider = {
      ...vendor,
      createEnrollment: async (request, options) => {
        await vendor.createEnrollment(request);
        controller.abort(reason);
        options?.signal?.throwIfAborted();
        throw new Error("not reached");
      },
    };
    const creating = ledger.recorded(abortable).createEnrollment(ada, { signal: controller.signal });
    await expect(creating).rejects.toBe(reason);
    expect(await collect(ledger.records())).toMatchObject([{ outcome: "in-doubt" }]);
    expect(await ledger.settle({ service })).toMatchObject({ created: 1 });
  });

  describe("whose process ends between intent and result", () => {
    it("is in doubt, and settled by the next", async () => {
      const world = await createWorld();
      void world.ledger.recorded(withoutAnswer(world.vendor)).createEnrollment(ada);
      await until(() => world.vendor.enrollments().length === 1);
      const next = await world.crash();
      expect(await collect(next.ledger.records())).toMatchObject([{ outcome: "sending" }]);
      const report = await next.ledger.settle({ service: next.service });
      expect(report).toEqual({ created: 1, failed: 0, unknown: 0, postponed: 0, failures: [] });
      const [enrollment] = await collect(next.ledger.enrollments());
      expect(enrollment).toMatchObject({ id: "enrollment-1", key: "row-1", recipient: ada.recipient });
      expect(enrollment?.artifacts[0]).toHaveProperty("kind", "enrollment-token");
      expect(await next.ledger.settle({ service: next.service })).toMatchObject({ created: 0 });
    });

    it("has failed if nothing came of it, and nobody sends it again", async () => {
      const world = await createWorld();
      const never: EnrollmentProvider = {
        ...world.vendor,
        createEnrollment: () => new Promise(() => {}),
      };
      void world.ledger.recorded(never).createEnrollment(ada);
      await until(async () => (await world.ledger.count()) === 1);
      const next = await world.crash();
      expect(await next.ledger.settle({ service: next.service })).toMatchObject({ failed: 1 });
      expect(await collect(next.ledger.records())).toMatchObject([
        { outcome: "failed", error: { code: "unavailable", retryable: true } },
      ]);
      expect(next.vendor.enrollments()).toHaveLength(0);
    });

    it("becomes unknown without a key, with advice, and is settled once there is one", async () => {
      const world = await createWorld({ settings: { keys: [] } });
      void world.ledger.recorded(withoutAnswer(world.vendor)).createEnrollment(ada);
      await until(() => world.vendor.enrollments().length === 1);
      const next = await world.crash();
      expect(await next.ledger.settle({ service: next.service })).toMatchObject({ unknown: 1 });
      const [record] = await collect(next.ledger.records());
      expect(record?.error).toMatchObject({
        code: "outcome-unknown",
        message: "the answer was lost, and what was asked for is not known: the ledger had no key",
        advice: "look for it in the vendor's console; with a key the ledger finds out by itself next time",
      });
    });

    it("stays in doubt while the vendor cannot be asked, or is not configured", async () => {
      const world = await createWorld();
      void world.ledger.recorded(withoutAnswer(world.vendor)).createEnrollment(ada);
      void world.ledger
        .recorded({ ...withoutAnswer(world.vendor), name: "gone" })
        .createEnrollment({ key: "b" });
      await until(() => world.vendor.enrollments().length === 2);
      const next = await world.crash();
      next.vendor.failNext({ kind: "status", status: 403 });
      const report = await next.ledger.settle({ service: next.service });
      expect(report).toMatchObject({ created: 0, postponed: 2 });
      expect(report.failures.map(({ provider, error }) => [provider, error.code])).toEqual([
        ["memory", "forbidden"],
        ["gone", "invalid-request"],
      ]);
      expect(await next.ledger.settle({ service: next.service })).toMatchObject({ created: 1, postponed: 1 });
    });

    it("does not touch what a process that lives has under way", async () => {
      const { ledger, vendor, service } = await createWorld();
      let answer: () => void = () => {};
      const slow: EnrollmentProvider = {
        ...vendor,
        createEnrollment: async (request, options) => {
          await new Promise<void>((resolve) => (answer = resolve));
          return vendor.createEnrollment(request, options);
        },
      };
      const creating = ledger.recorded(slow).createEnrollment(ada);
      await until(async () => (await ledger.count({ outcomes: ["sending"] })) === 1);
      expect(await ledger.settle({ service })).toMatchObject({ created: 0, failed: 0, postponed: 0 });
      answer();
      await expect(creating).resolves.toHaveProperty("id");
    });

    it("settles what it could not record itself when its answer came", async () => {
      const { ledger, vendor, service, storage } = await createWorld();
      const asItWas = { ...storage };
      const failing: EnrollmentProvider = {
        ...vendor,
        createEnrollment: async (request, options) => {
          const enrollment = await vendor.createEnrollment(request, options);
          Object.assign(storage, {
            repeatable: () => Promise.reject(new EnrollmentError("gone", { code: "unavailable" })),
          });
          return enrollment;
        },
      };
      await expect(ledger.recorded(failing).createEnrollment(ada)).rejects.toMatchObject({
        code: "outcome-unknown",
        retryable: false,
        cause: { code: "unavailable" },
      });
      Object.assign(storage, asItWas);
      expect(await collect(ledger.records())).toMatchObject([{ outcome: "sending" }]);
      expect(await ledger.settle({ service })).toMatchObject({ created: 1 });
      expect(vendor.enrollments()).toHaveLength(1);
    });
  });
});
