import { createHash } from "node:crypto";
import {
  createRequestValidator,
  destinationOf,
  EnrollmentError,
  keyOf,
  toIsoInstant,
  type EnrollmentErrorCode,
  type EnrollmentProvider,
  type EnrollmentRequest,
} from "@enrollkit/core";
import * as z from "zod";
import { requestColumns } from "../records/columns.js";
import { requestContext, requestFingerprint, sealRequest, type Vault } from "../records/vault.js";
import type { Storage } from "../storage/storage.js";
import { inChunks } from "./in-chunks.js";
import { findRows, insertRows, planAgain, type PlannedRow } from "./planned-rows.js";
import type { Run } from "./run.js";

/** The rows of a run, in the same order each time it is called. */
export type RowSource = () => Iterable<EnrollmentRequest> | AsyncIterable<EnrollmentRequest>;

/** A row that is not sent: it is wrong, or no provider takes it. */
export interface RefusedRow {
  readonly id: number;
  readonly position: number;
  readonly request: EnrollmentRequest;
  readonly error: EnrollmentError;
}

export interface PlanParts {
  readonly storage: Storage;
  readonly vault: Vault;
  /** @throws EnrollmentError if nothing decides which provider a request goes to. */
  readonly choose: (request: EnrollmentRequest) => EnrollmentProvider;
  /** Who plans, for the history. */
  readonly by: string;
  /** Records rows that are refused. */
  readonly refuse: (rows: readonly RefusedRow[]) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

const chunkSize = 1000;
/** More than a person reads. */
const listedChanges = 5;

/** Codes of rows that never left this machine. */
export const localRefusals: ReadonlySet<EnrollmentErrorCode> = new Set([
  "invalid-request",
  "invalid-config",
  "unsupported",
]);

/** The key that a row without one goes by. */
export const keyOfRow = ({ name }: Pick<Run, "name">, position: number, request: unknown): string =>
  keyOf(request) ?? `${name}#${position}`;

const listOf = (positions: readonly number[]): string => {
  const listed = positions.slice(0, listedChanges).map((position) => position + 1);
  const rest = positions.length - listed.length;
  return `${listed.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
};

const refuseChanges = ({ name, rows: planned }: Run, changed: readonly number[], rows: number): void => {
  const found: string[] = [];
  if (changed.length > 0) found.push(`changed rows: ${listOf(changed)}`);
  if (planned !== undefined && rows > planned) {
    found.push(`rows that were added after row ${planned}: ${rows - planned}`);
  }
  if (planned !== undefined && rows < planned) found.push(`rows missing at the end: ${planned - rows}`);
  if (found.length === 0) return;
  throw new EnrollmentError(
    `the input is not the one that run "${name}" was started with: ${found.join("; ")}`,
    {
      code: "failed-precondition",
      path: "run",
      advice: "restore the input to go on with this run, or give the new input another run; nothing was sent",
    },
  );
};

/** An erased person's row has no fingerprint any more, and cannot be compared. */
const differs = (row: PlannedRow | undefined, fingerprint: string) =>
  row !== undefined && row.fingerprint !== null && row.fingerprint !== fingerprint;

/**
 * Holds an input against the run as it was planned.
 *
 * @throws EnrollmentError `failed-precondition` that says what has changed.
 */
const compareInput = async ({ storage, vault, signal }: PlanParts, run: Run, source: RowSource) => {
  const changed: number[] = [];
  let rows = 0;
  for await (const requests of inChunks(source(), chunkSize)) {
    signal?.throwIfAborted();
    const known = await findRows(storage, run.id, rows, requests.length);
    for (const [place, request] of requests.entries()) {
      const position = rows + place;
      if (differs(known.get(position), requestFingerprint(request, vault))) changed.push(position);
    }
    rows += requests.length;
  }
  refuseChanges(run, changed, rows);
};

const refusedSchema = z.object({ recipient: z.object({ email: z.string() }) });

interface Examined {
  readonly position: number;
  readonly request: EnrollmentRequest;
  readonly provider: EnrollmentProvider | undefined;
  /** Why it is refused. */
  readonly error: EnrollmentError | undefined;
  readonly fingerprint: string;
}

const createExaminer = ({ storage, vault, choose }: PlanParts, { settings }: Run) => {
  let provider: EnrollmentProvider | undefined;
  const chooseLane = (request: EnrollmentRequest): EnrollmentProvider => {
    const { lane, member } = destinationOf(choose(request), request);
    provider = member;
    return lane;
  };
  const validate = createRequestValidator(chooseLane, {
    onUnsupported: settings.onUnsupported,
    clock: storage.clock,
  });
  return (request: EnrollmentRequest, position: number): Examined => {
    provider = undefined;
    let error: EnrollmentError | undefined;
    try {
      validate(request, position);
    } catch (refusal) {
      if (!EnrollmentError.is(refusal)) throw refusal;
      error = refusal;
    }
    return { position, request, provider, error, fingerprint: requestFingerprint(request, vault) };
  };
};

/** A refused request may be anything at all. */
const refusedColumns = (request: unknown, { fingerprints }: Vault) => {
  const read = refusedSchema.safeParse(request);
  return read.success ? { recipient_hash: fingerprints.ofRecipient(read.data.recipient.email) } : {};
};

const toColumns = (
  { position, request, provider, error, fingerprint }: Examined,
  run: Run,
  vault: Vault,
) => ({
  position,
  key: keyOfRow(run, position, request),
  // A row that leads to no provider is recorded all the same; of one that is refused, only whom it was for.
  provider: provider?.name ?? "",
  vendor: provider?.descriptor.vendor ?? "",
  ...(error === undefined
    ? {
        ...requestColumns(request, vault),
        sealed_request: sealRequest(request, requestContext(run.id, position), vault),
      }
    : refusedColumns(request, vault)),
  request_fingerprint: fingerprint,
});

/** Whether a row that failed may succeed now: the vendor was out of order, or it was refused here and is not any more. */
const mayTryAgain = ({ outcome, code, retryable }: PlannedRow) =>
  outcome === "failed" && (retryable === true || (code !== null && localRefusals.has(code)));

/**
 * Holds every row against what its provider can do and against the run as it was started, and notes those that are new.
 * Nothing is sent. What failed in an earlier start and is worth another try is planned again.
 *
 * @returns how many rows the run has.
 * @throws EnrollmentError `failed-precondition` that says what has changed since the run was started.
 */
export const planRun = async (parts: PlanParts, run: Run, source: RowSource): Promise<number> => {
  const { storage, vault, by, refuse, signal } = parts;
  if (run.rows !== undefined) await compareInput(parts, run, source);
  const examine = createExaminer(parts, run);
  const whole = createHash("sha256");
  const changed: number[] = [];
  let rows = 0;
  for await (const requests of inChunks(source(), chunkSize)) {
    signal?.throwIfAborted();
    const first = rows;
    rows += requests.length;
    const examined = requests.map((request, place) => examine(request, first + place));
    for (const { fingerprint } of examined) whole.update(fingerprint);
    const existing = await findRows(storage, run.id, first, requests.length);
    const fresh = examined.filter(({ position }) => !existing.has(position));
    const inserted = await insertRows(
      storage,
      run.id,
      fresh.map((each) => toColumns(each, run, vault)),
      by,
    );
    const again: number[] = [];
    const refused: RefusedRow[] = [];
    for (const { position, request, error, fingerprint } of examined) {
      const row = existing.get(position) ?? inserted.get(position);
      if (row === undefined) continue;
      if (differs(row, fingerprint)) changed.push(position);
      else if (error === undefined && mayTryAgain(row)) again.push(row.id);
      else if (error !== undefined && row.outcome === "planned") {
        refused.push({ id: row.id, position, request, error: error.within(`requests[${position}]`) });
      }
    }
    await planAgain(storage, again, by);
    if (refused.length > 0) await refuse(refused);
  }
  refuseChanges(run, changed, rows);
  await storage.repeatable((db) =>
    db
      .updateTable("runs")
      .set({
        rows,
        fingerprint: whole.digest("base64url"),
        planned_at: toIsoInstant(storage.clock.now()),
      })
      .where("id", "=", run.id)
      .where("rows", "is", null)
      .execute(),
  );
  return rows;
};
