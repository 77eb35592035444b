import {
  instantMilliseconds,
  toIsoInstant,
  type Enrollment,
  type EnrollmentRequest,
  type EnrollmentResult,
  type IsoInstant,
} from "@enrollkit/core";
import type { RecordedOutcome } from "../storage/tables.js";
import { sealArtifacts, secretFingerprint, type Vault } from "./vault.js";

/** What of a request is stored in the open. */
export const requestColumns = (
  { profile, platform, management, ownership, recipient, device }: EnrollmentRequest<unknown>,
  vault: Vault,
) => ({
  profile: profile ?? null,
  platform: platform ?? null,
  management: management ?? null,
  ownership: ownership ?? null,
  recipient: vault.recipients === "store" ? (recipient ?? null) : null,
  recipient_hash: recipient?.email === undefined ? null : vault.fingerprints.ofRecipient(recipient.email),
  device: device ?? null,
});

const expiryColumns = (expiresAt: Enrollment["expiresAt"]) => ({
  expiry: expiresAt,
  expires_at:
    expiresAt === "never" || expiresAt === "unknown" ? null : toIsoInstant(instantMilliseconds(expiresAt)),
});

/** The columns that a result sets, and all others of its kind back to nothing. */
export interface ResultColumns {
  readonly id: number;
  readonly attempt: string;
  readonly outcome: RecordedOutcome;
  readonly state: string | null;
  readonly enrollment_id: string | null;
  readonly platform: string | null;
  readonly management: string | null;
  readonly ownership: string | null;
  readonly device: object | null;
  readonly created_at: IsoInstant | null;
  readonly expires_at: IsoInstant | null;
  readonly expiry: string | null;
  readonly uses: string | null;
  readonly request_ids: readonly string[] | null;
  readonly warnings: object | null;
  readonly error: object | null;
  readonly secret_fingerprint: string | null;
  readonly sealed_secrets: string | null;
}

const nothing = {
  state: null,
  enrollment_id: null,
  platform: null,
  management: null,
  ownership: null,
  device: null,
  created_at: null,
  expires_at: null,
  expiry: null,
  uses: null,
  request_ids: null,
  warnings: null,
  error: null,
  secret_fingerprint: null,
  sealed_secrets: null,
};

/** What became of a request, as columns. A lost answer is `in-doubt` until the vendor has been asked. */
export const resultColumns = (
  { id, attempt }: { readonly id: number; readonly attempt: string },
  result: EnrollmentResult,
  vault: Vault,
  asked: "asked" | "not-asked" = "not-asked",
): ResultColumns => {
  if (result.status !== "created") {
    const { error } = result;
    const outcome = result.status === "failed" ? "failed" : asked === "asked" ? "unknown" : "in-doubt";
    const { requestId } = error;
    return {
      ...nothing,
      id,
      attempt,
      outcome,
      error: error.toJSON(),
      request_ids: requestId === undefined ? null : [requestId],
    };
  }
  const { enrollment } = result;
  return {
    id,
    attempt,
    outcome: "created",
    state: "pending",
    enrollment_id: enrollment.id,
    platform: enrollment.platform ?? null,
    management: enrollment.management ?? null,
    ownership: enrollment.ownership ?? null,
    device: enrollment.device ?? null,
    created_at: enrollment.createdAt,
    ...expiryColumns(enrollment.expiresAt),
    uses: String(enrollment.uses),
    request_ids: enrollment.requestIds,
    warnings: enrollment.warnings,
    error: null,
    secret_fingerprint: secretFingerprint(enrollment, vault),
    sealed_secrets: sealArtifacts(enrollment, id, vault) ?? null,
  };
};
