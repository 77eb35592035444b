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
  onChange?(change: "read" | "sent" | "settled", results: readonly Result[], count: number): void;
}

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
  let ring = () => {};
  let next = new Promise<void>((resolve) => (ring = resolve));
  return {
    wait: () => next,
    ring: () => {
      ring();
      next = new Promise<void>((resolve) => (ring = resolve));
    },
  };
};

const iteratorOf = <Item>(source: Iterable<Item> | AsyncIterable<Item>) =>
  Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();

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
  let slots: Slot<Result>[] = [];
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
      for (const [place, { slot }] of batch.entries()) settle(slot, results[place] as Result);
      plan.onChange?.("settled", results, batch.length);
    } catch (error) {
      fail(error);
    } finally {
      underWay -= 1;
      bell.ring();
    }
  };
  const send = async (lane: Lane) => {
    const batch = waiting.get(lane) ?? [];
    waiting.delete(lane);
    while (underWay >= concurrency && !isStopped()) await bell.wait();
    if (!isStopped() && batch.length > 0) void execute(lane, batch);
  };
  const sendAll = async () => {
    for (const lane of [...waiting.keys()]) await send(lane);
  };

  /** The source's next item, or nothing if the run is stopped while the source is thinking. */
  const nextOrStop = (iterator: Iterator<Item> | AsyncIterator<Item>) =>
    new Promise<IteratorResult<Item> | undefined>((resolve, reject) => {
      interruptReading = () => {
        resolve(undefined);
      };
      Promise.resolve(iterator.next()).then(resolve, reject);
    });

  const accept = async (placed: Placed<Item>) => {
    const slot: Slot<Result> = {};
    held += 1;
    if (plan.order === "input") slots.push(slot);
    plan.onChange?.("read", [], 1);
    const prepared = plan.prepare(placed);
    if ("result" in prepared) {
      settle(slot, prepared.result);
      plan.onChange?.("settled", [prepared.result], 0);
      bell.ring();
      return;
    }
    const batch = waiting.get(prepared.lane) ?? [];
    batch.push({ placed, slot });
    waiting.set(prepared.lane, batch);
    if (batch.length >= plan.batchSize(prepared.lane)) await send(prepared.lane);
  };

  /** Takes an item in, and returns once there is room for another. */
  const acceptAndWait = async (placed: Placed<Item>) => {
    await accept(placed);
    while (held >= plan.window && !isStopped()) {
      await sendAll();
      if (held >= plan.window) await bell.wait();
    }
  };

  const read = async () => {
    try {
      const iterator = iteratorOf(source);
      for (let index = 0; !isStopped(); index += 1) {
        const step = await nextOrStop(iterator);
        if (step === undefined) break;
        if (step.done === true) {
          await sendAll();
          return;
        }
        await acceptAndWait({ item: step.value, index }).catch(fail);
      }
      // Not waited for: a source that is still thinking would hold up the end of the run.
      Promise.resolve(iterator.return?.()).catch((error: unknown) => (failure ??= { error }));
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
    const settled = slots.slice(0, firstUnsettled === -1 ? slots.length : firstUnsettled);
    slots = slots.slice(settled.length);
    return settled.map((slot) => slot.result as Result);
  };

  const reading = read();
  try {
    for (;;) {
      const results = takeReady();
      for (const result of results) {
        held -= 1;
        yield result;
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
