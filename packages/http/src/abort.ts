import type { Clock } from "@enrollkit/core";

interface Audience {
  readonly listeners: Set<() => void>;
  readonly fire: () => void;
}

const audiences = new WeakMap<AbortSignal, Audience>();

const audienceOf = (signal: AbortSignal): Audience => {
  const known = audiences.get(signal);
  if (known !== undefined) return known;
  const listeners = new Set<() => void>();
  const fire = () => {
    for (const listener of [...listeners]) listener();
  };
  const audience = { listeners, fire };
  audiences.set(signal, audience);
  signal.addEventListener("abort", fire, { once: true });
  return audience;
};

/**
 * Listens for an abort. A bulk run hands one signal to thousands of calls; however many of them listen, the signal
 * itself has a single listener, so Node does not take it for a leak.
 *
 * @returns what ends the listening.
 */
export const onAbort = (signal: AbortSignal | undefined, listener: () => void): (() => void) => {
  if (signal === undefined) return () => undefined;
  const { listeners, fire } = audienceOf(signal);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    signal.removeEventListener("abort", fire);
    audiences.delete(signal);
  };
};

/** {@link Clock.sleep}, listening by {@link onAbort}. */
export const sleep = async (
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> => {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const release = onAbort(signal, () => {
    stop.abort(signal?.reason);
  });
  try {
    await clock.sleep(milliseconds, stop.signal);
  } finally {
    release();
  }
};
