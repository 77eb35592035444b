import { EnrollmentError, instantMilliseconds, LAST_INSTANT, type Enrollment } from "@enrollkit/core";
import { abortable } from "./abortable.js";

/** The part of an enrollment that the journal remembers: what Google does not show again. */
export type IssuedEnrollment = Pick<Enrollment, "id" | "createdAt" | "expiresAt" | "uses">;

const lastExpiry = Date.parse(LAST_INSTANT);

/**
 * When a token expires that is made now: Google clamps an expiry to the last instant that it can write.
 *
 * @param now - milliseconds since the Unix epoch, as the result.
 * @param lifetime - milliseconds.
 */
export const dueAt = (now: number, lifetime: number): number => Math.min(now + lifetime, lastExpiry);

/** A create whose answer was lost. */
interface LostCreate {
  /** Milliseconds; months and years have become days when it was sent. */
  readonly lifetime: number;
  /** When its token would expire, in milliseconds since the Unix epoch: it depends on when Google got to it. */
  readonly from: number;
  readonly to: number;
  /** Google said 2xx and nothing that could be read: there should be a token. */
  readonly answered: boolean;
}

/** So many revocations are remembered; the oldest are forgotten first. */
const rememberedRevocations = 10_000;

/** Google's clock may lag behind ours, and it lists a token for as long. */
const graceMilliseconds = 600_000;

const expiryOf = ({ expiresAt }: IssuedEnrollment): number =>
  expiresAt === "unknown" || expiresAt === "never" ? Infinity : instantMilliseconds(expiresAt);

/**
 * What one provider has done so far: the tokens that it handed out, the creates that are under way, and those whose
 * answer was lost. After a lost answer this tells its tokens from strange ones; Google cannot, as it keeps nothing
 * with a token that a caller could look for.
 */
export class CreateJournal {
  readonly #now: () => number;
  readonly #underWay = new Set<Promise<unknown>>();
  /** By token name. Those long expired are forgotten: Google no longer lists them. */
  readonly #handedOut = new Map<string, IssuedEnrollment>();
  readonly #lost = new Map<string | symbol, LostCreate>();
  readonly #revoked = new Set<string>();
  #pruneAt = 1024;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs a create of a wished lifetime in milliseconds, and writes down how it ended. */
  async follow<Issued extends IssuedEnrollment>(
    key: string | undefined,
    lifetime: number,
    create: () => Promise<Issued>,
  ): Promise<Issued> {
    const call = this.#run(key ?? Symbol("no key"), lifetime, create);
    this.#underWay.add(call);
    try {
      return await call;
    } finally {
      this.#underWay.delete(call);
    }
  }

  async #run<Issued extends IssuedEnrollment>(
    key: string | symbol,
    lifetime: number,
    create: () => Promise<Issued>,
  ): Promise<Issued> {
    const from = dueAt(this.#now(), lifetime);
    try {
      const enrollment = await create();
      this.handOut(enrollment);
      return enrollment;
    } catch (error) {
      const to = dueAt(this.#now(), lifetime);
      if (!EnrollmentError.is(error)) {
        // Aborted, or worse: it may have reached Google all the same.
        this.#lost.set(key, { lifetime, from, to, answered: false });
      } else if (error.code === "outcome-unknown") {
        const { httpStatus = 0 } = error;
        const answered = httpStatus >= 200 && httpStatus < 300;
        this.#lost.set(key, { lifetime, from, to, answered });
      }
      throw error;
    }
  }

  /** Waits until the creates that are under way now have ended: until then a new token may be theirs. */
  async settled(signal?: AbortSignal): Promise<void> {
    await abortable(Promise.allSettled(this.#underWay), signal);
  }

  handOut({ id, createdAt, expiresAt, uses }: IssuedEnrollment): void {
    this.#handedOut.set(id, { id, createdAt, expiresAt, uses });
    if (this.#handedOut.size < this.#pruneAt) return;
    for (const [name, issued] of this.#handedOut) {
      if (expiryOf(issued) + graceMilliseconds <= this.#now()) this.#handedOut.delete(name);
    }
    this.#pruneAt = Math.max(1024, 2 * this.#handedOut.size);
  }

  takeBack(name: string): void {
    this.#handedOut.delete(name);
  }

  /** What this provider handed out under a name. */
  issued(name: string): IssuedEnrollment | undefined {
    return this.#handedOut.get(name);
  }

  /** The lifetime that was asked for in a lost create, in milliseconds. */
  lostLifetime(key: string | undefined): number | undefined {
    return key === undefined ? undefined : this.#lost.get(key)?.lifetime;
  }

  /** Whether Google said that it made a token, which was then lost, and which still lives. */
  mustHaveMade(key: string | undefined): boolean {
    const lost = key === undefined ? undefined : this.#lost.get(key);
    return lost !== undefined && lost.answered && lost.to > this.#now();
  }

  /** Whether a create other than that of `key` was lost, and may have made a token that expires then. */
  mayBeLostElsewhere(key: string | undefined, expiry: number, tolerance: number): boolean {
    const now = this.#now();
    for (const [lostKey, { from, to }] of this.#lost) {
      if (to + tolerance < now) this.#lost.delete(lostKey);
      else if (lostKey !== key && expiry >= from - tolerance && expiry <= to + tolerance) return true;
    }
    return false;
  }

  /** It is known what became of a lost create. */
  resolve(key: string | undefined): void {
    if (key !== undefined) this.#lost.delete(key);
  }

  revoke(name: string): void {
    this.#revoked.add(name);
    const [oldest] = this.#revoked;
    if (this.#revoked.size > rememberedRevocations && oldest !== undefined) this.#revoked.delete(oldest);
  }

  isRevoked(name: string): boolean {
    return this.#revoked.has(name);
  }
}
