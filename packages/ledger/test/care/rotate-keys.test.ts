import { revealEnrollment } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { describeOnBothBackEnds } from "../support/storages.js";
import { collect, keyOf, useWorlds, type World } from "./world.js";

const oldKey = keyOf(1);
const newKey = keyOf(2);
const email = "ada@example.com";

const fill = async ({ ledger, vendor, service }: World) => {
  const requests = Array.from({ length: 600 }, (_, place) => ({
    key: `row-${place}`,
    recipient: { email: `person-${place}@example.com` },
  }));
  await ledger.submit({ name: "queued", requests: () => requests, service });
  await ledger.recorded(vendor).createEnrollment({ key: "single", recipient: { email } });
};

const readAll = async ({ ledger }: World) => (await collect(ledger.enrollments())).map(revealEnrollment);

/** By the id of the key. */
const sealed = ({ query }: World) =>
  query<{ key: string; count: number }>(`
    SELECT split_part(value, '.', 1) AS key, count(*)::int AS count FROM (
      SELECT sealed_request AS value FROM records UNION ALL SELECT sealed_secrets FROM records
        UNION ALL SELECT value FROM facts WHERE is_sealed
    ) everything WHERE value IS NOT NULL GROUP BY 1 ORDER BY 2`);

describeOnBothBackEnds("another key", (openStorage) => {
  const createWorld = useWorlds(openStorage);

  it("seals everything again, in batches, and the old one is not needed any more", async () => {
    const world = await createWorld({ settings: { keys: [oldKey] } });
    await fill(world);
    const before = await readAll(world);
    const both = await world.crash({ keys: [newKey, oldKey] });
    const told: number[] = [];
    const report = await both.ledger.rotateKeys({ onProgress: ({ resealed }) => told.push(resealed) });
    expect(report).toEqual({ resealed: 601 });
    expect(told).toEqual([500, 601]);
    expect(await sealed(both)).toEqual([{ key: expect.any(String) as string, count: 603 }]);
    expect(await both.ledger.rotateKeys()).toEqual({ resealed: 0 });

    const next = await both.crash({ keys: [newKey] });
    expect(await readAll(next)).toEqual(before);
    expect(await next.ledger.count({ recipient: email })).toBe(1);
    await next.ledger.work({ service: next.service, until: "empty" });
    expect(await next.ledger.count({ outcomes: ["created"] })).toBe(601);
    await expect(next.crash({ keys: [oldKey] })).rejects.toMatchObject({
      code: "failed-precondition",
      path: "keys",
    });
  });

  it("may be ended and repeated, while workers go on", async () => {
    const world = await createWorld({ settings: { keys: [oldKey] } });
    await fill(world);
    const both = await world.crash({ keys: [newKey, oldKey] });
    const stop = new Error("killed");
    await expect(
      both.ledger.rotateKeys({
        onProgress: () => {
          throw stop;
        },
      }),
    ).rejects.toBe(stop);
    expect(await sealed(both)).toHaveLength(2);
    const [report] = await Promise.all([
      both.ledger.rotateKeys(),
      both.ledger.work({ service: both.service, until: "empty" }),
    ]);
    expect(report.resealed).toBe(101);
    expect(await sealed(both)).toHaveLength(1);
    expect(await both.ledger.count({ outcomes: ["created"] })).toBe(601);
    expect(both.vendor.enrollments()).toHaveLength(601);
    expect(await readAll(await both.crash({ keys: [newKey] }))).toHaveLength(601);
  });

  it("says which records it could not open, and seals all others again", async () => {
    const world = await createWorld({ settings: { keys: [oldKey] } });
    const provider = world.ledger.recorded(world.vendor);
    for (const key of ["a", "b", "c"]) await provider.createEnrollment({ key });
    await world.query("UPDATE records SET sealed_secrets = left(sealed_secrets, -4) WHERE id = 2");
    const both = await world.crash({ keys: [newKey, oldKey] });
    await expect(both.ledger.rotateKeys()).rejects.toMatchObject({
      code: "protocol",
      message:
        "what these records have sealed cannot be opened: 2; " +
        "a sealed value of the ledger has been changed, or moved to another record",
    });
    const next = await both.crash({ keys: [newKey] });
    expect(await collect(next.ledger.enrollments({ keys: ["a", "c"] }))).toHaveLength(2);
  });

  it("is none without a key", async () => {
    const { ledger } = await createWorld({ settings: { keys: [] } });
    await expect(ledger.rotateKeys()).rejects.toMatchObject({ code: "failed-precondition", path: "keys" });
  });
});

describeOnBothBackEnds("what is sealed", (openStorage) => {
  const createWorld = useWorlds(openStorage);

  const createTwo = async () => {
    const world = await createWorld();
    const provider = world.ledger.recorded(world.vendor);
    for (const key of ["a", "b"]) await provider.createEnrollment({ key, recipient: { email } });
    return world;
  };

  describe("cannot be opened", () => {
    it.each([
      [
        "secrets of another record",
        "UPDATE records SET sealed_secrets = n.sealed_secrets FROM records n WHERE n.id = 3 - records.id",
      ],
      [
        "a request of another record",
        "UPDATE records SET sealed_request = n.sealed_request FROM records n WHERE n.id = 3 - records.id",
      ],
      ["a request in the place of secrets", "UPDATE records SET sealed_secrets = sealed_request"],
      [
        "bytes that were changed",
        "UPDATE records SET sealed_secrets = overlay(sealed_secrets PLACING 'AAAA' FROM 40)",
      ],
      [
        "bytes that are missing",
        "UPDATE records SET sealed_secrets = split_part(sealed_secrets, '.', 1) || '.'",
      ],
    ])("%s", async (_, statement) => {
      const world = await createTwo();
      await world.query(statement);
      await expect(readAll(world)).rejects.toMatchObject({
        code: "protocol",
        message: "a sealed value of the ledger has been changed, or moved to another record",
        advice: "restore the ledger from a backup",
      });
    });

    it.each([
      [
        "with another key",
        [newKey],
        /^the ledger is sealed with the key [0-9a-f]{16}; the keys given are [0-9a-f]{16}$/,
      ],
      ["with none", [], /^the ledger is sealed with the key [0-9a-f]{16}; no key was given$/],
    ])("by a ledger that is opened %s", async (_, keys, message) => {
      const world = await createTwo();
      await expect(world.crash({ keys })).rejects.toMatchObject({
        code: "failed-precondition",
        path: "keys",
        message: expect.stringMatching(message) as string,
      });
    });
  });

  it("is sealed from the moment there is a key, and people are found as before", async () => {
    const world = await createWorld({ settings: { keys: [] } });
    const create = ({ ledger, vendor }: World, key: string) =>
      ledger.recorded(vendor).createEnrollment({ key, recipient: { email } });
    await create(world, "a");
    expect(await world.query("SELECT is_sealed FROM facts")).toEqual([{ is_sealed: false }]);
    const next = await world.crash({ keys: [keyOf(1)] });
    await create(next, "b");
    expect(await next.query("SELECT is_sealed FROM facts")).toEqual([{ is_sealed: true }]);
    expect(await next.ledger.count({ recipient: email })).toBe(2);
    const artifacts = (await collect(next.ledger.enrollments())).map((each) => each.artifacts.length);
    expect(artifacts).toEqual([0, 2]);
  });
});
