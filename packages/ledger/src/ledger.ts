import {
  EnrollmentError,
  quote,
  type Clock,
  type DurationInput,
  type Enrollment,
  type EnrollmentOutcome,
  type EnrollmentProvider,
} from "@enrollkit/core";
import { erase, type Erased } from "./care/erase.js";
import { noteUse, type EnrollmentUse } from "./care/note-use.js";
import { purge, type Purged, type PurgeOptions } from "./care/purge.js";
import { renew, type Renewal, type RenewOptions } from "./care/renew.js";
import { rotateKeys, type RotateOptions } from "./care/rotate-keys.js";
import { settle, type SettleOptions, type SettleReport } from "./care/settle.js";
import { sync, type SyncOptions, type SyncReport } from "./care/sync.js";
import { holdLease } from "./held-lease.js";
import type { LedgerParts } from "./ledger-parts.js";
import { planMigration, type MigrationPlan, type PlanMigrationOptions } from "./migrate/plan-migration.js";
import {
  migrationRows,
  reportMigration,
  type MigrationReport,
  type MigrationRow,
} from "./migrate/report-migration.js";
import { runMigration, type MigrationRun, type RunMigrationOptions } from "./migrate/run-migration.js";
import type { ResolvedOptions } from "./options.js";
import { countRecords, summarize, type RecordCount } from "./questions/counts.js";
import { expiring } from "./questions/expiring.js";
import { findHistory, type HistoryEntry } from "./questions/history.js";
import type { SharedLimiter, SharedQuota } from "./quota/contract.js";
import { createSharedLimiter } from "./quota/limiter.js";
import type { RecordFilter } from "./records/filter.js";
import { findRecords } from "./records/find-records.js";
import { recordProvider } from "./records/record-provider.js";
import { toEnrollment, toRecord, type LedgerRecord } from "./records/record.js";
import { createTurns } from "./records/turns.js";
import type { Vault } from "./records/vault.js";
import type { RunOptions, SubmitOptions, WorkOptions } from "./run-options.js";
import { createRunning } from "./running.js";
import { findProgress, type RunProgress } from "./runs/progress.js";
import { getRun } from "./runs/run.js";
import { runOutcomes } from "./runs/run-outcomes.js";
import type { Storage } from "./storage/storage.js";

/**
 * Durable records of enrollments. Open one with {@link openLedger}.
 */
export class Ledger {
  readonly #parts: LedgerParts;
  readonly #running: ReturnType<typeof createRunning>;

  constructor(storage: Storage, vault: Vault, options: ResolvedOptions) {
    const held = holdLease(storage, { worker: options.worker, length: options.lease });
    this.#parts = { storage, vault, options, held, underWay: new Set(), turns: createTurns() };
    this.#running = createRunning(this.#parts);
  }

  /** Whether other processes can work with it too: it is on a server, not in a folder. */
  get isShared(): boolean {
    return this.#parts.storage.isShared;
  }

  /**
   * To be asked before each call to a vendor: hand it to the providers as `beforeSend` of their runtime. A process that
   * was suspended for too long must not send what others have taken over.
   */
  readonly beforeSend = (): void => {
    this.#parts.held.assertHeld();
  };

  /** Makes limiters that all processes of this ledger share: hand it to the providers as `createLimiter` of their runtime. */
  readonly createLimiter = (quota: SharedQuota, clock: Clock): SharedLimiter =>
    createSharedLimiter(this.#parts.storage, quota, clock);

  /**
   * Executes a run, or goes on with it: what is done stays done, what is in doubt is asked about first, what was never
   * sent is sent. What failed and may succeed by now is tried again.
   *
   * @throws EnrollmentError `failed-precondition` if the run was started with another input, or other settings.
   */
  async run(options: RunOptions): Promise<RunProgress> {
    await this.#running.run(options);
    return this.progress(options.name);
  }

  /**
   * Plans a run for workers: its requests are sealed and stored, and cut into jobs. It may be repeated, also after a
   * crash half-way.
   *
   * @throws EnrollmentError `failed-precondition` if the ledger has no key, or the run was started with another input.
   */
  async submit(options: SubmitOptions): Promise<RunProgress> {
    await this.#running.submit(options);
    return this.progress(options.name);
  }

  /**
   * Works on submitted runs until it is stopped. A lost lease or a database out of reach do not end it.
   *
   * @throws EnrollmentError `failed-precondition` if the ledger has no key.
   */
  work(options: WorkOptions): Promise<void> {
    return this.#running.work(options);
  }

  /** How far every run has come, the newest first. */
  runs(): Promise<readonly RunProgress[]> {
    return findProgress(this.#parts.storage);
  }

  /** @throws EnrollmentError `not-found` that names the runs there are. */
  async progress(name: string): Promise<RunProgress> {
    const { storage } = this.#parts;
    await getRun(storage, name);
    const [progress] = await findProgress(storage, name);
    if (progress !== undefined) return progress;
    throw new EnrollmentError(`there is no run ${quote(name)}`, { code: "not-found", path: "run" });
  }

  /**
   * The outcomes of a run so far, in the order of its rows, with the secrets as far as they were sealed.
   *
   * @throws EnrollmentError `not-found` that names the runs there are.
   */
  async *outcomes(name: string): AsyncGenerator<EnrollmentOutcome, void, void> {
    const { storage, vault } = this.#parts;
    yield* runOutcomes(storage, vault, await getRun(storage, name));
  }

  /**
   * The same provider, but each create outside of a run is on record: the intent before the call, what came of it after. So
   * is what is learned by revoking, by asking for statuses and by reconciling. All else passes through. A request that has
   * no key gets one, for the record and for the vendor.
   *
   * A process that ends between the two leaves records in doubt: {@link Ledger.settle} finds out about them. A run records
   * its rows itself, and takes such a provider for the one that it stands for.
   */
  recorded(provider: EnrollmentProvider): EnrollmentProvider {
    return recordProvider(this.#parts, provider);
  }

  /**
   * Asks the vendors what became of creates outside of runs that are in doubt, or that a vendor could not tell of before.
   * What did not happen has failed, as `unavailable`: nobody sends it again by itself. Without a key the ledger knows not
   * what to ask for, and they become `unknown`.
   */
  settle(options: SettleOptions): Promise<SettleReport> {
    return settle(this.#parts, options);
  }

  /** The records that a filter means, in the order in which they were made. */
  async *records(filter: RecordFilter = {}): AsyncGenerator<LedgerRecord, void, void> {
    const { storage, vault } = this.#parts;
    for await (const row of findRecords(storage, vault, filter)) yield toRecord(row, storage.clock.now());
  }

  /** The enrollments that a filter means, with their secrets as far as they were sealed. */
  async *enrollments(filter: RecordFilter = {}): AsyncGenerator<Enrollment, void, void> {
    const { storage, vault } = this.#parts;
    for await (const row of findRecords(storage, vault, filter)) {
      const enrollment = toEnrollment(row, vault);
      if (enrollment !== undefined) yield enrollment;
    }
  }

  /**
   * What lives now and runs out within a time, the soonest first; without what has been renewed.
   *
   * @throws EnrollmentError `invalid-request` if it is no duration, or none that is longer than nothing.
   */
  expiring(within: DurationInput, filter: RecordFilter = {}): AsyncGenerator<LedgerRecord, void, void> {
    const { storage, vault } = this.#parts;
    return expiring(storage, vault, within, filter);
  }

  /** How many records a filter means. */
  count(filter: RecordFilter = {}): Promise<number> {
    return countRecords(this.#parts.storage, this.#parts.vault, filter);
  }

  /** How many records there are by provider, outcome and state, in this order. */
  summary(filter: RecordFilter = {}): Promise<readonly RecordCount[]> {
    return summarize(this.#parts.storage, this.#parts.vault, filter);
  }

  /**
   * What has happened to a record, the oldest first.
   *
   * @throws EnrollmentError `not-found`
   */
  history(recordId: number): Promise<readonly HistoryEntry[]> {
    return findHistory(this.#parts.storage, recordId);
  }

  /**
   * Asks the vendors what became of every enrollment that may still be used, or that ran out since it was last asked about;
   * up to a day after that, for a device may have come in at the last minute. A provider that fails, or cannot tell, is
   * reported and stops no other. A vendor that does not know any more changes no state that is known.
   */
  sync(options: SyncOptions): Promise<SyncReport> {
    return sync(this.#parts.storage, this.#parts.vault, options);
  }

  /**
   * Notes what a vendor has told of its own accord: a device has come in. The same message may come again, and in any
   * order; one that tells of a device which has left since is noted all the same: the enrollment was used.
   *
   * @returns whether the enrollment is on record. A message may come before what it is about is: take it once more, later.
   */
  noteUse(use: EnrollmentUse): Promise<boolean> {
    return noteUse(this.#parts.storage, use);
  }

  /**
   * Makes a new enrollment in the place of an old one, from the request that was stored with it, and takes the old one back
   * once the new one is there. Should it end half-way, the same call goes on: it never makes a third.
   *
   * @throws EnrollmentError `not-found`; `already-enrolled` if it was used up; `failed-precondition` if it was renewed
   *   already, is still in the making, or the vendor needs what is not stored; `outcome-unknown` if nobody can tell what
   *   became of an earlier try; and whatever a create rejects with: the old one is then as it was.
   */
  renew(recordId: number, options: RenewOptions): Promise<Renewal> {
    return renew(this.#parts, recordId, options);
  }

  /**
   * Says what a migration would do, and what the vendors cannot. It changes nothing.
   *
   * @throws EnrollmentError `invalid-request`; `unsupported` if old enrollments would wait for what nobody can tell.
   */
  planMigration(options: PlanMigrationOptions): Promise<MigrationPlan> {
    return planMigration(this.#parts, options);
  }

  /**
   * Moves what is live at one provider to another, or goes on with it: each old enrollment gets one new one, and is taken
   * back only once that is there. The new ones are the outcomes of a run of this name.
   *
   * @throws EnrollmentError as {@link Ledger.planMigration} does; `failed-precondition` if the ledger has no key, the
   *   migration was started otherwise, or the name is that of another run.
   */
  runMigration(options: RunMigrationOptions): Promise<MigrationRun> {
    return runMigration(this.#parts, options);
  }

  /** @throws EnrollmentError `not-found`; `failed-precondition` if the run is no migration. */
  migrationReport(name: string): Promise<MigrationReport> {
    return reportMigration(this.#parts.storage, name);
  }

  /** The rows of a migration, in their order. @throws EnrollmentError as {@link Ledger.migrationReport} does. */
  migrationRows(name: string): AsyncGenerator<MigrationRow, void, void> {
    return migrationRows(this.#parts.storage, name);
  }

  /**
   * Forgets what is settled and old, with its history. What is planned, being sent or in doubt stays, and so does what
   * lives, unless that is asked for. The rows of a run go all together and with it, once the last of them may: half a run
   * would be sent again when it is started again; the name of one that is gone is a new run's.
   */
  purge(options: PurgeOptions): Promise<Purged> {
    return purge(this.#parts.storage, this.#parts.vault, options);
  }

  /**
   * Takes every trace of a person out of the records, and leaves what counts need: provider, outcome, state, instants, and
   * the vendor's id of the enrollment. What was not sent yet never will be. A row of a run that was refused is found only
   * if its key is the address. Old versions of the rows stay in the database's own files until it clears them away
   * (`VACUUM FULL`), and in backups.
   *
   * @throws EnrollmentError `failed-precondition` that names what is being sent right now; nothing is erased then.
   */
  erase(email: string): Promise<Erased> {
    return erase(this.#parts.storage, this.#parts.vault, email);
  }

  /**
   * Seals everything with the first key that is sealed with another, so that the others are no longer needed. All processes
   * must have been opened with the new key as their first before. It may be repeated at any point.
   *
   * @throws EnrollmentError `failed-precondition` if there is no key, or one that is needed is missing; `protocol` if a
   *   sealed value was changed. All others have been sealed again then.
   */
  rotateKeys(options: RotateOptions = {}): Promise<{ readonly resealed: number }> {
    return rotateKeys(this.#parts.storage, this.#parts.vault, options);
  }

  /** Ends it: gives up what it holds, and closes the database. Called again, it waits for the same end. */
  close(): Promise<void> {
    return this.#running.close();
  }
}
