import type { EnrollmentError, EnrollmentErrorCode } from "@enrollkit/core";
import { exitCodes, type ExitCode } from "../terminal.js";
import { table } from "./table.js";

/** What became of the rows that went to one provider. */
export interface ProviderTally {
  readonly provider: string;
  readonly created: number;
  readonly failed: number;
  readonly unknown: number;
  readonly failedBy: Readonly<Partial<Record<EnrollmentErrorCode, number>>>;
  /** Calls made to the vendor, those for tokens, for the check before the run and for retries included. */
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
  /** How many rows it has heard of. */
  readonly rows: number;
  /** Created; in a dry run: nothing speaks against it. */
  succeeded(provider: string): void;
  failed(status: "failed" | "unknown", error: EnrollmentError, failure: RowFailure): void;
  /** @param callsTo - how often a provider has called its vendor. */
  summary(callsTo: (provider: string) => number): BulkSummary;
}

/** More failures than a person reads. */
export const listedFailures = 20;

export const exitCodeFor = ({ failures }: Pick<BulkSummary, "failures">): ExitCode =>
  failures.length === 0 ? exitCodes.done : exitCodes.someFailed;

/** Rows that no provider could be found for. */
const nowhere = "–";

export const createBulkReport = (): BulkReport => {
  const tallies = new Map<
    string,
    { created: number; failed: number; unknown: number; failedBy: Map<EnrollmentErrorCode, number> }
  >();
  const failures: RowFailure[] = [];
  let rows = 0;
  const tallyOf = (provider: string) => {
    const tally = tallies.get(provider) ?? {
      created: 0,
      failed: 0,
      unknown: 0,
      failedBy: new Map<EnrollmentErrorCode, number>(),
    };
    tallies.set(provider, tally);
    return tally;
  };
  return {
    get rows() {
      return rows;
    },
    succeeded: (provider) => {
      rows += 1;
      tallyOf(provider).created += 1;
    },
    failed: (status, { provider, code }, failure) => {
      rows += 1;
      const tally = tallyOf(provider ?? nowhere);
      tally[status] += 1;
      tally.failedBy.set(code, (tally.failedBy.get(code) ?? 0) + 1);
      failures.push(failure);
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

/** A bulk run as a table, a row for each provider. */
export const runTable = ({ providers }: BulkSummary): string =>
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
  );

/** A dry run as a table, a row for each provider. */
export const dryRunTable = ({ providers }: BulkSummary): string =>
  table(
    ["PROVIDER", "VALID", "INVALID", "REASONS"],
    providers.map((tally) => [tally.provider, tally.created, tally.failed, reasons(tally)]),
  );

/** A dry run as data: nothing in it claims that something was created. */
export const dryRunData = ({ providers, failures }: BulkSummary) => ({
  dryRun: true,
  providers: providers.map(({ provider, created, failed, failedBy }) => ({
    provider,
    valid: created,
    invalid: failed,
    invalidBy: failedBy,
  })),
  failures,
});

/**
 * @param most - so many are listed; the last line says how many there are besides.
 * @param rest - where those are.
 */
export const failureLines = (
  failures: readonly RowFailure[],
  most = Infinity,
  rest = "the outcomes say which and why",
): readonly string[] => {
  const lines = failures.slice(0, most).map(({ place, key, message }) => {
    const name = key === undefined ? "" : ` (${key})`;
    return `${place}${name}: ${message}`;
  });
  const more = failures.length - lines.length;
  return more > 0 ? [...lines, `… and ${more} more; ${rest}`] : lines;
};
