import { EnrollmentError, type EnrollmentService } from "@enrollkit/core";
import { createAttempts } from "../records/attempts.js";
import { unrecorded } from "../records/record-provider.js";
import type { Vault } from "../records/vault.js";
import type { RunSettings } from "../runs/run.js";
import { isConnectionLost } from "../storage/failures.js";
import type { Storage } from "../storage/storage.js";
import { executeJob } from "./execute-job.js";
import type { Job, JobQueue } from "./job-queue.js";
import type { Lease } from "./lease.js";
import { returnLostJobs } from "./watch.js";

/** Something a worker tells while it works. */
export type WorkEvent =
  | {
      readonly kind: "job-taken" | "job-done" | "job-later";
      readonly job: Job;
      /** The name of the run that it is a part of. */
      readonly run: string;
    }
  /** It was suspended, or the database was out of reach: it starts anew. */
  | { readonly kind: "lease-lost" }
  | { readonly kind: "database-lost"; readonly error: EnrollmentError };

export interface WorkParts {
  readonly storage: Storage;
  readonly vault: Vault;
  readonly openQueue: () => Promise<JobQueue>;
  readonly service: EnrollmentService;
  readonly takeLease: () => Promise<Lease>;
  readonly leaseLength: number;
  readonly settling: number;
  readonly mostTries: number;
  readonly concurrency: number | undefined;
  /** Ends the worker: what is under way is seen through. */
  readonly signal: AbortSignal;
  /** Milliseconds between two looks at an empty queue. */
  readonly idle: number;
  /** `empty`: ends when nothing is left to do. */
  readonly until: "stopped" | "empty";
  readonly onEvent: (event: WorkEvent) => void;
}

interface RunOfJob {
  readonly name: string;
  readonly settings: RunSettings;
}

/** @returns undefined if the run was purged while its job still waited. */
const runOf = (storage: Storage, { runId }: Job): Promise<RunOfJob | undefined> =>
  storage.repeatable((db) =>
    db.selectFrom("runs").select(["name", "settings"]).where("id", "=", runId).executeTakeFirst(),
  );

const claim = (storage: Storage, { workerId }: Lease, { id }: Job) =>
  storage.repeatable((db) =>
    db.updateTable("jobs").set({ worker_id: workerId }).where("id", "=", id).execute(),
  );

const doJob = async (
  parts: WorkParts,
  lease: Lease,
  job: Job,
  { settings: { provider, onUnsupported } }: RunOfJob,
): Promise<"done" | "later"> => {
  const { storage, vault, service, settling, mostTries, concurrency, signal } = parts;
  await claim(storage, lease, job);
  return executeJob(
    {
      storage,
      vault,
      lease,
      attempts: createAttempts(storage, lease),
      choose: (request) => unrecorded(service.providerFor(request, { provider })),
      providerOf: (name) => unrecorded(service.provider(name)),
      onUnsupported,
      concurrency,
      settling,
      mostTries,
      signal,
      deliver: () => Promise.resolve(),
    },
    job,
  );
};

/** Whether something is left that a worker will have to do, now or later. */
const isWorkLeft = async (storage: Storage): Promise<boolean> => {
  const open = await storage.repeatable((db) =>
    db
      .selectFrom("records")
      .innerJoin("jobs", "jobs.run_id", "records.run_id")
      .select("records.id")
      .where("records.outcome", "in", ["planned", "sending", "in-doubt"])
      .limit(1)
      .execute(),
  );
  return open.length > 0;
};

/** An abort is how a worker is asked to end, and no failure. */
const throwUnlessStopped = (error: unknown, signal: AbortSignal): void => {
  if (!signal.aborted) throw error;
};

/** Takes jobs and does them, with one lease, until it is stopped, nothing is left, or the lease is lost. */
const workWithLease = async (parts: WorkParts, queue: JobQueue, lease: Lease): Promise<void> => {
  const { storage, signal, idle, onEvent, leaseLength } = parts;
  let watchAt = 0;
  while (!signal.aborted) {
    lease.assertHeld();
    if (storage.clock.now() >= watchAt) {
      await returnLostJobs(storage, queue, leaseLength);
      watchAt = storage.clock.now() + leaseLength / 2;
    }
    const job = await queue.take();
    if (job === undefined) {
      if (parts.until === "empty" && !(await isWorkLeft(storage))) return;
      await pauseUnlessStopped(parts, idle);
      continue;
    }
    try {
      const run = await runOf(storage, job);
      if (run === undefined) {
        await queue.complete(job.id);
        continue;
      }
      onEvent({ kind: "job-taken", job, run: run.name });
      const result = await doJob(parts, lease, job, run);
      lease.assertHeld();
      if (result === "done") await queue.complete(job.id);
      else await queue.giveBack(job.id, "some of its rows are to be tried again");
      onEvent({ kind: result === "done" ? "job-done" : "job-later", job, run: run.name });
    } catch (error) {
      // Nobody else may give it back once the lease is lost: somebody may have it already.
      if (!lease.signal.aborted) await queue.giveBack(job.id, "its worker has stopped");
      throwUnlessStopped(error, signal);
    }
  }
};

const pauseUnlessStopped = async ({ storage, signal }: WorkParts, milliseconds: number): Promise<void> => {
  try {
    await storage.clock.sleep(milliseconds, signal);
  } catch (error) {
    throwUnlessStopped(error, signal);
  }
};

/**
 * Works until it is stopped. A lease that is lost and a database that cannot be reached end nothing: the worker starts
 * anew, and whatever it had in hand is asked about like everything that is in doubt.
 */
export const work = async (parts: WorkParts): Promise<void> => {
  const { signal, onEvent, idle } = parts;
  while (!signal.aborted) {
    let lease: Lease | undefined;
    try {
      const queue = await parts.openQueue();
      lease = await parts.takeLease();
      await workWithLease(parts, queue, lease);
      return;
    } catch (error) {
      if (lease?.signal.aborted === true) onEvent({ kind: "lease-lost" });
      else if (EnrollmentError.is(error) && isConnectionLost(error))
        onEvent({ kind: "database-lost", error });
      else throw error;
      await pauseUnlessStopped(parts, idle);
    }
  }
};
