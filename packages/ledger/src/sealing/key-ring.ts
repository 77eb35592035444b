import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { EnrollmentError, type Secret } from "@enrollkit/core";

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const cipher = "aes-256-gcm";

interface Key {
  /** Tells keys apart; nothing of the key can be learned from it. */
  readonly id: string;
  readonly sealing: Buffer;
}

const derive = (secret: Buffer, purpose: string, length: number): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "", `enrollkit/ledger/${purpose}/1`, length));

const readKey = (key: Secret, index: number): Key => {
  const text = key.reveal().trim();
  const isHex = /^[0-9a-f]{64}$/i.test(text);
  const secret = Buffer.from(text, isHex ? "hex" : "base64");
  if (secret.length !== keyBytes || (!isHex && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text))) {
    throw new EnrollmentError(`keys[${index}] is not a key: it must be 32 bytes in base64 or in hex`, {
      code: "invalid-config",
      path: `keys[${index}]`,
      advice: "`openssl rand -base64 32` makes one",
    });
  }
  return {
    id: derive(secret, "id", 8).toString("hex"),
    sealing: derive(secret, "seal", keyBytes),
  };
};

const changed = (context: string, cause?: unknown) =>
  new EnrollmentError("a sealed value of the ledger has been changed, or moved to another record", {
    code: "protocol",
    path: context,
    advice: "restore the ledger from a backup",
    cause,
  });

/** The keys that a ledger is opened with: the first seals, every one of them opens. */
export class KeyRing {
  readonly #keys: readonly Key[];

  /** @throws EnrollmentError `invalid-config` if one is no key; the key itself is not repeated. */
  constructor(keys: readonly Secret[]) {
    this.#keys = keys.map(readKey);
  }

  /** The id of the key that seals; undefined if there is none, and then nothing is sealed. */
  get currentId(): string | undefined {
    return this.#keys[0]?.id;
  }

  /** Whether a value was sealed with the key that seals now. */
  isCurrent(sealed: string): boolean {
    return this.currentId !== undefined && sealed.startsWith(`${this.currentId}.`);
  }

  /**
   * @param context - what the value belongs to: it opens for nothing else.
   * @returns the key's id, a dot, and nonce, cipher text and tag in base64url; undefined if there is no key.
   */
  seal(text: string, context: string): string | undefined {
    const [key] = this.#keys;
    if (key === undefined) return undefined;
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, key.sealing, nonce).setAAD(Buffer.from(context, "utf8"));
    const sealed = Buffer.concat([
      nonce,
      sealing.update(text, "utf8"),
      sealing.final(),
      sealing.getAuthTag(),
    ]);
    return `${key.id}.${sealed.toString("base64url")}`;
  }

  /**
   * @throws EnrollmentError `failed-precondition` if the key is not here; `protocol` if the value was changed, or
   *   belongs to something else.
   */
  open(sealed: string, context: string): string {
    const dot = sealed.indexOf(".");
    const keyId = sealed.slice(0, Math.max(dot, 0));
    const key = this.#keys.find(({ id }) => id === keyId);
    if (key === undefined) throw this.#lacks(keyId);
    const text = sealed.slice(dot + 1);
    const bytes = Buffer.from(text, "base64url");
    // What is not written as it was sealed is passed over when it is read, or may be.
    if (bytes.toString("base64url") !== text || bytes.length < nonceBytes + tagBytes) throw changed(context);
    const opening = createDecipheriv(cipher, key.sealing, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    }).setAAD(Buffer.from(context, "utf8"));
    try {
      opening.setAuthTag(bytes.subarray(-tagBytes));
      const start = opening.update(bytes.subarray(nonceBytes, -tagBytes));
      return Buffer.concat([start, opening.final()]).toString("utf8");
    } catch (cause) {
      throw changed(context, cause);
    }
  }

  #lacks(keyId: string): EnrollmentError {
    const given = this.#keys.map(({ id }) => id);
    const have = given.length === 0 ? "no key was given" : `the keys given are ${given.join(", ")}`;
    const known = /^[0-9a-f]{16}$/.test(keyId) ? `the key ${keyId}` : "a key that it does not name";
    return new EnrollmentError(`the ledger is sealed with ${known}; ${have}`, {
      code: "failed-precondition",
      path: "keys",
      advice: "give the key that it was sealed with; after a change of keys, the old one as the second",
    });
  }
}
