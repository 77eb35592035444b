import type { Enrollment, EnrollmentError, EnrollmentErrorCode } from "@enrollkit/core";
import { explainRow } from "./failure.js";
import { table } from "./table.js";

/** What became of the rows that went to one provider. */
export interface ProviderTally {
  readonly provider: string;
  readonly created: number;
  readonly failed: number;
  readonly unknown: number;
  readonly failedBy: Readonly<Partial<Record<EnrollmentErrorCode, number>>>;
  /** Calls made to the vendor, those for tokens and for retries included. */
  readonly calls: number;
}

/** A row that did not work out. */
export interface RowFailure {
  /** `line 17, column email` */
  readonly place: string;
  readonly key?: string | undefined;
  readonly code: EnrollmentErrorCode;
  /** What is wrong and what to change. */
  readonly message: string;
}

export interface BulkSummary {
  readonly providers: readonly ProviderTally[];
  readonly failures: readonly RowFailure[];
}

/** Counts what becomes of the rows of a bulk run. */
export interface BulkReport {
  created(enrollment: Enrollment): void;
  /** In a dry run: nothing speaks against the row. */
  valid(provider: string): void;
  failed(place: string, key: string | undefined, error: EnrollmentError, status?: "failed" | "unknown"): void;
  /** @param callsTo - how often a provider has called its vendor. */
  summary(callsTo: (provider: string) => number): BulkSummary;
}

/** Rows that no provider could be found for. */
const nowhere = "–";

export const createBulkReport = (): BulkReport => {
  const tallies = new Map<
    string,
    { created: number; failed: number; unknown: number; failedBy: Map<EnrollmentErrorCode, number> }
  >();
  const failures: RowFailure[] = [];
  const tallyOf = (provider: string) => {
    const tally = tallies.get(provider) ?? { created: 0, failed: 0, unknown: 0, failedBy: new Map() };
    tallies.set(provider, tally);
    return tally;
  };
  return {
    created: ({ provider }) => {
      tallyOf(provider).created += 1;
    },
    valid: (provider) => {
      tallyOf(provider).created += 1;
    },
    failed: (place, key, error, status = "failed") => {
      const tally = tallyOf(error.provider ?? nowhere);
      tally[status] += 1;
      tally.failedBy.set(error.code, (tally.failedBy.get(error.code) ?? 0) + 1);
      failures.push({ place, key, code: error.code, message: explainRow(error) });
    },
    summary: (callsTo) => ({
      providers: [...tallies].map(([provider, { failedBy, ...counts }]) => ({
        provider,
        ...counts,
        failedBy: Object.fromEntries(failedBy),
        calls: callsTo(provider),
      })),
      failures,
    }),
  };
};

const reasons = ({ failedBy }: ProviderTally) =>
  Object.entries(failedBy)
    .map(([code, count]) => `${count} ${code}`)
    .join(", ");

/** A bulk run in words. */
export const reportWords = {
  table: ({ providers }: BulkSummary): string =>
    table(
      ["PROVIDER", "CREATED", "FAILED", "UNKNOWN", "API CALLS", "REASONS"],
      providers.map((tally) => [
        tally.provider,
        tally.created,
        tally.failed,
        tally.unknown,
        tally.calls,
        reasons(tally),
      ]),
    ),
  failures: ({ failures }: BulkSummary): readonly string[] =>
    failures.map(({ place, key, message }) => `${place}${key === undefined ? "" : ` (${key})`}: ${message}`),
};
