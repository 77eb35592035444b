import type { EnrollmentRequest } from "@enrollkit/core";
import type { LedgerParts } from "./ledger-parts.js";
import { createAttempts } from "./records/attempts.js";
import { unrecorded } from "./records/record-provider.js";
import { refuseWithoutKey } from "./records/vault.js";
import type { RunOptions, SubmitOptions, WorkOptions } from "./run-options.js";
import { doubtAgain } from "./runs/doubt-again.js";
import { executeRun, type ExecuteParts } from "./runs/execute-run.js";
import { planRun } from "./runs/plan.js";
import { refusalsOf } from "./runs/refusals.js";
import { startRun, type RunSettings } from "./runs/run.js";
import { toOutcome } from "./runs/to-outcome.js";
import { openJobQueue, type JobQueue } from "./work/job-queue.js";
import type { Lease } from "./work/lease.js";
import { addJobs } from "./work/submit.js";
import { work } from "./work/work.js";

const never = new AbortController().signal;

/** Rows for one job: as many as the largest batch of any vendor takes. */
const rowsPerJob = 1000;

/** Milliseconds between two looks at an empty queue. */
const idle = 500;

const settingsOf = ({ provider, onUnsupported }: RunSettings): RunSettings => ({
  ...(provider !== undefined && { provider }),
  ...(onUnsupported !== undefined && { onUnsupported }),
});

/** What the rows of a named run are executed with. */
export const executePartsOf = (
  { storage, vault, options }: LedgerParts,
  lease: Lease,
  {
    name,
    service,
    provider,
    onUnsupported,
    concurrency,
    deliver,
    signal = never,
  }: Omit<RunOptions, "requests">,
): ExecuteParts => ({
  storage,
  vault,
  lease,
  attempts: createAttempts(storage, lease),
  choose: (request: EnrollmentRequest) => unrecorded(service.providerFor(request, { provider })),
  providerOf: (each) => unrecorded(service.provider(each)),
  onUnsupported,
  concurrency,
  settling: options.settling,
  mostTries: options.mostTries,
  signal,
  deliver: async (results) => {
    if (results.length > 0) await deliver?.(results.map((each) => toOutcome(each, { name })));
  },
});

/** Everything that executes runs, here or by workers, and what ends it. */
export const createRunning = (ledger: LedgerParts) => {
  const { storage, vault, options, held } = ledger;
  let queue: Promise<JobQueue> | undefined;

  /** One for all who work and submit here. What could not be opened is tried anew by whoever needs it next. */
  const openQueue = async (): Promise<JobQueue> => {
    const opening = (queue ??= openJobQueue(storage));
    try {
      return await opening;
    } catch (error) {
      if (queue === opening) queue = undefined;
      throw error;
    }
  };

  let closing: Promise<void> | undefined;

  const end = async (): Promise<void> => {
    try {
      await held.end();
      await (await queue)?.close();
    } finally {
      await storage.close();
    }
  };

  const refuseKeyless = (): void => {
    refuseWithoutKey(vault, "a run for workers");
  };

  return {
    run: async (run: RunOptions): Promise<void> => {
      const started = await startRun(storage, run.name, settingsOf(run));
      await held.use((lease) => executeRun(executePartsOf(ledger, lease, run), started, run.requests));
    },

    submit: async (run: SubmitOptions): Promise<void> => {
      refuseKeyless();
      const started = await startRun(storage, run.name, settingsOf(run));
      await held.use(async (lease) => {
        const parts = executePartsOf(ledger, lease, run);
        await planRun(
          { ...parts, by: lease.name, refuse: refusalsOf(parts, started) },
          started,
          run.requests,
        );
        await doubtAgain(storage, started, lease.name);
        await addJobs(storage, await openQueue(), started, rowsPerJob);
      });
    },

    work: async ({
      service,
      concurrency,
      signal = never,
      until = "stopped",
      onEvent,
    }: WorkOptions): Promise<void> => {
      refuseKeyless();
      const leases = held.takeInTurn();
      try {
        await work({
          storage,
          vault,
          service,
          openQueue,
          takeLease: leases.take,
          leaseLength: options.lease,
          settling: options.settling,
          mostTries: options.mostTries,
          concurrency,
          signal,
          until,
          idle,
          onEvent: (event) => onEvent?.(event),
        });
      } finally {
        leases.leave();
      }
    },

    /** To be called when nothing is under way any more. However often it is called, it happens once. */
    close: (): Promise<void> => (closing ??= end()),
  };
};
