import { Secret } from "@enrollkit/core";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { openFingerprints } from "../../src/sealing/hash-key.js";
import { KeyRing } from "../../src/sealing/key-ring.js";
import { describeOnBothBackEnds } from "../support/storages.js";

const ringOf = (...fills: number[]) =>
  new KeyRing(fills.map((fill) => new Secret(Buffer.alloc(32, fill).toString("hex"))));

describeOnBothBackEnds("fingerprints", (openStorage) => {
  it("are the same as often as the ledger is opened, with any key that fits", async () => {
    const storage = await openStorage();
    const marks: string[] = [];
    for (const ring of [ringOf(), ringOf(), ringOf(1), ringOf(2, 1), ringOf(2)]) {
      marks.push((await openFingerprints(storage, ring)).ofRecipient("ada@example.com"));
    }
    expect(new Set(marks).size).toBe(1);
    await expect(openFingerprints(storage, ringOf(1))).rejects.toMatchObject({ code: "failed-precondition" });
    await expect(openFingerprints(storage, ringOf())).rejects.toMatchObject({ code: "failed-precondition" });
  });

  it("are those of whoever came first, if several open a new ledger at once", async () => {
    const storage = await openStorage();
    const all = await Promise.all([1, 2, 3, 4].map(() => openFingerprints(storage, ringOf(1))));
    expect(new Set(all.map(({ ofSecret }) => ofSecret("token"))).size).toBe(1);
  });

  it("tell people, requests and secrets apart, and no case of letters in an address", async () => {
    const { ofRecipient, ofRequest, ofSecret } = await openFingerprints(await openStorage(), ringOf(1));
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one.toLowerCase() !== other.toLowerCase());
        expect(ofRecipient(one)).toBe(ofRecipient(one.toLowerCase()));
        const marks = [ofRecipient(one), ofRecipient(other), ofRequest(one), ofRequest(other), ofSecret(one)];
        expect(new Set(marks).size).toBe(marks.length);
      }),
    );
  });

  it("cannot be made again without the ledger", async () => {
    const email = "ada@example.com";
    const storage = await openStorage();
    const { ofRecipient } = await openFingerprints(storage, ringOf(1));
    await storage.once((db) => db.deleteFrom("facts").execute());
    expect((await openFingerprints(storage, ringOf(1))).ofRecipient(email)).not.toBe(ofRecipient(email));
  });
});
