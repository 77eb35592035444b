import {
  createReliably,
  EnrollmentError,
  enrollmentErrorSchema,
  toEnrollmentError,
  toIsoInstant,
  type CallOptions,
  type Enrollment,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type EnrollmentService,
} from "@enrollkit/core";
import { sql } from "kysely";
import type { LedgerParts } from "../ledger-parts.js";
import { getRecordRow, selectRecords } from "../records/find-records.js";
import { noteRevoked } from "../records/learn.js";
import { recordProvider, unrecorded } from "../records/record-provider.js";
import { toEnrollment, toRecord, type LedgerRecord, type RecordRow } from "../records/record.js";
import type { PlannedCreate } from "../records/recorded-creates.js";
import type { RunSettings } from "../runs/run.js";
import type { RecordedOutcome } from "../storage/tables.js";
import { renewalRequest } from "./renewal-request.js";
import { settle } from "./settle.js";

/** How to renew an enrollment. */
export interface RenewOptions extends CallOptions {
  /** The providers. */
  readonly service: EnrollmentService;
  /** What is to be different; a member that is undefined takes the old wish away. */
  readonly changes?: Partial<EnrollmentRequest> | undefined;
  /** What becomes of the old one once the new one is there. Default: `revoke`, where the vendor can. */
  readonly old?: "revoke" | "keep" | undefined;
  /** Default: as the old one's run was started; else `reject`. */
  readonly onUnsupported?: "reject" | "warn" | undefined;
}

/** A new enrollment in the place of an old one. */
export interface Renewal {
  /** Of one that was made by an earlier call: with its secrets as far as they were sealed. */
  readonly enrollment: Enrollment;
  readonly record: LedgerRecord;
  readonly replaced: LedgerRecord;
  /**
   * What became of the old one. After an error it still lives: the same call again takes it back. `not-supported`: the
   * vendor cannot, or has but one enrollment for both.
   */
  readonly revocation: "revoked" | "not-supported" | "kept" | { readonly error: EnrollmentError };
  /** Whether the request was repeated as it was, or made up from what the record holds in the open. */
  readonly madeFrom: "request" | "record";
}

/** One renewal for each record, whoever begins it. */
const intentOf = (id: number): string => `renewal/${id}`;

const findRenewal = async ({ storage }: LedgerParts, id: number): Promise<RecordRow | undefined> => {
  const { rows } = await storage.repeatable((db) =>
    selectRecords(sql`r.intent = ${intentOf(id)}`, sql`r.id`, 1).execute(db),
  );
  return rows[0];
};

const reasons: Readonly<Record<Exclude<RecordedOutcome, "created">, string>> = {
  planned: "it is still in the making",
  sending: "it is still in the making",
  "in-doubt": "it is still in the making",
  failed: "there is no enrollment",
  unknown: "nobody knows whether there is an enrollment",
  "set-aside": "there is no enrollment",
};

const refuseUnlessRenewable = ({ id, outcome, state, uses }: RecordRow): void => {
  const refused = (reason: string, code: "failed-precondition" | "already-enrolled") =>
    new EnrollmentError(`record ${id} cannot be renewed: ${reason}`, { code, path: "id" });
  if (outcome !== "created") throw refused(reasons[outcome], "failed-precondition");
  if (state === "used" && (uses === "one" || uses === "1")) {
    throw refused("its device has come in", "already-enrolled");
  }
};

const refuseReplaced = ({ id, replaced_at: at, renewed_by: by }: RecordRow): void => {
  if (at === null) return;
  const newer = by == null ? "; the newer record has been purged" : ` by record ${by}`;
  throw new EnrollmentError(`record ${id} was renewed already${newer}`, {
    code: "failed-precondition",
    path: "id",
    ...(by != null && { advice: `renew record ${by} instead` }),
  });
};

/** @throws EnrollmentError if nothing can be sent for it now. */
const refuseUnlessFree = (renewal: RecordRow | undefined, failure: EnrollmentError | undefined): void => {
  if (renewal === undefined || renewal.outcome === "failed") return;
  if (renewal.outcome === "sending") {
    throw new EnrollmentError(`record ${renewal.id}, which renews it, is being sent right now`, {
      code: "unavailable",
      path: "id",
    });
  }
  throw (
    failure ??
    (renewal.error === null
      ? new EnrollmentError(`nobody knows what became of record ${renewal.id}, which renews it`, {
          code: "outcome-unknown",
          path: "id",
        })
      : enrollmentErrorSchema.parse(renewal.error))
  );
};

const gone = (id: number) =>
  new EnrollmentError(`the record that renews record ${id} is gone: somebody has purged it`, {
    code: "not-found",
    path: "id",
  });

const settingsOfRun = async (
  { storage }: LedgerParts,
  { run_id: runId }: RecordRow,
): Promise<RunSettings> => {
  if (runId === null) return {};
  const run = await storage.repeatable((db) =>
    db.selectFrom("runs").select("settings").where("id", "=", runId).executeTakeFirst(),
  );
  return run?.settings ?? {};
};

/** The new enrollment: what an earlier call has made, or a new one. Whatever is in doubt is asked about first. */
const ensureRenewal = async (
  parts: LedgerParts,
  old: RecordRow,
  provider: EnrollmentProvider,
  { service, changes = {}, signal, onUnsupported }: RenewOptions,
): Promise<{ readonly renewal: RecordRow; readonly enrollment: Enrollment | undefined }> => {
  const { storage, vault } = parts;
  let renewal = await findRenewal(parts, old.id);
  if (renewal?.outcome === "created") return { renewal, enrollment: undefined };
  refuseUnlessRenewable(old);
  const unsupported = onUnsupported ?? (await settingsOfRun(parts, old)).onUnsupported;
  const request = renewalRequest(
    {
      old,
      provider,
      changes,
      onUnsupported: unsupported,
      begunWith: renewal?.key ?? undefined,
      now: storage.clock.now(),
    },
    vault,
  );
  if (renewal !== undefined && renewal.outcome !== "failed") {
    const report = await settle(parts, { service, signal }, new Map([[renewal.id, request]]));
    renewal = await findRenewal(parts, old.id);
    if (renewal?.outcome === "created") return { renewal, enrollment: undefined };
    refuseUnlessFree(renewal, report.failures[0]?.error);
  }
  const plans = new Map<EnrollmentRequest, PlannedCreate>([
    [request, { name: intentOf(old.id), renews: old.id }],
  ]);
  const enrollment = await createReliably(recordProvider(parts, provider, plans), request, {
    signal,
    onUnsupported: unsupported,
    clock: storage.clock,
  });
  renewal = await findRenewal(parts, old.id);
  if (renewal === undefined) throw gone(old.id);
  return { renewal, enrollment };
};

const takeBack = async (
  { storage }: LedgerParts,
  { enrollment_id: id, state }: RecordRow,
  renewal: RecordRow,
  { revocation, name }: EnrollmentProvider,
  { old = "revoke", signal }: RenewOptions,
): Promise<Renewal["revocation"]> => {
  if (old === "keep") return "kept";
  if (state === "revoked") return "revoked";
  if (revocation === undefined || id === null || id === renewal.enrollment_id) return "not-supported";
  try {
    await revocation.revoke(id, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    return { error: toEnrollmentError(error, name) };
  }
  await noteRevoked(storage, { provider: name, enrollmentId: id, by: "renew" });
  return "revoked";
};

/** What becomes of the vendor's one enrollment is told of the new record from now on. */
const noteReplaced = async ({ storage }: LedgerParts, old: RecordRow, renewal: RecordRow): Promise<void> => {
  const at = toIsoInstant(storage.clock.now());
  const isSame = old.enrollment_id === renewal.enrollment_id && old.state === "pending";
  const detail = `the vendor has one enrollment for this record and record ${renewal.id}`;
  await storage.repeatable((db) =>
    db
      .updateTable("records")
      .set({
        replaced_at: at,
        ...(isSame && { state: "unknown", detail, changed_at: at, changed_by: "renew" }),
      })
      .where("id", "=", old.id)
      .where("replaced_at", "is", null)
      .execute(),
  );
};

/** Makes a new enrollment in the place of an old one; begun before, it is seen through. */
export const renew = async (parts: LedgerParts, id: number, options: RenewOptions): Promise<Renewal> => {
  const { storage, vault } = parts;
  const old = await getRecordRow(storage, id);
  refuseReplaced(old);
  const provider = unrecorded(options.service.provider(old.provider));
  const { renewal, enrollment = toEnrollment(renewal, vault) } = await ensureRenewal(
    parts,
    old,
    provider,
    options,
  );
  if (enrollment === undefined) throw gone(id);
  const revocation = await takeBack(parts, old, renewal, provider, options);
  if (typeof revocation === "string") await noteReplaced(parts, old, renewal);
  const now = storage.clock.now();
  return {
    enrollment,
    record: toRecord(await getRecordRow(storage, renewal.id), now),
    replaced: toRecord(await getRecordRow(storage, id), now),
    revocation,
    madeFrom: old.sealed_request === null ? "record" : "request",
  };
};
