import {
  createFallback,
  createRouter,
  EnrollmentError,
  EnrollmentService,
  failureOf,
  type EnrollmentProvider,
  type EnrollmentRequest,
} from "@enrollkit/core";
import { createMemoryProvider, type MemoryProvider } from "@enrollkit/testing";
import { expect, it } from "vitest";
import { collect, until, useWorlds, type World } from "../care/world.js";
import { describeOnBothBackEnds } from "../support/storages.js";

const rows = (): EnrollmentRequest[] =>
  Array.from({ length: 6 }, (_, row) => ({ key: `row-${row}`, tenant: row % 2 === 0 ? "even" : "odd" }));

const down = (provider: string) =>
  failureOf(new EnrollmentError("the vendor is out of order", { code: "unavailable", provider }));

/** A vendor that is out of order for some rows. */
const downFor = (provider: EnrollmentProvider, isDown: (key: string) => boolean): EnrollmentProvider => ({
  ...provider,
  createEnrollment: async (request, options) => {
    if (isDown(request.key ?? "")) throw down(provider.name).error;
    return provider.createEnrollment(request, options);
  },
  bulk: {
    createBatch: async (requests, options) => {
      const up = requests.filter(({ key }) => !isDown(key ?? ""));
      const results = up.length === 0 ? [] : ((await provider.bulk?.createBatch(up, options)) ?? []);
      return requests.map((request) => results[up.indexOf(request)] ?? down(provider.name));
    },
  },
});

const spareFor = ({ clock }: World): MemoryProvider =>
  createMemoryProvider({ name: "spare", account: "spare", runtime: { clock, random: () => 0.5 } });

const serviceOf = (provider: EnrollmentProvider) => new EnrollmentService({ providers: [provider] });

const fallbackOver = (first: EnrollmentProvider, second: EnrollmentProvider, { clock }: World) =>
  createFallback({ name: "both", order: [first.name, second.name], providers: [first, second], clock });

const keysOf = (vendor: MemoryProvider) => vendor.enrollments().map(({ asked }) => asked.key);

const makersOf = async ({ ledger }: World) =>
  (await collect(ledger.records())).map(({ key, provider, outcome }) => [key, provider, outcome]).toSorted();

describeOnBothBackEnds("a run through a composite", (openStorage) => {
  const openWorld = useWorlds(openStorage);

  it("records the member that a router chose, and knows a row by its tenant too", async () => {
    const world = await openWorld();
    const spare = spareFor(world);
    const router = createRouter({
      name: "devices",
      rules: [{ when: { tenant: "odd" }, provider: "spare" }, { provider: "memory" }],
      providers: [world.vendor, spare],
    });
    const service = serviceOf(router);
    const { counts } = await world.ledger.run({ name: "june", requests: rows, service });
    expect(counts.created).toBe(6);
    expect(await makersOf(world)).toEqual(
      rows().map(({ key, tenant }) => [key, tenant === "odd" ? "spare" : "memory", "created"]),
    );
    expect(keysOf(spare)).toEqual(["row-1", "row-3", "row-5"]);

    const moved = () => rows().map((row, place) => (place === 2 ? { ...row, tenant: "odd" } : row));
    await expect(world.ledger.run({ name: "june", requests: moved, service })).rejects.toMatchObject({
      code: "failed-precondition",
      message: expect.stringContaining("changed rows: 3") as string,
    });
    await world.ledger.sync({ service });
    await service.revoke({ provider: "spare", id: spare.enrollments()[0]?.id ?? "" });
    expect(spare.liveCount()).toBe(2);
  });

  it("records a row that no rule takes, and sends the others", async () => {
    const world = await openWorld();
    const router = createRouter({
      name: "devices",
      rules: [{ when: { tenant: "even" }, provider: "memory" }],
      providers: [world.vendor],
    });
    const { counts } = await world.ledger.run({ name: "june", requests: rows, service: serviceOf(router) });
    expect(counts).toMatchObject({ created: 3, failed: 3 });
    const failed = (await collect(world.ledger.outcomes("june"))).filter(({ status }) => status === "failed");
    expect(failed.map((each) => each.status === "failed" && [each.error.code, each.error.path])).toEqual(
      [1, 3, 5].map((row) => ["invalid-request", `requests[${row}].tenant`]),
    );
  });

  it("records the member that a fallback came to, with its warning", async () => {
    const world = await openWorld();
    const spare = spareFor(world);
    const first = downFor(world.vendor, (key) => key > "row-3");
    const service = serviceOf(fallbackOver(first, spare, world));
    const { counts } = await world.ledger.run({ name: "june", requests: rows, service });
    expect(counts.created).toBe(6);
    expect(await makersOf(world)).toEqual(
      rows().map(({ key = "" }) => [key, key > "row-3" ? "spare" : "memory", "created"]),
    );
    const outcomes = await collect(world.ledger.outcomes("june"));
    expect(
      outcomes.map((each) =>
        each.status === "created" ? each.enrollment.warnings.map(({ code }) => code) : [],
      ),
    ).toEqual([[], [], [], [], ["fell-back"], ["fell-back"]]);
  });

  it("that was killed behind the second choice asks only that one, and sends nothing twice", async () => {
    const world = await openWorld();
    const spare = spareFor(world);
    const first = downFor(world.vendor, () => true);
    let sent = false;
    const silent: EnrollmentProvider = {
      ...spare,
      bulk: {
        createBatch: async (requests, options) => {
          await spare.bulk?.createBatch(requests, options);
          sent = true;
          return new Promise(() => {});
        },
      },
    };
    void world.ledger
      .run({ name: "june", requests: rows, service: serviceOf(fallbackOver(first, silent, world)) })
      .catch(() => undefined);
    await until(() => sent);
    expect(await makersOf(world)).toEqual(rows().map(({ key }) => [key, "spare", "sending"]));

    const next = await world.crash();
    let askedFirst = false;
    const asked: EnrollmentProvider = {
      ...world.vendor,
      reconciliation: {
        reconcile: (attempts) => {
          askedFirst = true;
          return Promise.resolve(attempts.map(() => ({ status: "absent" })));
        },
      },
    };
    const service = serviceOf(fallbackOver(asked, spare, world));
    const { counts } = await next.ledger.run({ name: "june", requests: rows, service });
    expect(counts.created).toBe(6);
    expect([askedFirst, world.vendor.enrollments().length]).toEqual([false, 0]);
    expect(keysOf(spare)).toEqual(rows().map(({ key }) => key));
    expect(await makersOf(next)).toEqual(rows().map(({ key }) => [key, "spare", "created"]));
  });

  it("leaves a lost answer with the member that lost it", async () => {
    const world = await openWorld();
    const spare = spareFor(world);
    world.vendor.failNext({ kind: "reset", when: "after" }, "create");
    const service = serviceOf(fallbackOver(world.vendor, spare, world));
    const { counts } = await world.ledger.run({ name: "june", requests: rows, service });
    expect(counts.created).toBe(6);
    expect([world.vendor.enrollments().length, spare.enrollments().length]).toEqual([6, 0]);
  });
});

describeOnBothBackEnds("a recorded composite", (openStorage) => {
  const openWorld = useWorlds(openStorage);

  it("keeps a create that passes on as one record, under the name of who made it", async () => {
    const world = await openWorld();
    const { ledger, vendor } = world;
    const spare = spareFor(world);
    const recorded = ledger.recorded(
      fallbackOver(
        downFor(vendor, () => true),
        spare,
        world,
      ),
    );
    const enrollment = await recorded.createEnrollment({ key: "row-1" });
    const [record, ...others] = await collect(ledger.records());
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      provider: "spare",
      outcome: "created",
      enrollmentId: enrollment.id,
      tries: 2,
    });
    const history = await ledger.history(record?.id ?? 0);
    expect(history.map(({ outcome }) => outcome)).toEqual(["sending", "failed", "sending", "created"]);
  });

  it("notes what its members say and do", async () => {
    const world = await openWorld();
    const { ledger, vendor } = world;
    const spare = spareFor(world);
    const router = createRouter({
      name: "devices",
      rules: [{ when: { tenant: "odd" }, provider: "spare" }, { provider: "memory" }],
      providers: [vendor, spare],
    });
    const recorded = ledger.recorded(router);
    const { id } = await recorded.createEnrollment({ key: "row-1", tenant: "odd" });
    await recorded.createEnrollment({ key: "row-2" });
    await recorded.revocation?.revoke(id);
    const records = await collect(ledger.records());
    expect(records.map(({ key, provider, state }) => [key, provider, state]).toSorted()).toEqual([
      ["row-1", "spare", "revoked"],
      ["row-2", "memory", "pending"],
    ]);
  });
});
