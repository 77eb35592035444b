import { randomUUID } from "node:crypto";
import {
  EnrollmentError,
  failureOf,
  missingResult,
  toEnrollmentError,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type EnrollmentResult,
} from "@enrollkit/core";
import type { Attempt, Attempts } from "../records/attempts.js";
import { resultColumns } from "../records/columns.js";
import type { Vault } from "../records/vault.js";
import { createGroupWriter } from "../storage/group-writer.js";
import type { Lease } from "../work/lease.js";

/** A row of a run as it is being sent. */
export interface SentRow {
  /** The record's id. */
  readonly id: number;
  /** Place in the run, from 0. */
  readonly position: number;
  /** How often it was sent before. */
  readonly tries: number;
  /** With a key, always. */
  readonly request: EnrollmentRequest & { readonly key: string };
}

/** What became of a row. */
export interface RowResult {
  readonly row: SentRow;
  readonly result: EnrollmentResult;
}

export interface RecorderParts {
  readonly attempts: Attempts;
  readonly vault: Vault;
  readonly lease: Lease;
  /** The row of a request that the engine has been given, by its key. */
  readonly rowOf: (key: string) => SentRow;
  /** Hears of results that are final, before they are recorded: so none is lost, and one may come twice. */
  readonly deliver: (results: readonly RowResult[]) => Promise<void>;
  /** Hears of what went wrong with writing down, and not with a row: the run has to end. */
  readonly onBroken: (error: unknown) => void;
}

/** Stands for a row that another worker has; it never leaves the run. */
const elsewhere = () =>
  new EnrollmentError("another worker has this row", { code: "unavailable", retryable: true });

/**
 * Writes down the intent before every call, and the result after it. It has no reconciliation: a lost answer is left in
 * doubt, for that has to be settled over all workers, and may take another process to do so.
 */
export const createRecorder = ({ attempts, vault, lease, rowOf, deliver, onBroken }: RecorderParts) => {
  const begin = createGroupWriter(async (groups: readonly (readonly Attempt[])[]) => {
    const granted = await attempts.begin(groups.flat(), lease.signal);
    return groups.map((group) => group.map(({ id }) => granted.has(id)));
  });
  const settle = createGroupWriter(
    async (groups: readonly (readonly (RowResult & { readonly attempt: string })[])[]) => {
      // Without a lease a failure says nothing: it may be its own. Whoever takes over asks the vendor.
      const known = groups
        .flat()
        .filter(({ result }) => result.status === "created" || !lease.signal.aborted);
      await deliver(known.filter(({ result }) => result.status !== "unknown"));
      await attempts.settle(
        known.map(({ row, result, attempt }) => resultColumns({ id: row.id, attempt }, result, vault)),
      );
      return groups.map(() => undefined);
    },
  );

  const written = async <Result>(writing: Promise<Result>): Promise<Result> => {
    try {
      return await writing;
    } catch (error) {
      onBroken(error);
      throw error;
    }
  };

  const send = async (
    requests: readonly EnrollmentRequest[],
    call: (ours: readonly EnrollmentRequest[]) => Promise<readonly EnrollmentResult[]>,
  ): Promise<readonly EnrollmentResult[]> => {
    const attempt = randomUUID();
    const rows = requests.map(({ key }) => rowOf(key ?? ""));
    const granted = await written(begin(rows.map(({ id }) => ({ id, attempt }))));
    const ours = rows.filter((_, place) => granted[place] === true);
    const sent = ours.length === 0 ? [] : await call(ours.map(({ request }) => request));
    const results = new Map(ours.map((row, place) => [row, sent[place] as EnrollmentResult]));
    await written(settle([...results].map(([row, result]) => ({ row, result, attempt }))));
    return rows.map((row) => results.get(row) ?? failureOf(elsewhere()));
  };

  /** @param most - how many requests one call may take at once; default: as many as the vendor takes. */
  return (provider: EnrollmentProvider, most = Infinity): EnrollmentProvider => {
    const { name, descriptor, bulk, hooks } = provider;
    const failAll = (requests: readonly EnrollmentRequest[], error: unknown) => {
      const failure = failureOf(toEnrollmentError(error, name));
      return requests.map(() => failure);
    };
    const { batch } = descriptor;
    return {
      name,
      descriptor: {
        ...descriptor,
        roles: bulk === undefined ? [] : ["bulk"],
        ...(batch && { batch: { ...batch, maxItems: Math.min(batch.maxItems, most) } }),
      },
      ...(hooks && { hooks }),
      check: (options) => provider.check(options),
      createEnrollment: async (request, options) => {
        const [result = missingResult(name)] = await send([request], async (ours) => {
          try {
            const [one = request] = ours;
            return [{ status: "created", enrollment: await provider.createEnrollment(one, options) }];
          } catch (error) {
            return failAll(ours, error);
          }
        });
        if (result.status === "created") return result.enrollment;
        throw result.error;
      },
      ...(bulk && {
        bulk: {
          createBatch: (requests, options) =>
            send(requests, async (ours) => {
              try {
                const results = await bulk.createBatch(ours, options);
                return ours.map((_, place) => results[place] ?? missingResult(name));
              } catch (error) {
                return failAll(ours, error);
              }
            }),
        },
      }),
    };
  };
};
