import { createHash, timingSafeEqual } from "node:crypto";
import * as z from "zod";

const brand = Symbol.for("@enrollkit/core/Secret");
const inspect = Symbol.for("nodejs.util.inspect.custom");

/** What a {@link Secret} shows of itself, everywhere. */
export const REDACTED = "[redacted]";

const digest = (text: string) => createHash("sha256").update(text, "utf8").digest();

/**
 * A value that must not leak: an enrollment token, a link, a password, a key.
 *
 * It prints as `[redacted]` through string conversion, template text, `JSON.stringify`, `util.inspect` and
 * `console.log`; spread and structured clone find nothing in it. {@link Secret.reveal} is the only way to the
 * value, so every place that reads a secret can be found by its name.
 */
export class Secret {
  readonly #value: string | undefined;

  /** @param value - the text to protect. */
  constructor(value: string) {
    if (typeof value !== "string") throw new TypeError("a Secret holds a string");
    this.#value = value === REDACTED ? undefined : value;
    Object.defineProperty(this, brand, { value: true });
    Object.freeze(this);
  }

  /** Whether a value is a Secret, also one made by another installed copy of this package. */
  static is(value: unknown): value is Secret {
    return typeof value === "object" && value !== null && brand in value;
  }

  /**
   * The value itself. Call it as late as possible and do not store the result.
   *
   * @throws Error if the value was lost: a Secret parsed back from JSON that had been redacted.
   */
  reveal(): string {
    if (this.#value === undefined) {
      throw new Error("this secret was redacted when it was written down; its value is not known here");
    }
    return this.#value;
  }

  /** Whether {@link Secret.reveal} has a value to give: false after a round trip through redacted JSON. */
  get isKnown(): boolean {
    return this.#value !== undefined;
  }

  /** Compares two values in a time that does not depend on where they differ. */
  equals(other: Secret | string): boolean {
    const text = typeof other === "string" ? other : other.reveal();
    return timingSafeEqual(digest(this.reveal()), digest(text));
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  [inspect](): string {
    return `Secret(${REDACTED})`;
  }
}

/** Reads a Secret back from JSON: text becomes one, `[redacted]` one that knows its value is lost. */
export const secretSchema: z.ZodType<Secret> = z.union([
  z.custom<Secret>((value) => Secret.is(value)),
  z.string().transform((text) => new Secret(text)),
]);
