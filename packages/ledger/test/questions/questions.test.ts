import { Secret } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { collect, useWorlds, type World } from "../care/world.js";
import { describeOnBothBackEnds } from "../support/storages.js";

const hour = 3_600_000;

const createAll = async ({ ledger, vendor }: World, lifetimes: readonly `P${string}`[]) => {
  const provider = ledger.recorded(vendor);
  for (const [place, validFor] of lifetimes.entries()) {
    await provider.createEnrollment({ key: `key-${place}`, validFor });
  }
};

describeOnBothBackEnds("questions", (openStorage) => {
  const createWorld = useWorlds(openStorage);

  describe("what expires", () => {
    it("is what lives and runs out within the time, the soonest first", async () => {
      const world = await createWorld();
      const { ledger, vendor, clock } = world;
      await createAll(world, ["PT3H", "PT1H", "P2D", "PT2H", "PT2H"]);
      const provider = ledger.recorded(vendor);
      const shared = await provider.createEnrollment({ key: "shared", uses: "unlimited", validFor: "PT2H" });
      await ledger.noteUse({ provider: "memory", enrollmentId: shared.id, device: { id: "d" } });
      const used = await provider.createEnrollment({ key: "used", validFor: "PT2H" });
      await ledger.noteUse({ provider: "memory", enrollmentId: used.id, device: { id: "e" } });
      const keys = async (within: `P${string}`) =>
        (await collect(ledger.expiring(within))).map(({ key }) => key);
      expect(await keys("PT3H")).toEqual(["key-1", "key-3", "key-4", "shared", "key-0"]);
      expect(await keys("PT2H59M")).toEqual(["key-1", "key-3", "key-4", "shared"]);
      clock.advance(hour);
      expect(await keys("P1D")).toEqual(["key-3", "key-4", "shared", "key-0"]);
      expect(await collect(ledger.expiring("P1D", { keys: ["key-0"] }))).toMatchObject([{ key: "key-0" }]);
    });

    it("comes page by page, also where many run out at one instant", async () => {
      const { ledger, service } = await createWorld();
      const requests = Array.from({ length: 1100 }, (_, place) => ({
        key: `row-${place}`,
        validFor: place % 2 === 0 ? ("PT1H" as const) : ("PT2H" as const),
      }));
      await ledger.run({ name: "many", requests: () => requests, service });
      const found = await collect(ledger.expiring("P1D"));
      expect(new Set(found.map(({ id }) => id)).size).toBe(1100);
      expect(found.slice(0, 550).every(({ expiresAt }) => expiresAt === "2026-09-20T11:00:00.000Z")).toBe(
        true,
      );
    });

    it("is not asked of what is no time", async () => {
      const { ledger } = await createWorld();
      for (const [within, message] of [
        ["PT0S", "within must be longer than nothing"],
        ["P-1D", "within must be longer than nothing"],
        ["tomorrow", "within is not an ISO 8601 duration; write PT1H for one hour, P7D for seven days"],
      ] as [`P${string}`, string][]) {
        const refusal = { code: "invalid-request", path: "within", message };
        await expect(collect(ledger.expiring(within))).rejects.toMatchObject(refusal);
      }
    });
  });

  it("counts, and sums up by provider, outcome and state", async () => {
    const world = await createWorld();
    const { ledger, vendor, clock } = world;
    await createAll(world, ["PT1H", "PT2H", "PT2H"]);
    vendor.failNext({ kind: "status", status: 403 }, "create");
    await expect(ledger.recorded(vendor).createEnrollment({ key: "refused" })).rejects.toThrow();
    clock.advance(hour);
    expect(await ledger.count()).toBe(4);
    expect(await ledger.count({ outcomes: ["failed"] })).toBe(1);
    expect(await ledger.count({ states: ["expired"] })).toBe(1);
    expect(await ledger.count({ states: ["pending", "expired"] })).toBe(3);
    expect(await ledger.count({ states: ["used", "revoked"] })).toBe(0);
    expect(await ledger.summary()).toEqual([
      { provider: "memory", outcome: "created", state: "expired", count: 1 },
      { provider: "memory", outcome: "created", state: "pending", count: 2 },
      { provider: "memory", outcome: "failed", count: 1 },
    ]);
    expect(await ledger.summary({ provider: "another" })).toEqual([]);
  });

  it("finds a person by the address, which is not stored", async () => {
    const { ledger, vendor, query } = await createWorld();
    await ledger.recorded(vendor).createEnrollment({ recipient: { email: "Ada@example.com", name: "Ada" } });
    expect(await ledger.count({ recipient: "ada@EXAMPLE.com" })).toBe(1);
    expect(await ledger.count({ recipient: "bob@example.com" })).toBe(0);
    expect(JSON.stringify(await query("SELECT * FROM records"))).not.toMatch(/ada@/i);
  });

  it("finds whose a secret is, which is not stored without a key", async () => {
    const world = await createWorld({ settings: {} });
    const { ledger, vendor, query } = world;
    await createAll(world, ["P1D"]);
    const { artifacts } = await ledger.recorded(vendor).createEnrollment({ key: "hers" });
    const [secret = expect.fail("no secret")] = artifacts.flatMap((each) =>
      "value" in each ? [each.value] : [],
    );
    expect(await collect(ledger.records({ secret }))).toMatchObject([{ key: "hers" }]);
    expect(await ledger.count({ secret: new Secret(`${secret.reveal()}x`) })).toBe(0);
    expect(JSON.stringify(await query("SELECT * FROM records"))).not.toContain(secret.reveal());
  });

  it("tells what has happened to a record, and links renewals", async () => {
    const { ledger, vendor, service, clock } = await createWorld();
    await ledger.recorded(vendor).createEnrollment({ key: "a" });
    clock.advance(1000);
    await ledger.renew(1, { service });
    expect(await ledger.history(1)).toEqual([
      { event: "changed", at: "2026-09-20T10:00:00Z", by: "test", outcome: "sending" },
      { event: "changed", at: "2026-09-20T10:00:00Z", by: "test", outcome: "created", state: "pending" },
      { event: "renewed", at: "2026-09-20T10:00:01Z", by: "renew", record: 2 },
      { event: "changed", at: "2026-09-20T10:00:01Z", by: "renew", outcome: "created", state: "revoked" },
    ]);
    expect(await ledger.history(2)).toEqual([
      { event: "renews", at: "2026-09-20T10:00:01Z", by: "renew", record: 1 },
      { event: "changed", at: "2026-09-20T10:00:01Z", by: "test", outcome: "sending" },
      { event: "changed", at: "2026-09-20T10:00:01Z", by: "test", outcome: "created", state: "pending" },
    ]);
  });

  it("knows no history of what is no record", async () => {
    const { ledger } = await createWorld();
    for (const [id, code] of [
      [7, "not-found"],
      [-1, "invalid-request"],
      [Number.NaN, "invalid-request"],
    ] as const) {
      await expect(ledger.history(id)).rejects.toMatchObject({ code, path: "id" });
    }
  });
});
