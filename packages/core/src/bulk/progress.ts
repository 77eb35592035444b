import type { Clock } from "../clock.js";

/** How far a bulk run has come. */
export interface BulkProgress {
  /** Inputs read so far. */
  readonly read: number;
  /** Inputs that have an outcome. */
  readonly done: number;
  readonly created: number;
  readonly failed: number;
  readonly unknown: number;
  /** Inputs sent to a vendor whose outcome is not known yet. */
  readonly inFlight: number;
  /** Outcomes per second, over the last half minute. Absent until some time has passed. */
  readonly rate?: number | undefined;
  /** Milliseconds until the last outcome, at this rate. Absent without `total`, and while no rate is known. */
  readonly remaining?: number | undefined;
}

/** What a progress report is made with. */
export interface ProgressOptions {
  /** How many inputs there will be. */
  readonly total?: number | undefined;
  readonly clock: Clock;
}

/** A vendor that slows down, or a pause that ends, shows in the rate after this many milliseconds. */
const rateWindow = 30_000;
const sampleInterval = 1000;

/** How fast a count grows: seen over the last half minute, from a sample each second. */
const createRateMeter = (clock: Clock) => {
  let samples = [{ at: clock.now(), done: 0 }];
  return (done: number): number | undefined => {
    const now = clock.now();
    const latest = samples.at(-1);
    // A clock that is set back makes all earlier samples worthless.
    if (latest === undefined || now < latest.at) samples = [{ at: now, done }];
    else if (now - latest.at >= sampleInterval) {
      const expired = samples.findLastIndex(({ at }) => now - at >= rateWindow);
      samples = [...samples.slice(Math.max(0, expired)), { at: now, done }];
    }
    const [oldest = { at: now, done }] = samples;
    return now > oldest.at ? ((done - oldest.done) * 1000) / (now - oldest.at) : undefined;
  };
};

const remainingTime = (done: number, total: number | undefined, rate: number | undefined) => {
  if (total === undefined) return undefined;
  if (done >= total) return 0;
  return rate === undefined || rate === 0 ? undefined : Math.ceil(((total - done) * 1000) / rate);
};

/** Counts outcomes by their status. */
export const createProgress = (
  report: ((progress: BulkProgress) => void) | undefined,
  { total, clock }: ProgressOptions,
) => {
  if (report === undefined) return undefined;
  const counts = { read: 0, done: 0, created: 0, failed: 0, unknown: 0, inFlight: 0 };
  const measure = createRateMeter(clock);
  let rate: number | undefined;
  return (
    change: "read" | "sent" | "settled",
    results: readonly { readonly status: "created" | "failed" | "unknown" }[],
    count: number,
  ): void => {
    if (change === "read") counts.read += count;
    if (change === "sent") counts.inFlight += count;
    if (change === "settled") counts.inFlight -= count;
    for (const { status } of results) {
      counts[status] += 1;
      counts.done += 1;
    }
    if (change === "read") return;
    if (change === "settled") rate = measure(counts.done);
    const remaining = remainingTime(counts.done, total, rate);
    report({
      ...counts,
      ...(rate !== undefined && { rate }),
      ...(remaining !== undefined && { remaining }),
    });
  };
};
