import type { IsoDuration } from "./duration.js";
import type { ArtifactKind } from "./enrollment.js";
import type { Delivery, ManagementMode, Ownership, Platform, Uses } from "./request.js";

/** The optional roles of a provider: {@link EnrollmentProvider} says what each one does. */
export const roleNames = [
  "bulk",
  "deviceImport",
  "retrieval",
  "listing",
  "revocation",
  "tracking",
  "reconciliation",
  "deviceGroups",
  "policies",
  "recipients",
  "deploymentFiles",
] as const;

/** One of {@link roleNames}. */
export type RoleName = (typeof roleNames)[number];

/** How long an enrollment may live. */
export type LifetimeLimits =
  | {
      /** The caller chooses. */
      readonly settable: true;
      readonly min: IsoDuration;
      readonly max: IsoDuration;
      /** What the vendor takes when nothing is wished. */
      readonly default: IsoDuration;
      /** The vendor's smallest step: a lifetime must be a whole number of these. */
      readonly granularity: IsoDuration;
    }
  | {
      /** The vendor chooses; the result says what it chose. */
      readonly settable: false;
    };

/** How a native batch fails. */
export type BatchAtomicity =
  /** One bad item sinks them all. */
  | "all-or-nothing"
  /** Each item succeeds or fails for itself, and the vendor says which. */
  | "per-item"
  /** Each for itself, but the vendor says only how many. */
  | "counts-only";

/** The vendor's native batch. */
export interface BatchLimits {
  readonly maxItems: number;
  readonly atomicity: BatchAtomicity;
}

/** How often the vendor may be called. */
export interface Quota {
  readonly calls: number;
  readonly per: IsoDuration;
  /** What the vendor counts by: "credentials", "project" … */
  readonly scope: string;
}

/** The fields of a request that describe whom and what it is for, or label it. */
export const describedFields = [
  "profile",
  "recipient.email",
  "recipient.name",
  "device.id",
  "device.name",
  "device.description",
  "device.serialNumber",
  "tags",
] as const;

/** One of {@link describedFields}. */
export type DescribedField = (typeof describedFields)[number];

/** What becomes of a field at the vendor. */
export type FieldSupport =
  /** The vendor needs it: a request without it is refused. */
  | "required"
  /** The vendor stores it. */
  | "sent"
  /** The vendor has no place for it: it comes back in the result and goes nowhere else. */
  | "echoed"
  /** A request that has it is refused. */
  | "unsupported";

/**
 * What a provider can do, as plain data: an app reads it before it promises something to its own user, and the
 * support tables are made from it. The conformance suite holds every number against the vendor's simulator.
 */
export interface ProviderDescriptor {
  /** The major version of this contract that the adapter was written for. */
  readonly contractVersion: 1;
  /** The vendor's id in a config: `applivery`. */
  readonly vendor: string;
  /** The product's name as its vendor writes it. */
  readonly product: string;
  /** The vendor's documentation of the enrollment call. */
  readonly documentation: string;
  /** Every host that is called with default settings. `{region}` and the like stand for a setting. */
  readonly hosts: readonly string[];
  /** Platforms that can be enrolled. */
  readonly platforms: readonly Platform[];
  /** Modes that a caller may choose from. Empty: the vendor offers no choice. */
  readonly managementModes: readonly ManagementMode[];
  /** Ownerships that a caller may choose from. Empty: the vendor offers no choice. */
  readonly ownerships: readonly Ownership[];
  readonly lifetime: LifetimeLimits;
  readonly uses: { readonly allowed: readonly Exclude<Uses, number>[]; readonly default: Uses };
  /** The largest `additionalData`, in characters. 0: the vendor has no such field. */
  readonly additionalDataLength: number;
  /** What a successful create returns. */
  readonly artifacts: readonly ArtifactKind[];
  readonly deliveries: readonly Delivery[];
  readonly fields: Readonly<Record<DescribedField, FieldSupport>>;
  /** The profiles that the config maps to something at this vendor. Absent: profiles are not checked beforehand. */
  readonly profiles?: readonly string[];
  /** Fields in which no two requests of one bulk run may agree. */
  readonly uniqueFields: readonly DescribedField[];
  /** Present if the provider has the `bulk` role. */
  readonly batch?: BatchLimits;
  /** Present if the provider has the `deviceImport` role. */
  readonly importBatch?: BatchLimits;
  readonly quotas: readonly Quota[];
  /** The roles that the provider has. */
  readonly roles: readonly RoleName[];
  /** Of a composite: the defaults in which its members differ, so that the one given here holds at some of them only. */
  readonly differingDefaults?: readonly ("lifetime" | "uses")[];
}
