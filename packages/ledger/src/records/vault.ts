import {
  EnrollmentError,
  enrollmentRequestSchema,
  findArtifact,
  Secret,
  type Enrollment,
  type EnrollmentArtifact,
  type EnrollmentRequest,
} from "@enrollkit/core";
import type { Fingerprints } from "../sealing/hash-key.js";
import type { KeyRing } from "../sealing/key-ring.js";
import { canonicalJson } from "./canonical.js";

/** What of a recipient is stored: a fingerprint that the address can be looked up by, or the person too. */
export type RecipientPolicy = "fingerprint" | "store";

/** Everything that must not lie open in the database goes through here. */
export interface Vault {
  readonly keys: KeyRing;
  readonly fingerprints: Fingerprints;
  readonly recipients: RecipientPolicy;
}

/**
 * @param what - that stores requests.
 * @throws EnrollmentError `failed-precondition` if there is no key to seal them with.
 */
export const refuseWithoutKey = ({ keys }: Vault, what: string): void => {
  if (keys.currentId !== undefined) return;
  throw new EnrollmentError(`${what} stores its requests, and only ever sealed: the ledger has no key`, {
    code: "failed-precondition",
    path: "keys",
    advice: "add a key to the ledger's settings; `openssl rand -base64 32` makes one",
  });
};

/** What a secret belongs to: sealed, it opens for nothing else. */
export const secretsContext = (recordId: number) => `record/${recordId}/secrets`;
export const requestContext = (runId: number, position: number) => `run/${runId}/${position}/request`;
export const singleRequestContext = (intent: string) => `intent/${intent}/request`;

/** What the request of a record was sealed for; both stay what they are for as long as the record is there. */
export const contextOfRequest = ({
  run_id: runId,
  position,
  intent,
}: {
  readonly run_id: number | null;
  readonly position: number | null;
  readonly intent: string | null;
}) =>
  runId !== null && position !== null ? requestContext(runId, position) : singleRequestContext(intent ?? "");

const valueKinds = [
  "enrollment-token",
  "enrollment-link",
  "enrollment-code",
  "provisioning-qr",
  "deployment-file",
] as const;

/** The fingerprint of what lets a device in; the first kind that the enrollment has stands for all. */
export const secretFingerprint = (enrollment: Enrollment, { fingerprints }: Vault): string | null => {
  for (const kind of valueKinds) {
    const artifact = findArtifact(enrollment, kind);
    if (artifact?.value.isKnown === true) return fingerprints.ofSecret(artifact.value.reveal());
  }
  return null;
};

const revealed = (artifact: EnrollmentArtifact) =>
  "value" in artifact && artifact.value.isKnown ? { ...artifact, value: artifact.value.reveal() } : artifact;

/** An enrollment's artifacts, sealed; undefined without a key. */
export const sealArtifacts = ({ artifacts }: Enrollment, recordId: number, { keys }: Vault) =>
  keys.seal(JSON.stringify(artifacts.map(revealed)), secretsContext(recordId));

/** A request, sealed; undefined without a key. */
export const sealRequest = (request: EnrollmentRequest<unknown>, context: string, { keys }: Vault) =>
  keys.seal(
    JSON.stringify(request, (_, value: unknown) => (Secret.is(value) ? value.reveal() : value)),
    context,
  );

/** @throws EnrollmentError as {@link KeyRing.open} does. */
export const openRequest = (sealed: string, context: string, { keys }: Vault): EnrollmentRequest =>
  enrollmentRequestSchema.parse(JSON.parse(keys.open(sealed, context))) as EnrollmentRequest;

/** The fingerprint of a request by all its fields. */
export const requestFingerprint = (request: unknown, { fingerprints }: Vault): string =>
  fingerprints.ofRequest(canonicalJson(request));
