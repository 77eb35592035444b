type Settled<Result> = { readonly result: Result } | { readonly error: unknown };

/** What is done with each item, and with how many at once. */
export interface OrderedWork<Item, Result> {
  readonly width: number;
  readonly signal?: AbortSignal | undefined;
  /** A rejection ends the run. */
  readonly run: (item: Item, index: number) => Promise<Result>;
}

const iteratorOf = <Item>(source: Iterable<Item> | AsyncIterable<Item>) =>
  Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();

/** The source's next item, or nothing if the run is aborted while the source is thinking. */
const nextOrAbort = <Item>(iterator: Iterator<Item> | AsyncIterator<Item>, signal?: AbortSignal) =>
  new Promise<IteratorResult<Item> | undefined>((resolve, reject) => {
    const stop = () => {
      resolve(undefined);
    };
    signal?.addEventListener("abort", stop, { once: true });
    Promise.resolve()
      .then(() => iterator.next())
      .then(resolve, reject)
      .finally(() => {
        signal?.removeEventListener("abort", stop);
      });
  });

const settle = async <Result>(work: Promise<Result>): Promise<Settled<Result>> => {
  try {
    return { result: await work };
  } catch (error) {
    return { error };
  }
};

/**
 * Works on a source of any length with a bounded number of items at once, and yields the results in the order of the
 * items. Reads no faster than results are taken. A source that throws, work that rejects, and an abort end the run: what
 * has begun is finished and its results come out, then the error or the abort's reason is thrown. A consumer that leaves
 * waits until what has begun is finished and the source is closed.
 */
export async function* inOrder<Item, Result>(
  source: Iterable<Item> | AsyncIterable<Item>,
  { width, signal, run }: OrderedWork<Item, Result>,
): AsyncGenerator<Result, void, void> {
  const iterator = iteratorOf(source);
  const underWay: Promise<Settled<Result>>[] = [];
  const isAborted = () => signal?.aborted === true;
  let failure: { readonly error: unknown } | undefined;
  let state: "open" | "thinking" | "ended" = "open";

  /** Yields the oldest results until fewer than so many are under way. */
  async function* takeWhile(count: number): AsyncGenerator<Result, void, void> {
    while (underWay.length >= count) {
      const oldest = await underWay.shift();
      if (oldest === undefined) return;
      if ("error" in oldest) failure ??= oldest;
      else yield oldest.result;
    }
  }

  try {
    for (let index = 0; state === "open" && failure === undefined && !isAborted(); index += 1) {
      const read = await settle(nextOrAbort(iterator, signal));
      if ("error" in read) {
        failure = read;
        state = "ended";
      } else if (read.result === undefined) {
        state = "thinking";
      } else if (read.result.done === true) {
        state = "ended";
      } else if (!isAborted()) {
        underWay.push(settle(run(read.result.value, index)));
      }
      yield* takeWhile(width);
    }
    yield* takeWhile(1);
    if (failure !== undefined) throw failure.error;
    signal?.throwIfAborted();
  } finally {
    await Promise.all(underWay);
    if (state === "open") await iterator.return?.();
    // Told, and not waited for: it may never answer. What goes wrong in it then is nobody's any more.
    if (state === "thinking") void settle(Promise.resolve(iterator.return?.()));
  }
}
