import PgBoss from "pg-boss";
import { explainFailure } from "../storage/failures.js";
import { lockSchema } from "../storage/lock-schema.js";
import type { Storage } from "../storage/storage.js";

/** A part of a run that one worker does. */
export interface JobData {
  readonly runId: number;
  /** The positions of its first row and its last. */
  readonly first: number;
  readonly last: number;
}

export interface Job extends JobData {
  readonly id: string;
}

/** What became of a job. `waiting`: it will be handed out, now or after a while. */
export type JobState = "waiting" | "active" | "over";

/** Jobs for any number of workers. */
export interface JobQueue {
  add(jobs: readonly Job[]): Promise<void>;
  /** Hands out a job to this worker alone. */
  take(): Promise<Job | undefined>;
  complete(id: string): Promise<void>;
  /** Hands it out again, a moment later. */
  giveBack(id: string, reason: string): Promise<void>;
  /** @returns when it was handed out, too, in milliseconds since the Unix epoch. */
  find(id: string): Promise<{ readonly state: JobState; readonly takenAt: number | undefined }>;
  close(): Promise<void>;
}

const queue = "enrollments";

/** A job is given back by those who see that its worker is gone; pg-boss itself would only guess by the time. */
const expiry = { expireInHours: 23 };

/** Seconds. */
const retryDelay = 2;

/** Rows are counted, not jobs: a job comes back until all its rows are settled. */
const retryLimit = 1_000_000;

const stateOf = (state: PgBoss.JobWithMetadata["state"]): JobState => {
  if (state === "active") return "active";
  return state === "created" || state === "retry" ? "waiting" : "over";
};

/**
 * pg-boss makes its tables as if nobody else did: of several processes that open a new ledger's queue at the same time all
 * but one would fail, or wait for one another. An embedded database has one process.
 */
const alone = (storage: Storage, schema: string, work: () => Promise<void>): Promise<void> =>
  storage.isShared
    ? storage.once((db) =>
        db.transaction().execute(async (transaction) => {
          await lockSchema(transaction, schema);
          await work();
        }),
      )
    : work();

/** pg-boss over the ledger's own database. https://timgit.github.io/pg-boss/ */
export const openJobQueue = async (storage: Storage): Promise<JobQueue> => {
  const schema = `${storage.schema}_jobs`;
  let failure: unknown;
  const boss = new PgBoss({
    db: {
      executeSql: async (text: string, values?: unknown[]) => {
        const { rows } = await storage.runSql(text, values);
        return { rows: rows as never[] };
      },
    },
    schema,
    schedule: false,
  });
  // Its maintenance runs beside the work: what goes wrong there is told with the next call.
  boss.on("error", (error) => {
    failure = error;
  });
  const explained = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw explainFailure(error);
    }
  };
  await explained(() =>
    alone(storage, schema, async () => {
      await boss.start();
      await boss.createQueue(queue, { name: queue, retryLimit, retryDelay, ...expiry });
    }),
  );

  return {
    add: (jobs) => explained(() => boss.insert(jobs.map(({ id, ...data }) => ({ id, name: queue, data })))),
    take: () =>
      explained(async () => {
        const earlier = failure;
        failure = undefined;
        if (earlier !== undefined) throw earlier as Error;
        const [job] = await boss.fetch<JobData>(queue);
        return job && { id: job.id, ...job.data };
      }),
    complete: (id) => explained(() => boss.complete(queue, id)),
    giveBack: (id, reason) => explained(() => boss.fail(queue, id, { reason })),
    find: (id) =>
      explained(async () => {
        const job = await boss.getJobById(queue, id, { includeArchive: true });
        if (job === null) return { state: "over", takenAt: undefined };
        const takenAt = Date.parse(String(job.startedOn));
        return { state: stateOf(job.state), takenAt: Number.isNaN(takenAt) ? undefined : takenAt };
      }),
    close: () => explained(() => boss.stop({ graceful: false, wait: false })),
  };
};
