import {
  EnrollmentService,
  toIsoInstant,
  type EnrollmentProvider,
  type EnrollmentRequest,
} from "@enrollkit/core";
import PgBoss from "pg-boss";
import { expect, it, onTestFinished, vi } from "vitest";
import type { WorkEvent } from "../../src/work/work.js";
import { collect, keyOf, until, useWorlds, type World } from "../care/world.js";
import { describeOnBothBackEnds } from "../support/storages.js";

const rowsOf = (count: number) => (): EnrollmentRequest[] =>
  Array.from({ length: count }, (_, row) => ({ key: `row-${row}` }));

const submit = ({ ledger, service }: World, count: number) =>
  ledger.submit({ name: "july", requests: rowsOf(count), service });

/** A worker that ends when nothing is left; what it told. */
const work = async ({ ledger, service }: World, signal?: AbortSignal): Promise<readonly string[]> => {
  const events: string[] = [];
  const onEvent = ({ kind }: WorkEvent) => {
    events.push(kind);
  };
  await ledger.work({ service, until: "empty", signal, onEvent });
  return events;
};

const liveKeys = ({ vendor }: World) =>
  vendor
    .enrollments()
    .flatMap(({ asked, state }) => (state === "pending" ? [asked.key] : []))
    .sort();

const keys = (count: number) =>
  rowsOf(count)()
    .map(({ key }) => key)
    .sort();

/** A vendor that one worker never gets beyond. */
const hanging = (provider: EnrollmentProvider, onCall: () => void): EnrollmentProvider => {
  const never = () => {
    onCall();
    return new Promise<never>(() => undefined);
  };
  return {
    ...provider,
    createEnrollment: never,
    ...(provider.bulk && { bulk: { createBatch: never } }),
  };
};

describeOnBothBackEnds("workers", (openStorage) => {
  const openWorld = useWorlds(openStorage);

  it("and whoever submits share one queue, which is closed with the ledger", async () => {
    const starts = vi.spyOn(PgBoss.prototype, "start");
    const stops = vi.spyOn(PgBoss.prototype, "stop");
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const world = await openWorld();
    await Promise.all([submit(world, 3), work(world), work(world)]);
    await work(world);
    expect(liveKeys(world)).toEqual(keys(3));
    await world.ledger.close();
    expect([starts.mock.calls.length, stops.mock.calls.length]).toEqual([1, 1]);
  });

  it("need a ledger with a key", async () => {
    const world = await openWorld({ settings: {} });
    const refusal = { code: "failed-precondition", path: "keys" };
    await expect(submit(world, 1)).rejects.toMatchObject(refusal);
    await expect(work(world)).rejects.toMatchObject(refusal);
  });

  it("do what was submitted, job by job", async () => {
    const world = await openWorld();
    const { counts } = await submit(world, 1200);
    expect(counts.planned).toBe(1200);
    expect(await work(world)).toEqual(["job-taken", "job-done", "job-taken", "job-done"]);
    expect((await world.ledger.progress("july")).counts).toMatchObject({ created: 1200, planned: 0 });
    expect(liveKeys(world)).toEqual(keys(1200));
    const outcomes = await collect(world.ledger.outcomes("july"));
    expect(outcomes.map(({ key }) => key)).toEqual(rowsOf(1200)().map(({ key }) => key));
  });

  it("have nothing to do twice when a run is submitted twice", async () => {
    const world = await openWorld();
    await submit(world, 3);
    await submit(world, 3);
    expect(await work(world)).toEqual(["job-taken", "job-done"]);
    await submit(world, 3);
    expect(await work(world)).toEqual([]);
    expect(liveKeys(world)).toEqual(keys(3));
  });

  it("pass over a job whose run was purged in the meantime", async () => {
    const world = await openWorld();
    const { ledger, service, clock } = world;
    await submit(world, 3);
    await ledger.run({ name: "july", requests: rowsOf(3), service });
    clock.advance(400 * 86_400_000);
    const purged = await ledger.purge({ before: toIsoInstant(clock.now()) });
    expect(purged).toMatchObject({ records: 3, runs: 1 });
    expect(await work(world)).toEqual([]);
  });

  it("go on where one has died, and ask about what it had sent", async () => {
    const world = await openWorld();
    await submit(world, 40);
    let calls = 0;
    const stuck = new EnrollmentService({
      providers: [hanging(world.vendor, () => (calls += 1))],
    });
    void world.ledger.work({ service: stuck });
    await until(() => calls > 0);
    const next = await world.crash();
    expect((await next.ledger.progress("july")).counts.sending).toBe(40);
    const events = await work(next);
    expect(events.at(-1)).toBe("job-done");
    expect(liveKeys(next)).toEqual(keys(40));
    expect((await next.ledger.progress("july")).counts.created).toBe(40);
  });

  it("wait for a vendor that is out of order, and try again", async () => {
    const world = await openWorld();
    await submit(world, 2);
    world.vendor.failNext({ kind: "status", status: 429 }, "create", 6);
    const events = await work(world);
    expect(events).toContain("job-later");
    expect(events.at(-1)).toBe("job-done");
    expect(liveKeys(world)).toEqual(keys(2));
  });

  it("set a row aside that nobody can send, and do the others", async () => {
    const world = await openWorld({
      settings: { keys: [keyOf(1)], mostTries: 2 },
      vendor: { descriptor: { roles: ["reconciliation"] } },
    });
    const { vendor } = world;
    const poison: EnrollmentProvider = {
      ...vendor,
      createEnrollment: (request, options) => {
        if (request.key !== "row-1") return vendor.createEnrollment(request, options);
        vendor.failNext({ kind: "reset", when: "before" }, "create", 1);
        return vendor.createEnrollment(request, options);
      },
    };
    await submit(world, 4);
    await world.ledger.work({
      service: new EnrollmentService({ providers: [poison] }),
      until: "empty",
      concurrency: 1,
    });
    const [aside] = await collect(world.ledger.records({ outcomes: ["set-aside"] }));
    expect(aside).toMatchObject({ key: "row-1", tries: 2, error: { code: "outcome-unknown" } });
    expect(liveKeys(world)).toEqual(keys(4).filter((key) => key !== "row-1"));
  });

  it("share a run: each row is sent by one of them", async () => {
    const world = await openWorld();
    await submit(world, 2500);
    await Promise.all([work(world), work(world)]);
    expect(liveKeys(world)).toEqual(keys(2500));
  });

  it("see through what is under way when they are stopped, and give the job back", async () => {
    const world = await openWorld({ vendor: { descriptor: { roles: ["reconciliation"] } } });
    await submit(world, 30);
    const controller = new AbortController();
    const { vendor } = world;
    const stopping: EnrollmentProvider = {
      ...vendor,
      createEnrollment: (request, options) => {
        controller.abort();
        return vendor.createEnrollment(request, options);
      },
    };
    await world.ledger.work({
      service: new EnrollmentService({ providers: [stopping] }),
      signal: controller.signal,
      concurrency: 2,
    });
    const { counts } = await world.ledger.progress("july");
    expect(counts.sending + counts["in-doubt"]).toBe(0);
    expect(counts.created).toBe(vendor.liveCount());
    expect(counts.planned).toBeGreaterThan(0);
    await work(world);
    expect(liveKeys(world)).toEqual(keys(30));
  });
});
