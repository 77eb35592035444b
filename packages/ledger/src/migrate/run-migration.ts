import type { EnrollmentError, EnrollmentOutcome, EnrollmentService } from "@enrollkit/core";
import type { LedgerParts } from "../ledger-parts.js";
import { refuseWithoutKey } from "../records/vault.js";
import { executePartsOf } from "../running.js";
import { executeRows } from "../runs/execute-run.js";
import { withLock } from "../runs/provider-lock.js";
import type { SentRow } from "../runs/recorder.js";
import { storedRequests } from "../runs/stored-rows.js";
import { capture } from "./capture.js";
import { examineRows } from "./examine-rows.js";
import { rowsToMove } from "./recheck.js";
import { reportMigration, type MigrationReport } from "./report-migration.js";
import { revokeOld } from "./revoke-old.js";
import { startMigration } from "./start-migration.js";
import type { MigrationTerms, RevokeAfter } from "./terms.js";

/** A named migration. Its first start says from where to where; later ones may leave that out. */
export interface RunMigrationOptions extends Partial<MigrationTerms> {
  /** Its name; the same name again goes on with it. It is the name of a run. */
  readonly name: string;
  /** The providers. */
  readonly service: EnrollmentService;
  /** Default: as the start before had it, else `created`. Another one holds from then on. */
  readonly revokeAfter?: RevokeAfter | undefined;
  /** How many calls may be under way at once. Default: 8. */
  readonly concurrency?: number | undefined;
  /** Stops it: what is under way is seen through and recorded. */
  readonly signal?: AbortSignal | undefined;
  /** Told before anything is made; if it fails, nothing is. */
  readonly onCaptured?: ((captured: CapturedMigration) => Promise<void> | void) | undefined;
  /** Hears of each outcome before it is recorded as done, as that of a run does; and before an old one is taken back. */
  readonly deliver?: ((outcomes: readonly EnrollmentOutcome[]) => Promise<void> | void) | undefined;
}

/** A migration whose old enrollments are known. */
export interface CapturedMigration {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
  /** Whether an earlier start has taken them down. */
  readonly isResumed: boolean;
}

/** How far a start of a migration has brought it. */
export interface MigrationRun extends MigrationReport {
  /** Why the new vendor could not be asked which enrollments live or were used; old ones wait for it. */
  readonly trackingError?: EnrollmentError | undefined;
}

const never = new AbortController().signal;

/** Takes note of the rows that this start sends. */
const noted = async function* (
  chunks: AsyncIterable<readonly SentRow[]>,
  sent: Set<number>,
): AsyncGenerator<readonly SentRow[], void, void> {
  for await (const rows of chunks) {
    for (const { id } of rows) sent.add(id);
    yield rows;
  }
};

/**
 * Moves what is live at one provider to another, or goes on with it: what is live is taken down once; each gets one new
 * enrollment, and the old one is taken back once that is due.
 */
export const runMigration = async (
  parts: LedgerParts,
  options: RunMigrationOptions,
): Promise<MigrationRun> => {
  const { name, service, concurrency, signal = never, onCaptured, deliver } = options;
  const { storage, vault, held } = parts;
  refuseWithoutKey(vault, "a migration");
  const begun = await startMigration(storage, options);
  const trackingError = await held.use(async (lease) => {
    const either = AbortSignal.any([signal, lease.signal]);
    // Two migrations from one provider would both take on record what the ledger has never seen.
    const started = await withLock(storage, lease, `migration from ${begun.terms.from}`, either, () =>
      capture(parts, begun, lease.name, either),
    );
    const { from, to: provider, onUnsupported } = started.terms;
    const isResumed = begun.run.rows !== undefined;
    await onCaptured?.({ from, to: provider, rows: started.run.rows ?? 0, isResumed });
    const execute = executePartsOf(parts, lease, {
      name,
      service,
      provider,
      onUnsupported,
      concurrency,
      signal,
      deliver,
    });
    const sent = new Set<number>();
    await examineRows(execute, started);
    await executeRows(execute, started.run, {
      planned: () => noted(rowsToMove(execute, started), sent),
      requestsOf: storedRequests(storage, vault, started.run.id),
    });
    return revokeOld({ ...execute, signal: either }, started, sent);
  });
  return { ...(await reportMigration(storage, name)), ...(trackingError && { trackingError }) };
};
