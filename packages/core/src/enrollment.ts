import * as z from "zod";
import { isIsoInstant, type IsoInstant } from "./instant.js";
import {
  managementModes,
  ownerships,
  platforms,
  type DeviceReference,
  type ManagementMode,
  type Ownership,
  type Platform,
  type Recipient,
  type Uses,
} from "./request.js";
import { secretSchema, type Secret } from "./secret.js";

/** What a person or device needs in order to enroll. Each value is a {@link Secret}: whoever has it can enroll. */
export type EnrollmentArtifact =
  /** The secret a device presents. */
  | { readonly kind: "enrollment-token"; readonly value: Secret }
  /** A URL that carries the secret. */
  | { readonly kind: "enrollment-link"; readonly value: Secret }
  /** A short code to type. */
  | { readonly kind: "enrollment-code"; readonly value: Secret }
  /** The text to draw as a QR code, exactly as the vendor sent it. Not an image, not a link. */
  | { readonly kind: "provisioning-qr"; readonly value: Secret }
  /** A file; `value` is its content in base64. */
  | { readonly kind: "deployment-file"; readonly fileName: string; readonly value: Secret }
  /** The vendor has sent it to the recipient. */
  | { readonly kind: "delivered"; readonly channel: "email" };

export type ArtifactKind = EnrollmentArtifact["kind"];

/** Something a caller should know although the enrollment was created. */
export interface EnrollmentWarning {
  /**
   * - `unsupported`: a wish was dropped because the caller passed `onUnsupported: "warn"`
   * - `ignored-by-vendor`: the vendor accepts the field and does nothing with it
   * - `expiry-differs`: the vendor chose another expiry than was wished
   * - `partial-view`: the vendor did not return everything; the message says what is missing
   * - `security`: it works, and is riskier than it looks
   * - `fell-back`: another provider than the first choice made it; the message says why
   */
  readonly code:
    "unsupported" | "ignored-by-vendor" | "expiry-differs" | "partial-view" | "security" | "fell-back";
  /** The field of the request that it is about. */
  readonly field?: string | undefined;
  readonly message: string;
}

/** What kind of enrollment it is, as far as the request, its profile or the vendor settles it. */
export interface EnrollmentScope {
  /** The profile that the request named. */
  readonly profile?: string | undefined;
  /** The tenant that the request named. No vendor knows it: it comes back with the create, and with nothing else. */
  readonly tenant?: string | undefined;
  /** As wished, or the only one that the vendor has. */
  readonly platform?: Platform | undefined;
  /** As wished or configured, or the only one that the vendor has. */
  readonly management?: ManagementMode | undefined;
  /** As wished or configured, or the only one that the vendor has. */
  readonly ownership?: Ownership | undefined;
}

/** An enrollment as a vendor issued it. Plain data: it survives JSON, and its secrets print as `[redacted]`. */
export interface Enrollment extends EnrollmentScope {
  /** The vendor's id, for revoke and status. */
  readonly id: string;
  /** The provider's name in the config. */
  readonly provider: string;
  /** The vendor's id: `applivery`. */
  readonly vendor: string;
  /** The caller's own id, from the request. */
  readonly key?: string | undefined;
  readonly artifacts: readonly EnrollmentArtifact[];
  readonly createdAt: IsoInstant;
  /** As the vendor says it, with all its digits. `unknown`: the vendor does not say. */
  readonly expiresAt: IsoInstant | "never" | "unknown";
  readonly uses: Uses;
  readonly recipient?: Recipient | undefined;
  readonly device?: DeviceReference | undefined;
  readonly warnings: readonly EnrollmentWarning[];
  /** The vendor's ids of the calls that made it, oldest first. */
  readonly requestIds: readonly string[];
}

/** What became of an enrollment. `failed`: a device began and did not finish. `unknown`: the vendor cannot tell. */
export const enrollmentStates = ["pending", "used", "failed", "expired", "revoked", "unknown"] as const;
export type EnrollmentState = (typeof enrollmentStates)[number];

/** The state of one enrollment, and the device that used it. */
export interface EnrollmentStatus {
  readonly id: string;
  readonly state: EnrollmentState;
  /** The devices that came in by it; more than one only if it may be used more than once. */
  readonly devices: readonly DeviceReference[];
  /** When the first device came in, where the vendor tells. */
  readonly usedAt?: IsoInstant | undefined;
  /** More than the state can say, in one sentence. */
  readonly detail?: string | undefined;
}

/** An enrollment in a list: no secret in it. */
export interface EnrollmentSummary {
  readonly id: string;
  readonly provider: string;
  readonly vendor: string;
  readonly state: EnrollmentState;
  readonly createdAt?: IsoInstant | undefined;
  readonly expiresAt: IsoInstant | "never" | "unknown";
  readonly uses?: Uses | undefined;
  readonly recipient?: Recipient | undefined;
  readonly device?: DeviceReference | undefined;
  readonly tags?: readonly string[] | undefined;
}

const instant = z.custom<IsoInstant>(isIsoInstant, {
  error: "must be an instant such as 2026-09-21T10:15:30Z",
});
const recipient = z.object({ email: z.string().optional(), name: z.string().optional() });
const device = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  serialNumber: z.string().optional(),
});
const uses = z.union([z.literal(["one", "unlimited"]), z.int().positive()], {
  error: "must be one, unlimited, or a whole number above zero",
});
const expiry = z.union([z.literal(["never", "unknown"]), instant], {
  error: "must be never, unknown, or an instant such as 2026-09-21T10:15:30Z",
});

/** Reads an {@link EnrollmentWarning} back from JSON. */
export const enrollmentWarningSchema: z.ZodType<EnrollmentWarning> = z.object({
  code: z.enum([
    "unsupported",
    "ignored-by-vendor",
    "expiry-differs",
    "partial-view",
    "security",
    "fell-back",
  ]),
  field: z.string().optional(),
  message: z.string(),
});

const withValue = <const Kind extends string>(kind: Kind) =>
  z.object({ kind: z.literal(kind), value: secretSchema });

const artifact = z.discriminatedUnion("kind", [
  withValue("enrollment-token"),
  withValue("enrollment-link"),
  withValue("enrollment-code"),
  withValue("provisioning-qr"),
  withValue("deployment-file").extend({ fileName: z.string() }),
  z.object({ kind: z.literal("delivered"), channel: z.literal("email") }),
]);

/**
 * Reads an {@link Enrollment} back from JSON. Values written by {@link revealEnrollment} become Secrets again;
 * redacted ones become Secrets that know their value is lost.
 */
export const enrollmentSchema: z.ZodType<Enrollment> = z.object({
  id: z.string(),
  provider: z.string(),
  vendor: z.string(),
  key: z.string().optional(),
  profile: z.string().optional(),
  tenant: z.string().optional(),
  platform: z.enum(platforms).optional(),
  management: z.enum(managementModes).optional(),
  ownership: z.enum(ownerships).optional(),
  artifacts: z.array(artifact),
  createdAt: instant,
  expiresAt: expiry,
  uses,
  recipient: recipient.optional(),
  device: device.optional(),
  warnings: z.array(enrollmentWarningSchema),
  requestIds: z.array(z.string()),
});

/** Reads an {@link EnrollmentStatus} back from JSON. */
export const enrollmentStatusSchema: z.ZodType<EnrollmentStatus> = z.object({
  id: z.string(),
  state: z.enum(enrollmentStates),
  devices: z.array(device),
  usedAt: instant.optional(),
  detail: z.string().optional(),
});

/** Reads an {@link EnrollmentSummary} back from JSON. */
export const enrollmentSummarySchema: z.ZodType<EnrollmentSummary> = z.object({
  id: z.string(),
  provider: z.string(),
  vendor: z.string(),
  state: z.enum(enrollmentStates),
  createdAt: instant.optional(),
  expiresAt: expiry,
  uses: uses.optional(),
  recipient: recipient.optional(),
  device: device.optional(),
  tags: z.array(z.string()).optional(),
});

/**
 * An enrollment as plain JSON **with its secrets in clear text**, for a file that only its owner can read.
 * {@link enrollmentSchema} reads it back.
 */
export const revealEnrollment = (enrollment: Enrollment): Record<string, unknown> => ({
  ...enrollment,
  artifacts: enrollment.artifacts.map((each) =>
    "value" in each ? { ...each, value: each.value.reveal() } : each,
  ),
});

/** The first artifact of a kind, typed by it. */
export const findArtifact = <Kind extends ArtifactKind>(enrollment: Enrollment, kind: Kind) =>
  enrollment.artifacts.find(
    (each): each is Extract<EnrollmentArtifact, { kind: Kind }> => each.kind === kind,
  );
