import { setImmediate as nextTurn } from "node:timers/promises";
import { EnrollmentError } from "../errors.js";

/** An input with its place. */
export interface Placed<Item> {
  readonly item: Item;
  readonly index: number;
}

/** What is done with the items, and how much of it at once. */
export interface BatchPlan<Item, Result, Lane> {
  /** Settles an item at once (it is invalid, say), or names the lane that is to execute it. */
  prepare(placed: Placed<Item>): { readonly result: Result } | { readonly lane: Lane };
  /** How many items one call of `execute` takes. */
  batchSize(lane: Lane): number;
  /** What goes wrong is part of the results: one for each item, in the same order. A rejection ends the run. */
  execute(lane: Lane, batch: readonly Placed<Item>[]): Promise<readonly Result[]>;
  /** How many calls of `execute` may be under way at once. */
  readonly concurrency: number;
  /** In which order results come out. */
  readonly order: "input" | "completion";
  /** How many items may be read whose results have not come out yet. */
  readonly window: number;
  readonly signal?: AbortSignal | undefined;
  /** Told whenever a number of items has been read, has set out, or has settled. If it throws, the run ends. */
  readonly onChange?:
    ((change: "read" | "sent" | "settled", results: readonly Result[], count: number) => void) | undefined;
}

/**
 * So many items are read, or results handed out, before timers and sockets get a turn: some ten milliseconds of work.
 * Otherwise the validation of the next thousands would hold up the calls that are under way.
 */
const itemsPerTurn = 500;

interface Slot<Result> {
  result?: Result;
}

/** An item whose batch has not been sent. */
interface Waiting<Item, Result> {
  readonly placed: Placed<Item>;
  readonly slot: Slot<Result>;
}

/** A promise that can be waited for again and again: each `wait` ends with the next `ring`. */
const createBell = () => {
  let next: { readonly rung: Promise<void>; readonly ring: () => void } | undefined;
  return {
    wait: (): Promise<void> => {
      if (next === undefined) {
        let ring = () => {};
        const rung = new Promise<void>((resolve) => (ring = resolve));
        next = { rung, ring };
      }
      return next.rung;
    },
    ring: () => {
      next?.ring();
      next = undefined;
    },
  };
};

const isAsync = <Item>(source: Iterable<Item> | AsyncIterable<Item>): source is AsyncIterable<Item> =>
  Symbol.asyncIterator in source;

/**
 * Reads a source of any length, executes its items in batches with a bounded number under way, and yields one result
 * for each. Reads no faster than results are taken. A source that throws ends the run after the results of what it
 * gave before. An abort, or an error of the plan's own, ends it after the results of what has been sent. Then the
 * generator throws the error, or the abort's reason.
 */
export async function* mapInBatches<Item, Result, Lane>(
  source: Iterable<Item> | AsyncIterable<Item>,
  plan: BatchPlan<Item, Result, Lane>,
): AsyncGenerator<Result, void, void> {
  const { signal, concurrency } = plan;
  if (!(Number.isInteger(concurrency) && concurrency > 0)) {
    throw new EnrollmentError("concurrency must be a whole number above zero", {
      code: "invalid-request",
      path: "concurrency",
    });
  }
  const bell = createBell();
  const waiting = new Map<Lane, Waiting<Item, Result>[]>();
  const slots: Slot<Result>[] = [];
  let ready: Result[] = [];
  let held = 0;
  let underWay = 0;
  let stopped = signal?.aborted === true;
  /** A function, because the compiler does not see that awaiting lets others change the variable. */
  const isStopped = () => stopped;
  let readingEnded = false;
  const isReadingOver = () => readingEnded;
  let interruptReading = () => {};
  let failure: { readonly error: unknown } | undefined;
  const firstFailure = () => failure;

  const stop = () => {
    stopped = true;
    interruptReading();
    bell.ring();
  };
  signal?.addEventListener("abort", stop, { once: true });

  const fail = (error: unknown) => {
    failure ??= { error };
    stop();
  };

  const settle = (slot: Slot<Result>, result: Result) => {
    slot.result = result;
    if (plan.order === "completion") ready.push(result);
  };

  const execute = async (lane: Lane, batch: readonly Waiting<Item, Result>[]) => {
    underWay += 1;
    try {
      plan.onChange?.("sent", [], batch.length);
      const results = await plan.execute(
        lane,
        batch.map(({ placed }) => placed),
      );
      batch.forEach(({ slot }, place) => {
        settle(slot, results[place] as Result);
      });
      plan.onChange?.("settled", results, batch.length);
    } catch (error) {
      fail(error);
    } finally {
      underWay -= 1;
      bell.ring();
    }
  };
  const sendOnceFree = async (lane: Lane, batch: readonly Waiting<Item, Result>[]) => {
    while (underWay >= concurrency && !isStopped()) await bell.wait();
    if (!isStopped()) void execute(lane, batch);
  };
  /** Returns a promise only if others must settle first: one for each item would cost more than the rest. */
  const send = (lane: Lane): Promise<void> | undefined => {
    const batch = waiting.get(lane) ?? [];
    // Not deleted: with an entry set and deleted for each item, V8 keeps the tables of the map alive, and much with them.
    waiting.set(lane, []);
    if (batch.length === 0) return undefined;
    if (underWay >= concurrency) return sendOnceFree(lane, batch);
    if (!isStopped()) void execute(lane, batch);
    return undefined;
  };
  const sendAll = async () => {
    for (const lane of [...waiting.keys()]) await send(lane);
  };

  /** The source's next item, or nothing if the run is stopped while the source is thinking. */
  const nextOrStop = (iterator: AsyncIterator<Item>) =>
    new Promise<IteratorResult<Item> | undefined>((resolve, reject) => {
      interruptReading = () => {
        resolve(undefined);
      };
      Promise.resolve(iterator.next()).then(resolve, reject);
    });

  const accept = (placed: Placed<Item>): Promise<void> | undefined => {
    const slot: Slot<Result> = {};
    held += 1;
    if (plan.order === "input") slots.push(slot);
    plan.onChange?.("read", [], 1);
    const prepared = plan.prepare(placed);
    if ("result" in prepared) {
      settle(slot, prepared.result);
      plan.onChange?.("settled", [prepared.result], 0);
      bell.ring();
      return undefined;
    }
    const batch = waiting.get(prepared.lane) ?? [];
    batch.push({ placed, slot });
    waiting.set(prepared.lane, batch);
    return batch.length >= plan.batchSize(prepared.lane) ? send(prepared.lane) : undefined;
  };

  /** Returns once there is room for another item. */
  const makeRoom = async () => {
    while (held >= plan.window && !isStopped()) {
      await sendAll();
      if (held >= plan.window) await bell.wait();
    }
  };

  /** Returns when the source has ended, or the run is stopped. */
  const readAll = async (next: () => IteratorResult<Item> | Promise<IteratorResult<Item> | undefined>) => {
    for (let index = 0; !isStopped(); index += 1) {
      const coming = next();
      const step = coming instanceof Promise ? await coming : coming;
      if (step === undefined) return;
      if (step.done === true) return "ended";
      try {
        const sending = accept({ item: step.value, index });
        if (sending !== undefined) await sending;
        if (held >= plan.window) await makeRoom();
        if ((index + 1) % itemsPerTurn === 0) await nextTurn();
      } catch (error) {
        fail(error);
      }
    }
    return undefined;
  };

  const read = async () => {
    try {
      if (isAsync(source)) {
        const iterator = source[Symbol.asyncIterator]();
        if ((await readAll(() => nextOrStop(iterator))) === "ended") await sendAll();
        // Not waited for: a source that is still thinking would hold up the end of the run.
        else Promise.resolve(iterator.return?.()).catch((error: unknown) => (failure ??= { error }));
      } else {
        const iterator = source[Symbol.iterator]();
        if ((await readAll(() => iterator.next())) === "ended") await sendAll();
        else iterator.return?.();
      }
    } catch (error) {
      failure ??= { error };
      await sendAll();
    } finally {
      readingEnded = true;
      bell.ring();
    }
  };

  const takeReady = (): Result[] => {
    if (plan.order === "completion") {
      const taken = ready;
      ready = [];
      return taken;
    }
    const firstUnsettled = slots.findIndex((slot) => !("result" in slot));
    if (firstUnsettled === 0) return [];
    const settled = slots.splice(0, firstUnsettled === -1 ? slots.length : firstUnsettled);
    return settled.map((slot) => slot.result as Result);
  };

  const reading = read();
  let handedOut = 0;
  try {
    for (;;) {
      const results = takeReady();
      for (const result of results) {
        held -= 1;
        yield result;
        handedOut += 1;
        if (handedOut % itemsPerTurn === 0) await nextTurn();
      }
      if (results.length > 0) {
        bell.ring();
        continue;
      }
      if (isReadingOver() && underWay === 0) break;
      await bell.wait();
    }
    // What was read and never sent has no result; what was sent behind it has.
    yield* slots.filter((slot) => "result" in slot).map((slot) => slot.result as Result);
    await reading;
    const failed = firstFailure();
    if (failed !== undefined) throw failed.error;
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
    while (underWay > 0) await bell.wait();
  }
}
