import type { CallOptions, Clock } from "@enrollkit/core";

/** How patiently the vendor's lists are read. */
export interface Patience {
  readonly clock: Clock;
  /** How long a new record may take to show up, in milliseconds. */
  readonly visibilityDelay: number;
}

/**
 * Looks for something that may not show up at once: whether the vendor's lists know a new record immediately is not
 * documented. Looks four times, the last one `visibilityDelay` after the first.
 *
 * @returns what the last look found.
 */
export const lookUntil = async <Found>(
  look: () => Promise<Found>,
  isComplete: (found: Found) => boolean,
  { clock, visibilityDelay }: Patience,
  { signal }: CallOptions = {},
): Promise<Found> => {
  let found = await look();
  for (const share of [0.1, 0.3, 0.6]) {
    if (isComplete(found)) break;
    await clock.sleep(visibilityDelay * share, signal);
    found = await look();
  }
  return found;
};

/**
 * How far this machine's clock and the vendor's may differ, in milliseconds: a token that was created so much before
 * it can have been asked for may still be the one that is looked for.
 */
export const clockTolerance = 600_000;
