import { EnrollmentError, type EnrollmentRequest } from "@enrollkit/core";
import type { LedgerParts } from "./ledger-parts.js";
import { createAttempts } from "./records/attempts.js";
import { unrecorded } from "./records/record-provider.js";
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

/** Everything that executes runs, here or by workers. */
export const createRunning = ({ storage, vault, options, held }: LedgerParts) => {
  let queue: JobQueue | undefined;

  const openQueue = async (): Promise<JobQueue> => {
    queue ??= await openJobQueue(storage);
    return queue;
  };

  const partsOf = (
    lease: Lease,
    { service, provider, onUnsupported, deliver, signal = never, ...rest }: RunOptions,
  ): ExecuteParts => ({
    storage,
    vault,
    lease,
    attempts: createAttempts(storage, lease),
    choose: (request: EnrollmentRequest) => unrecorded(service.providerFor(request, { provider })),
    providerOf: (name) => unrecorded(service.provider(name)),
    onUnsupported,
    concurrency: rest.concurrency,
    settling: options.settling,
    mostTries: options.mostTries,
    signal,
    deliver: async (results) => {
      if (results.length > 0) await deliver?.(results.map((each) => toOutcome(each, rest)));
    },
  });

  const refuseWithoutKey = (): void => {
    if (vault.keys.currentId !== undefined) return;
    throw new EnrollmentError(
      "a run for workers stores its requests, and only ever sealed: the ledger has no key",
      {
        code: "failed-precondition",
        path: "keys",
        advice: "add a key to the ledger's settings; `openssl rand -base64 32` makes one",
      },
    );
  };

  return {
    run: async (run: RunOptions): Promise<void> => {
      const started = await startRun(storage, run.name, settingsOf(run));
      await held.use((lease) => executeRun(partsOf(lease, run), started, run.requests));
    },

    submit: async (run: SubmitOptions): Promise<void> => {
      refuseWithoutKey();
      const started = await startRun(storage, run.name, settingsOf(run));
      await held.use(async (lease) => {
        const parts = partsOf(lease, run);
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
      refuseWithoutKey();
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

    /** To be called when nothing is under way any more. */
    close: async (): Promise<void> => {
      await queue?.close();
    },
  };
};
