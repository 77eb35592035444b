import {
  expiryWarning,
  Secret,
  toIsoInstant,
  type DeviceReference,
  type Enrollment,
  type EnrollmentArtifact,
  type EnrollmentRequest,
  type EnrollmentSummary,
  type EnrollmentWarning,
} from "@enrollkit/core";
import type { IssuedEnrollment } from "./create-journal.js";
import { letsPersonalDevicesIn } from "./personal-usage.js";
import type { EnrollmentPlan } from "./plan.js";
import { resourceName } from "./resource-names.js";
import type { AndroidManagementExtras, ResolvedSettings } from "./settings.js";
import type { Device, EnrollmentTokenInput, TokenView } from "./wire.js";

const vendor = "android-management";

/** A duration in protobuf's JSON: decimal seconds. */
const protobufDuration = (milliseconds: number): string => `${milliseconds / 1000}s`;

/** The body of a create. Lifetime and uses are always stated, so that no default of Google's can change them. */
export const toTokenInput = (plan: EnrollmentPlan, enterprise: string): EnrollmentTokenInput => {
  const { policy, usage, additionalData, googleAuthenticationOptions, user } = plan;
  return {
    ...(policy !== undefined && { policyName: resourceName(enterprise, "policies", policy) }),
    duration: protobufDuration(plan.lifetime),
    oneTimeOnly: plan.uses === "one",
    ...(usage !== "unstated" && { allowPersonalUsage: usage }),
    ...(additionalData !== undefined && { additionalData }),
    ...(googleAuthenticationOptions !== undefined && { googleAuthenticationOptions }),
    ...(user !== undefined && { user }),
  };
};

type Token = Omit<TokenView, "allowPersonalUsage">;

/** The link is for the browser of a personal device: a token that keeps those out has none. */
const artifactsOf = ({ value, qrCode }: Token, usage: string | undefined, linkUrl: string) => {
  const artifacts: EnrollmentArtifact[] = [];
  if (value !== undefined) {
    artifacts.push({ kind: "enrollment-token", value: new Secret(value) });
    if (letsPersonalDevicesIn(usage)) {
      const link = `${linkUrl}?et=${encodeURIComponent(value)}`;
      artifacts.push({ kind: "enrollment-link", value: new Secret(link) });
    }
  }
  if (qrCode !== undefined) artifacts.push({ kind: "provisioning-qr", value: new Secret(qrCode) });
  return artifacts;
};

const missing = ({ value, expirationTimestamp, qrCode }: Token): EnrollmentWarning[] => {
  const parts = [
    value === undefined ? "the token's value" : undefined,
    qrCode === undefined ? "its QR payload" : undefined,
    expirationTimestamp === undefined ? "its expiry" : undefined,
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return [];
  return [{ code: "partial-view", message: `Google did not return ${parts.join(", ")}` }];
};

/** When a create went out and came back, in milliseconds since the Unix epoch. */
export interface CallTimes {
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** An enrollment from a token that was created by a plan. */
export const toEnrollment = (
  token: Token,
  { key, recipient, device }: EnrollmentRequest<AndroidManagementExtras>,
  plan: EnrollmentPlan,
  settings: ResolvedSettings,
  { sentAt, receivedAt }: CallTimes,
  requestIds: readonly string[],
): Enrollment => {
  const { expirationTimestamp } = token;
  const differs =
    expirationTimestamp === undefined
      ? undefined
      : expiryWarning(plan.lifetime, sentAt, receivedAt, expirationTimestamp);
  return {
    id: token.name,
    provider: settings.name,
    vendor,
    ...(key !== undefined && { key }),
    ...plan.scope,
    artifacts: artifactsOf(token, plan.usage, settings.enrollmentLinkUrl),
    // Google does not say when; its answer is the nearest that is known.
    createdAt: toIsoInstant(receivedAt),
    expiresAt: expirationTimestamp ?? "unknown",
    uses: plan.uses,
    ...(recipient !== undefined && { recipient }),
    ...(device !== undefined && { device }),
    warnings: [...plan.warnings, ...(differs === undefined ? [] : [differs]), ...missing(token)],
    requestIds,
  };
};

const forgotten: readonly EnrollmentWarning[] = [
  {
    code: "partial-view",
    field: "createdAt",
    message: "Google does not show when a token was created; createdAt is the time of this look-up",
  },
  {
    code: "partial-view",
    field: "uses",
    message: "Google does not show how often a token may be used; unlimited is the cautious guess",
  },
];

/**
 * An enrollment from what Google shows of a token later.
 *
 * @param issued - what the provider remembers of it, if it made it.
 */
export const toRetrievedEnrollment = (
  token: TokenView,
  issued: IssuedEnrollment | undefined,
  settings: ResolvedSettings,
  now: number,
  requestIds: readonly string[],
): Enrollment => ({
  id: token.name,
  provider: settings.name,
  vendor,
  artifacts: artifactsOf(token, token.allowPersonalUsage, settings.enrollmentLinkUrl),
  createdAt: issued?.createdAt ?? toIsoInstant(now),
  expiresAt: token.expirationTimestamp ?? issued?.expiresAt ?? "unknown",
  uses: issued?.uses ?? "unlimited",
  warnings: [...(issued === undefined ? forgotten : []), ...missing(token)],
  requestIds,
});

/** A live token in a list. */
export const toSummary = (token: TokenView, provider: string): EnrollmentSummary => ({
  id: token.name,
  provider,
  vendor,
  state: "pending",
  expiresAt: token.expirationTimestamp ?? "unknown",
});

/** An enrolled device. */
export const toDeviceReference = ({ name, hardwareInfo }: Device): DeviceReference => {
  const { serialNumber, brand, model } = hardwareInfo ?? {};
  const description = [brand, model].filter((part) => part !== undefined).join(" ");
  return {
    id: name,
    ...(description !== "" && { description }),
    ...(serialNumber !== undefined && { serialNumber }),
  };
};
