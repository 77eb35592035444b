import { randomUUID } from "node:crypto";
import {
  createEnrollments,
  destinationOf,
  failureOf,
  type EnrollmentError,
  type EnrollmentProvider,
  type EnrollmentRequest,
} from "@enrollkit/core";
import type { Attempts } from "../records/attempts.js";
import { resultColumns } from "../records/columns.js";
import type { Vault } from "../records/vault.js";
import type { Storage } from "../storage/storage.js";
import type { Lease } from "../work/lease.js";
import { createRecorder, type RowResult, type SentRow } from "./recorder.js";

export interface SendParts {
  readonly storage: Storage;
  readonly vault: Vault;
  readonly lease: Lease;
  readonly attempts: Attempts;
  readonly choose: (request: EnrollmentRequest) => EnrollmentProvider;
  readonly onUnsupported: "reject" | "warn" | undefined;
  readonly concurrency: number | undefined;
  /** Hears of final results before they are recorded. */
  readonly deliver: (results: readonly RowResult[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * How many rows share a call, by how often they were tried before: whoever crashes a worker is soon alone, and does not
 * take others with him when he is set aside.
 */
const companions = (tries: number): number => (tries === 0 ? Infinity : Math.max(1, 10 ** (3 - tries)));

/** Settles rows without a call: they are wrong. */
export const recordRefusals = async (
  { attempts, vault, deliver, signal }: Pick<SendParts, "attempts" | "vault" | "deliver" | "signal">,
  refused: readonly RowResult[],
): Promise<void> => {
  const begun = refused.map(({ row, result }) => ({ row, result, attempt: randomUUID() }));
  const granted = await attempts.begin(
    begun.map(({ row: { id }, attempt }) => ({ id, attempt })),
    signal,
  );
  const ours = begun.filter(({ row }) => granted.has(row.id));
  await deliver(ours);
  await attempts.settle(
    ours.map(({ row, result, attempt }) => resultColumns({ id: row.id, attempt }, result, vault)),
  );
};

/** The engine counts what it was given, which is less than the run has. */
const placedIn = (error: EnrollmentError, { position }: SentRow): EnrollmentError => {
  const path = error.path?.replace(/^requests\[\d+\]/, `requests[${position}]`);
  return path === undefined ? error : error.with({ path });
};

/**
 * Sends rows, each with its intent recorded before and its result after. Rows that another worker has are left to it.
 *
 * @param chunks - rows that were planned when they were read.
 */
export const sendRows = async (
  parts: SendParts,
  chunks: AsyncIterable<readonly SentRow[]>,
): Promise<void> => {
  const { storage, lease, choose, onUnsupported, concurrency, signal } = parts;
  const waiting = new Map<string, SentRow>();
  const called = new Set<SentRow>();
  const rowOf = (key: string): SentRow => {
    const row = waiting.get(key);
    if (row === undefined) throw new Error(`the engine was given no row of this key`);
    called.add(row);
    return row;
  };
  const broken = new AbortController();
  const record = createRecorder({
    ...parts,
    rowOf,
    onBroken: (error) => {
      broken.abort(error);
    },
  });
  const recorded = new Map<string, EnrollmentProvider>();
  const chooseRecorded = (request: EnrollmentRequest): EnrollmentProvider => {
    const { lane: provider } = destinationOf(choose(request), request);
    const most = companions(waiting.get(request.key ?? "")?.tries ?? 0);
    const name = `${most} ${provider.name}`;
    const known = recorded.get(name) ?? record(provider, most);
    recorded.set(name, known);
    return known;
  };
  const requests = async function* () {
    for await (const rows of chunks) {
      for (const row of rows) {
        waiting.set(row.request.key, row);
        yield row.request;
      }
    }
  };
  const outcomes = createEnrollments(chooseRecorded, requests(), {
    onUnsupported,
    concurrency,
    order: "completion",
    clock: storage.clock,
    signal: AbortSignal.any([signal, lease.signal, broken.signal]),
  });
  for await (const outcome of outcomes) {
    const row = waiting.get(outcome.key ?? "");
    if (row === undefined) continue;
    if (outcome.status === "failed" && !called.has(row)) {
      await recordRefusals(parts, [{ row, result: failureOf(placedIn(outcome.error, row)) }]);
    }
    waiting.delete(row.request.key);
    called.delete(row);
  }
};
