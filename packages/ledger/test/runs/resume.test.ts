import type { EnrollmentOutcome, EnrollmentRequest } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect, keyOf, until, useWorlds, type World } from "../care/world.js";
import { describeOnBothBackEnds } from "../support/storages.js";

const rowsOf = (count: number) => (): EnrollmentRequest[] =>
  Array.from({ length: count }, (_, row) => ({
    key: `row-${row}`,
    recipient: { email: `person-${row}@example.com` },
  }));

const run = (
  { ledger, service }: World,
  requests: () => Iterable<EnrollmentRequest>,
  deliver?: (outcomes: readonly EnrollmentOutcome[]) => Promise<void> | void,
) => ledger.run({ name: "june", requests, service, deliver });

/** How many live enrollments there are for each key. */
const livePerKey = ({ vendor }: World): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { asked, state } of vendor.enrollments()) {
    if (state !== "pending") continue;
    const { key = "none" } = asked;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

const secretsOf = (outcome: EnrollmentOutcome): readonly string[] =>
  outcome.status === "created"
    ? outcome.enrollment.artifacts.flatMap((each) => ("value" in each ? [each.value.reveal()] : []))
    : [];

/** As JSON has it; the database writes an instant without the zeros at its end. */
const plain = (outcome: EnrollmentOutcome): unknown =>
  JSON.parse(JSON.stringify(outcome), (name, value: unknown) =>
    name === "createdAt" ? Date.parse(String(value)) : value,
  );

const oneEach = (count: number) => new Map(rowsOf(count)().map(({ key = "" }) => [key, 1]));

describeOnBothBackEnds("a run", (openStorage) => {
  const openWorld = useWorlds(openStorage);

  it("tells every outcome before it is recorded, and has them all on record", async () => {
    const world = await openWorld();
    const told: EnrollmentOutcome[] = [];
    const progress = await run(world, rowsOf(7), async (outcomes) => {
      const { counts } = await world.ledger.progress("june");
      expect(counts.created).toBe(told.length);
      told.push(...outcomes);
    });
    expect(progress).toMatchObject({ name: "june", rows: 7, counts: { created: 7, planned: 0, sending: 0 } });
    expect(told.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const recorded = await collect(world.ledger.outcomes("june"));
    expect(recorded.map(({ index, key, status }) => [index, key, status])).toEqual(
      rowsOf(7)().map(({ key }, index) => [index, key, "created"]),
    );
    const inOrder = told.toSorted((one, other) => one.index - other.index);
    expect(recorded.map(plain)).toEqual(inOrder.map(plain));
    expect(recorded.map(secretsOf)).toEqual(inOrder.map(secretsOf));
    expect(new Set(recorded.flatMap(secretsOf)).size).toBeGreaterThanOrEqual(7);
  });

  it("that is done sends nothing when it is started again", async () => {
    const world = await openWorld();
    await run(world, rowsOf(5));
    const calls = world.vendor.callCount();
    const again = await run(world, rowsOf(5), () => expect.fail("there is no news"));
    expect(again.counts.created).toBe(5);
    expect(world.vendor.callCount()).toBe(calls);
  });

  it("gives rows without a key one of their own, and does not tell it", async () => {
    const world = await openWorld();
    const told: EnrollmentOutcome[] = [];
    await run(
      world,
      () => [{}, { key: "mine" }],
      (outcomes) => void told.push(...outcomes),
    );
    expect(told.map(({ index, key }) => [index, key]).sort()).toEqual([
      [0, undefined],
      [1, "mine"],
    ]);
    const recorded = await collect(world.ledger.outcomes("june"));
    expect(recorded.map((outcome) => ["key" in outcome, outcome.status])).toEqual([
      [false, "created"],
      [true, "created"],
    ]);
  });

  it.each([
    ["with batches", {}],
    ["one by one", { descriptor: { roles: ["reconciliation", "listing", "revocation"] as const } }],
  ])("that died at any moment ends with one enrollment for each row: %s", async (_name, vendor) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("before-recording", "lost-answer", "refused"), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.nat(20),
        async (deaths, moment) => {
          const name = `run-${Math.floor(1e9 * Math.random()).toString(36)}`;
          let world = await openWorld({ vendor });
          const requests = rowsOf(25);
          for (const death of deaths) {
            if (death === "lost-answer") world.vendor.failNext({ kind: "reset", when: "after" }, "create", 2);
            if (death === "refused") world.vendor.failNext({ kind: "status", status: 503 }, "create", 2);
            let told = 0;
            let isDead = false;
            const dying = world.ledger.run({
              name,
              requests,
              service: world.service,
              concurrency: 3,
              // Nothing comes after this: the process is gone in the middle of it.
              deliver: (outcomes) => {
                told += outcomes.length;
                if (told <= moment) return undefined;
                isDead = true;
                return new Promise(() => undefined);
              },
            });
            await Promise.race([dying, until(() => isDead)]);
            world = await world.crash();
          }
          const { counts } = await world.ledger.run({ name, requests, service: world.service });
          expect(counts).toMatchObject({ created: 25, planned: 0, sending: 0, "in-doubt": 0 });
          expect(livePerKey(world)).toEqual(oneEach(25));
          const outcomes = await collect(world.ledger.outcomes(name));
          const live = world.vendor.enrollments().filter(({ state }) => state === "pending");
          expect(outcomes.map((each) => each.status === "created" && each.enrollment.id).sort()).toEqual(
            live.map(({ id }) => id).sort(),
          );
        },
      ),
      { numRuns: 6 },
    );
  });

  it.each<[string, (rows: EnrollmentRequest[]) => EnrollmentRequest[], string]>([
    ["a row", (rows) => rows.with(2, { key: "row-2" }), "changed rows: 3"],
    [
      "many rows",
      (rows) => rows.map((row) => ({ ...row, tags: ["new"] })),
      "changed rows: 1, 2, 3, 4, 5 and 3 more",
    ],
    ["rows at the end", (rows) => [...rows, { key: "more" }], "rows that were added after row 8: 1"],
    ["fewer rows", (rows) => rows.slice(0, 5), "rows missing at the end: 3"],
    ["the order", (rows) => rows.with(0, rows[1] ?? {}).with(1, rows[0] ?? {}), "changed rows: 1, 2"],
  ])("is refused with another input: %s", async (_name, change, found) => {
    const world = await openWorld();
    await run(world, rowsOf(8));
    const calls = world.vendor.callCount();
    await expect(run(world, () => change(rowsOf(8)()))).rejects.toMatchObject({
      code: "failed-precondition",
      path: "run",
      message: `the input is not the one that run "june" was started with: ${found}`,
    });
    expect(world.vendor.callCount()).toBe(calls);
    expect(await collect(world.ledger.records({ run: "june" }))).toHaveLength(8);
  });

  it("takes the same rows with their members in another order", async () => {
    const world = await openWorld();
    await run(world, () => [{ key: "a", tags: ["x"] }]);
    await expect(run(world, () => [{ tags: ["x"], key: "a" }])).resolves.toBeDefined();
  });

  it("is refused with other settings", async () => {
    const world = await openWorld();
    await run(world, rowsOf(1));
    const { ledger, service } = world;
    await expect(
      ledger.run({ name: "june", requests: rowsOf(1), service, onUnsupported: "warn" }),
    ).rejects.toMatchObject({
      code: "failed-precondition",
      message: expect.stringContaining("other settings") as string,
    });
  });

  it.each(["", "a b", "-x", "x".repeat(65), "a@example.com"])("has no name like %j", async (name) => {
    const { ledger, service } = await openWorld();
    await expect(ledger.run({ name, requests: rowsOf(1), service })).rejects.toMatchObject({
      code: "invalid-request",
      path: "run",
    });
  });

  it("records rows that are wrong, and sends the others; once they are right they are sent too", async () => {
    const world = await openWorld();
    const rows = (uses: number) => () => [...rowsOf(2)(), { key: "bad", uses }, { key: "row-1" }];
    const told: EnrollmentOutcome[] = [];
    await run(world, rows(-1), (outcomes) => void told.push(...outcomes));
    const failures = told.flatMap((each) =>
      each.status === "failed" ? [[each.index, each.error.path]] : [],
    );
    expect(failures).toEqual([
      [2, "requests[2].uses"],
      [3, "requests[3].key"],
    ]);
    expect(livePerKey(world)).toEqual(oneEach(2));
    const again = await run(world, rows(-1), () => expect.fail("there is no news"));
    expect(again.counts).toMatchObject({ created: 2, failed: 2 });
  });

  it("tries again what failed because the vendor was out of order", async () => {
    const world = await openWorld();
    world.vendor.failNext({ kind: "status", status: 429 }, "create", 6);
    const first = await run(world, rowsOf(3));
    expect(first.counts).toMatchObject({ failed: 3, created: 0 });
    const second = await run(world, rowsOf(3));
    expect(second.counts).toMatchObject({ failed: 0, created: 3 });
  });

  it("sets rows aside that were sent too often, with the reason", async () => {
    const world = await openWorld({ settings: { keys: [keyOf(1)], mostTries: 3 } });
    world.vendor.failNext({ kind: "status", status: 503 }, "create", 1000);
    const told: EnrollmentOutcome[] = [];
    const { counts } = await run(world, rowsOf(2), (outcomes) => void told.push(...outcomes));
    expect(counts).toMatchObject({ "set-aside": 2, planned: 0 });
    const records = await collect(world.ledger.records({ outcomes: ["set-aside"] }));
    expect(records.map(({ tries }) => tries)).toEqual([3, 3]);
    expect(told).toMatchObject(
      [0, 1].map((index) => ({ index, status: "failed", error: { code: "outcome-unknown" } })),
    );
    expect(world.vendor.liveCount()).toBe(0);
  });

  it("ends when it cannot be written down, and goes on later", async () => {
    const world = await openWorld();
    const full = new Error("no space for outcomes");
    await expect(run(world, rowsOf(30), () => Promise.reject(full))).rejects.toBe(full);
    const next = await world.crash();
    const { counts } = await run(next, rowsOf(30));
    expect(counts.created).toBe(30);
    expect(livePerKey(next)).toEqual(oneEach(30));
  });

  it("sees through what is under way when it is stopped", async () => {
    const world = await openWorld({ vendor: { descriptor: { roles: ["reconciliation"] } } });
    const controller = new AbortController();
    const reason = new Error("enough");
    const { ledger, service } = world;
    await expect(
      ledger.run({
        name: "june",
        requests: rowsOf(60),
        service,
        concurrency: 2,
        signal: controller.signal,
        deliver: () => {
          controller.abort(reason);
        },
      }),
    ).rejects.toBe(reason);
    const { counts } = await ledger.progress("june");
    expect(counts.sending + counts["in-doubt"]).toBe(0);
    expect(counts.created).toBe(world.vendor.liveCount());
    expect(counts.planned).toBeGreaterThan(0);
    expect((await run(world, rowsOf(60))).counts.created).toBe(60);
    expect(livePerKey(world)).toEqual(oneEach(60));
  });

  it("works without a key, and then has no secret on record", async () => {
    const world = await openWorld({ settings: {} });
    await run(world, rowsOf(2));
    const [outcome] = await collect(world.ledger.outcomes("june"));
    expect(outcome).toMatchObject({ status: "created", enrollment: { artifacts: [] } });
    const dump = JSON.stringify(await world.query("SELECT * FROM records"));
    expect(dump).not.toContain("person-");
    expect(dump).not.toContain("example.com");
  });

  it("keeps secrets only sealed", async () => {
    const world = await openWorld({ settings: { keys: [keyOf(1)], recipients: "store" } });
    const secrets: string[] = [];
    await run(world, rowsOf(2), (outcomes) => {
      for (const outcome of outcomes) {
        if (outcome.status !== "created") continue;
        for (const each of outcome.enrollment.artifacts)
          if ("value" in each) secrets.push(each.value.reveal());
      }
    });
    expect(secrets.length).toBeGreaterThan(0);
    const dump = JSON.stringify(await world.query("SELECT * FROM records"));
    for (const secret of secrets) expect(dump).not.toContain(secret);
    expect(dump).toContain("person-1@example.com");
  });
});

describe("rows", () => {
  it("are the same when a source gives them one by one", async () => {
    const { inChunks } = await import("../../src/runs/in-chunks.js");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 7 }), async (items, size) => {
        const chunks = await collect(inChunks(items, size));
        expect(chunks.flat()).toEqual(items);
        expect(chunks.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        expect(chunks.every(({ length }) => length > 0)).toBe(true);
      }),
    );
  });
});
