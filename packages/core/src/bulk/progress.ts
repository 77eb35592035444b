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
}

/** Counts outcomes by their status. */
export const createProgress = (report: ((progress: BulkProgress) => void) | undefined) => {
  const counts = { read: 0, done: 0, created: 0, failed: 0, unknown: 0, inFlight: 0 };
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
    if (change !== "read") report?.({ ...counts });
  };
};
