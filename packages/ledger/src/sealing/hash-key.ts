import { createHmac, randomBytes } from "node:crypto";
import type { Storage } from "../storage/storage.js";
import type { KeyRing } from "./key-ring.js";

const fact = "hash-key";

/** Turns what must not be stored into something to compare it by. */
export interface Fingerprints {
  /** A person, by the e-mail address; upper and lower case are the same. */
  readonly ofRecipient: (email: string) => string;
  /** A request, by all its fields. */
  readonly ofRequest: (canonical: string) => string;
  /** What an enrollment's secrets were, to tell whether a given one is this. */
  readonly ofSecret: (secret: string) => string;
}

const createFingerprints = (hashKey: Buffer): Fingerprints => {
  const keyed = (purpose: string, text: string) =>
    createHmac("sha256", hashKey).update(`${purpose}\0${text}`, "utf8").digest("base64url");
  return {
    ofRecipient: (email) => keyed("recipient", email.toLowerCase()),
    ofRequest: (canonical) => keyed("request", canonical),
    ofSecret: (secret) => keyed("secret", secret),
  };
};

/**
 * The key that the ledger's fingerprints are made with: random, made with the ledger, and sealed as soon as the ledger
 * is opened with a key. Without one it lies beside the data, and only keeps fingerprints of two ledgers apart.
 *
 * @throws EnrollmentError `failed-precondition` if it is sealed with a key that is not given.
 */
export const openFingerprints = async (storage: Storage, keys: KeyRing): Promise<Fingerprints> => {
  const fresh = randomBytes(32).toString("base64url");
  const stored = await storage.repeatable(async (db) => {
    const sealed = keys.seal(fresh, fact);
    await db
      .insertInto("facts")
      .values({ name: fact, value: sealed ?? fresh, is_sealed: sealed !== undefined })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return db.selectFrom("facts").selectAll().where("name", "=", fact).executeTakeFirstOrThrow();
  });
  const { value, is_sealed: isSealed } = stored;
  const hashKey = isSealed ? keys.open(value, fact) : value;
  if (!isSealed || !keys.isCurrent(value)) await sealAgain(storage, keys, hashKey, value);
  return createFingerprints(Buffer.from(hashKey, "base64url"));
};

/** A ledger that gets its first key, or another, keeps its fingerprints: only the seal changes. */
const sealAgain = async (storage: Storage, keys: KeyRing, hashKey: string, stored: string) => {
  const sealed = keys.seal(hashKey, fact);
  if (sealed === undefined) return;
  await storage.repeatable((db) =>
    db
      .updateTable("facts")
      .set({ value: sealed, is_sealed: true })
      .where("name", "=", fact)
      .where("value", "=", stored)
      .execute(),
  );
};
