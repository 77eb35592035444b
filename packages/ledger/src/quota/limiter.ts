import { EnrollmentError, type Clock } from "@enrollkit/core";
import type { RawBuilder } from "kysely";
import type { Storage } from "../storage/storage.js";
import type { SharedLimiter, SharedQuota, SharedSlot } from "./contract.js";
import { createArrivalGauge, createLatenessTolerance } from "./lateness.js";
import { createOwedWrites } from "./owed-writes.js";
import { clockTimestamp, createQuotaRow, type TakenSlot } from "./quota-row.js";
import { spacingOf } from "./spacing.js";
import { createWaitingLine } from "./waiting-line.js";

/** So many milliseconds later the database is asked again, however far ahead the next slot is said to be. */
const longestNap = 30_000;
/** How often it is looked, in milliseconds, whose patience is over while the database does not answer. */
const watch = 1000;
/** So many slots in a row may come too late. */
const mostWasted = 16;

/** Where a limiter takes its times from. */
export interface TimeSources {
  /** Milliseconds on a clock that nobody sets. Default: the process's own, which goes on while it is stopped. */
  readonly steady?: (() => number) | undefined;
  /** The database's time: an SQL expression, float8, milliseconds since the Unix epoch. Default: its own clock. */
  readonly databaseTime?: (() => RawBuilder<number>) | undefined;
}

/** A slot that this process has taken. Times are those of the steady clock. */
interface Reservation extends TakenSlot {
  /** It begins no earlier than `from`, and no later than `due`. */
  readonly from: number;
  readonly due: number;
  /** How late a call may leave. */
  readonly tolerance: number;
  /** How late it is by now, at most. */
  readonly lateness: () => number;
}

const tooSlow = () =>
  new EnrollmentError("no call can leave in time for the quota that this process shares with others", {
    code: "unavailable",
    advice:
      "its database takes more than a second to answer, or the process is too busy: see which, and try again",
  });

/**
 * A limiter for all processes that have the same ledger: calls are spaced by a row in its database, by the clock of the
 * database. No window of `per` sees more than `calls`, whatever the clocks of the processes say and however they are
 * suspended; 95 % of the quota is used. (Whoever sets the database's clock forward gives away a few calls.)
 *
 * @param clock - waits; and should it jump ahead, the process may have been suspended.
 * @throws RangeError if the quota makes no sense.
 */
export const createSharedLimiter = (
  storage: Storage,
  quota: SharedQuota,
  clock: Clock,
  { steady = () => performance.now(), databaseTime = clockTimestamp }: TimeSources = {},
): SharedLimiter => {
  const spacing = spacingOf(quota);
  const { interval, burst, horizon, jitter } = spacing;
  const account = JSON.stringify([
    quota.account,
    quota.calls,
    spacing.per,
    quota.burst ?? 1,
    quota.headroom ?? 0,
  ]);
  const row = createQuotaRow(account, spacing, databaseTime);
  const writes = createOwedWrites(storage);
  const tolerance = createLatenessTolerance(spacing.tolerance);
  const latenessOf = createArrivalGauge(interval);

  /** Ends the waits of the pump when nobody waits for it any more: no timer may keep the process alive. */
  let wanted: AbortController | undefined;
  let isPumping = false;
  const line = createWaitingLine(() => wanted?.abort());

  /** The one slot that is taken ahead. It outlives those who gave up. */
  let held: Reservation | undefined;
  /** The next slot that nobody has, as far as is known, a burst aside: not before that. */
  let next = -Infinity;
  let pausedUntil = -Infinity;
  /** When the last slot was used, if others have asked ever since; and how far apart slots have been lately. */
  let lastUsed: number | undefined;
  let gap = interval;
  let wasted = 0;

  /** When somebody who comes now is served, at the earliest, or if slots are `spaced` wider. */
  const slotAfter = (others: number, now: number, spaced = interval) => {
    const first = Math.max(now, pausedUntil);
    if (held !== undefined && others === 0) return Math.max(first, held.from);
    const ahead = others - (held === undefined ? 0 : 1);
    return Math.max(first, Math.max(first, next) + (ahead - burst + 1) * spaced);
  };
  const sendAway = () => {
    const now = steady();
    line.sendAway((others) => slotAfter(others, now));
  };

  /** Milliseconds since now, at most: by the steady clock, or by the one that a suspended machine does not stop. */
  const stopwatch = () => {
    const start = { steady: steady(), clock: clock.now() };
    return () => Math.max(steady() - start.steady, clock.now() - start.clock);
  };

  const sleepUntil = async (time: () => number, signal: AbortSignal) => {
    for (let wait = time() - steady(); wait > 0; wait = time() - steady()) {
      await clock.sleep(Math.ceil(wait), signal);
    }
  };

  /** Sends away those whose time is up while something takes its time. */
  const watched = async <Result>(work: Promise<Result>): Promise<Result> => {
    const over = new AbortController();
    const look = async () => {
      try {
        for (;;) {
          await clock.sleep(watch, over.signal);
          sendAway();
        }
      } catch (reason) {
        if (!over.signal.aborted) line.refuseAll(reason);
      }
    };
    void look();
    try {
      return await work;
    } finally {
      over.abort();
    }
  };

  /** Asks for a slot. Only the time of the statement counts, and not the one that a connection takes to be had. */
  const ask = (allowed: number, signal: AbortSignal) =>
    storage.repeatable(
      (db) =>
        db.connection().execute(async (connection) => {
          for (;;) {
            const passed = stopwatch();
            const asked = steady();
            const answer = await row.take(connection, allowed - spacing.tolerance);
            if (answer !== undefined) return { ...answer, asked, answered: steady(), passed };
            await row.create(connection);
          }
        }),
      signal,
    );

  /** Takes the next slot, or waits until it is near enough to be taken. */
  const reserve = async (signal: AbortSignal) => {
    const allowed = tolerance.next();
    const { slot, wait, next: following, asked, answered, passed } = await watched(ask(allowed, signal));
    // A pause that another process has written comes first, too.
    next = asked + (slot === undefined ? Math.max(following, wait + (burst - 1) * interval) : following);
    if (slot !== undefined) {
      const lateness = () => passed() - wait;
      held = { ...slot, from: asked + wait, due: answered + wait, tolerance: allowed, lateness };
    }
    sendAway();
    if (slot === undefined) {
      const again = answered + Math.min(Math.max(wait - horizon, 1), longestNap);
      await sleepUntil(() => again, signal);
    }
  };

  const use = ({ number, at }: TakenSlot, allowed: number, lateness: number): SharedSlot => {
    const left = steady();
    if (lastUsed !== undefined && lastUsed >= pausedUntil) {
      gap = Math.max(interval, gap + (left - lastUsed - gap) / 4);
    }
    lastUsed = left;
    return {
      answered: () => {
        const late = lateness + latenessOf(steady() - left);
        if (late <= allowed + jitter) return;
        writes.owe(async (db) => {
          await row.postpone(db, { number, at }, late - spacing.tolerance - jitter);
        });
      },
    };
  };

  /**
   * A slot that comes a little late may be used all the same, if those after it make up for that before it is used: it
   * costs less than another slot.
   *
   * @returns by how much its call may be late now.
   */
  const prolong = async (reservation: Reservation, lateness: number, signal: AbortSignal) => {
    // Until it is written, as long again as it took to get the slot; twice, to be sure.
    const allowed = lateness + Math.max(spacing.tolerance, 2 * (reservation.due - reservation.from));
    const excess = allowed - spacing.tolerance;
    if (excess >= interval) return reservation.tolerance;
    const isEnough = await watched(storage.repeatable((db) => row.postpone(db, reservation, excess), signal));
    return isEnough ? allowed : reservation.tolerance;
  };

  const serveNext = async (signal: AbortSignal) => {
    await watched(writes.settle(signal));
    if (held === undefined) await reserve(signal);
    if (held === undefined) return;
    const reservation = held;
    await sleepUntil(() => Math.max(reservation.due, pausedUntil), signal);
    // Whoever pauses lets go of the slot.
    if (held !== reservation) return;
    let allowed = reservation.tolerance;
    let lateness = reservation.lateness();
    tolerance.note(lateness);
    if (lateness > allowed) {
      allowed = await prolong(reservation, lateness, signal);
      if (held !== reservation) return;
      lateness = reservation.lateness();
    }
    held = undefined;
    if (lateness <= allowed) {
      wasted = 0;
      line.serve(use(reservation, allowed, lateness));
      return;
    }
    wasted += 1;
    if (wasted < mostWasted) return;
    wasted = 0;
    throw tooSlow();
  };

  const pump = async () => {
    isPumping = true;
    if (held !== undefined && held.lateness() > held.tolerance) held = undefined;
    if (lastUsed !== undefined && steady() - lastUsed > interval) {
      lastUsed = undefined;
      gap = interval;
    }
    try {
      while (line.size() > 0) {
        const serving = new AbortController();
        wanted = serving;
        try {
          await serveNext(serving.signal);
        } catch (reason) {
          if (!serving.signal.aborted) throw reason;
        }
      }
    } catch (reason) {
      line.refuseAll(reason);
    } finally {
      isPumping = false;
      wanted = undefined;
    }
  };

  return {
    wait: () => {
      const now = steady();
      return slotAfter(line.size(), now, gap) - now;
    },
    acquire: async (signal, patience = Infinity) => {
      signal?.throwIfAborted();
      const now = steady();
      if (slotAfter(line.size(), now) >= now + patience) return undefined;
      const slot = line.join(now + patience, signal);
      if (!isPumping) void pump();
      return slot;
    },
    pause: (milliseconds) => {
      const until = steady() + milliseconds;
      pausedUntil = Math.max(pausedUntil, until);
      if (held !== undefined && held.due < pausedUntil) held = undefined;
      writes.owe(async (db) => {
        await row.create(db);
        await row.pause(db, Math.max(0, until - steady()));
      });
      sendAway();
    },
  };
};
