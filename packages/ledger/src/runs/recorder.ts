import { randomUUID } from "node:crypto";
import {
  EnrollmentError,
  failureOf,
  missingResult,
  overAccounts,
  toEnrollmentError,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type EnrollmentResult,
} from "@enrollkit/core";
import type { Attempts, BegunAttempt } from "../records/attempts.js";
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
  const begin = createGroupWriter(async (groups: readonly (readonly BegunAttempt[])[]) => {
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

  /** The tries of rows that are on their way, to note which member of a composite they have come to. */
  const underWay = new Map<SentRow, string>();

  const send = async (
    requests: readonly EnrollmentRequest[],
    to: Pick<BegunAttempt, "provider" | "vendor">,
    call: (ours: readonly EnrollmentRequest[]) => Promise<readonly EnrollmentResult[]>,
  ): Promise<readonly EnrollmentResult[]> => {
    const attempt = randomUUID();
    const rows = requests.map(({ key }) => rowOf(key ?? ""));
    const granted = await written(begin(rows.map(({ id }) => ({ id, attempt, ...to }))));
    const ours = rows.filter((_, place) => granted[place] === true);
    for (const row of ours) underWay.set(row, attempt);
    const sent = ours.length === 0 ? [] : await call(ours.map(({ request }) => request));
    for (const row of ours) underWay.delete(row);
    const results = new Map(ours.map((row, place) => [row, sent[place] as EnrollmentResult]));
    await written(settle([...results].map(([row, result]) => ({ row, result, attempt }))));
    return rows.map((row) => results.get(row) ?? failureOf(elsewhere()));
  };

  /**
   * A member of a composite: who the row goes to is written down before each call, for after a crash only that one can tell
   * what became of it. The result is written by what surrounds the composite, once it is final.
   */
  const passing = (account: EnrollmentProvider): EnrollmentProvider => {
    const { name, descriptor, bulk } = account;
    const pass = async (
      requests: readonly EnrollmentRequest[],
      call: (ours: readonly EnrollmentRequest[]) => Promise<readonly EnrollmentResult[]>,
    ): Promise<readonly EnrollmentResult[]> => {
      const to = { provider: name, vendor: descriptor.vendor };
      const tries = requests.map(({ key }) => {
        const row = rowOf(key ?? "");
        return { id: row.id, attempt: underWay.get(row) ?? "", ...to };
      });
      const granted = await written(begin(tries));
      const ours = requests.filter((_, place) => granted[place] === true);
      const sent = ours.length === 0 ? [] : await call(ours);
      const results = new Map(ours.map((request, place) => [request, sent[place] ?? missingResult(name)]));
      return requests.map((request) => results.get(request) ?? failureOf(elsewhere()));
    };
    return {
      ...account,
      check: (options) => account.check(options),
      createEnrollment: async (request, options) => {
        const [result = missingResult(name)] = await pass([request], async ([ours = request]) => [
          { status: "created", enrollment: await account.createEnrollment(ours, options) },
        ]);
        if (result.status === "created") return result.enrollment;
        throw result.error;
      },
      ...(bulk && {
        bulk: {
          createBatch: (requests, options) => pass(requests, (ours) => bulk.createBatch(ours, options)),
        },
      }),
    };
  };

  /** @param most - how many requests one call may take at once; default: as many as the vendor takes. */
  return (given: EnrollmentProvider, most = Infinity): EnrollmentProvider => {
    const isComposite = given.composition !== undefined;
    const provider = isComposite ? overAccounts(given, passing) : given;
    const { name, descriptor, bulk, hooks, composition } = provider;
    const to = isComposite ? {} : { provider: name, vendor: descriptor.vendor };
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
      ...(composition && { composition }),
      check: (options) => provider.check(options),
      createEnrollment: async (request, options) => {
        const [result = missingResult(name)] = await send([request], to, async (ours) => {
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
            send(requests, to, async (ours) => {
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
