import {
  expiryWarning,
  isExpired,
  type DeviceReference,
  type Enrollment,
  type EnrollmentArtifact,
  type EnrollmentState,
  type EnrollmentStatus,
  type EnrollmentSummary,
  type EnrollmentWarning,
  type Recipient,
  Secret,
  type VendorRecipient,
} from "@enrollkit/core";
import { withoutCorrelation } from "./correlation.js";
import { appliveryDescriptor } from "./descriptor.js";
import type { TokenRequest } from "./token-request.js";
import type { Token, User } from "./wire.js";

const { vendor } = appliveryDescriptor;

// The vendor says "token" for what is an enrollment here, "MDM user" for a recipient, "displayName" for a device's name.

const states: ReadonlyMap<string, EnrollmentState> = new Map([
  ["PENDING", "pending"],
  // Documented for Android tokens alone.
  ["PROCESSING", "pending"],
  ["DONE", "used"],
  ["EXPIRED", "expired"],
  ["DELETED", "revoked"],
]);

/**
 * @param now - milliseconds since the Unix epoch: the vendor may call a token PENDING for a while after its expiry.
 */
export const toState = (token: Token, now: number): EnrollmentState => {
  if (token.admDevice !== undefined) return "used";
  const state = states.get(token.state) ?? "unknown";
  return state === "pending" && isExpired({ expiresAt: expiryOf(token) }, now) === true ? "expired" : state;
};

/** Whether a token lets a device in. One whose state is new to this adapter may. */
export const isLive = (state: EnrollmentState): boolean => state === "pending" || state === "unknown";

const expiryOf = ({ expireAt }: Token): Enrollment["expiresAt"] => expireAt ?? "unknown";

const recipientOf = ({ mdmUser }: Token): Recipient | undefined =>
  mdmUser == null ? undefined : { email: mdmUser.email };

const deviceOf = ({ displayName }: Token): DeviceReference | undefined =>
  displayName === undefined ? undefined : { name: displayName };

/** What every view of a token has; what the token does not say is left out. */
const commonOf = (token: Token, provider: string) => {
  const recipient = recipientOf(token);
  const device = deviceOf(token);
  return {
    id: token.id,
    provider,
    vendor,
    createdAt: token.createdAt,
    expiresAt: expiryOf(token),
    uses: "one" as const,
    ...(recipient && { recipient }),
    ...(device && { device }),
  };
};

const artifactsOf = ({ enrollmentLink, enrollCode }: Token): readonly EnrollmentArtifact[] => [
  ...(enrollmentLink === undefined
    ? []
    : [{ kind: "enrollment-link", value: new Secret(enrollmentLink) } as const]),
  ...(enrollCode === undefined ? [] : [{ kind: "enrollment-code", value: new Secret(enrollCode) } as const]),
];

const missingLink = ({ enrollmentLink }: Token): readonly EnrollmentWarning[] =>
  enrollmentLink === undefined
    ? [{ code: "partial-view", message: "Applivery did not show the enrollment link" }]
    : [];

/** A token as it is read again. */
export const toEnrollment = (
  token: Token,
  provider: string,
  requestIds: readonly string[] = [],
): Enrollment => ({
  ...commonOf(token, provider),
  artifacts: artifactsOf(token),
  warnings: missingLink(token),
  requestIds,
});

/** When a request was sent, and when its answer was there: milliseconds since the Unix epoch. */
export interface CallTimes {
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** A token as the answer to the request that made it. */
export const toCreated = (
  token: Token,
  provider: string,
  { request, body, lifetime, scope, warnings }: TokenRequest,
  { sentAt, receivedAt }: CallTimes,
  requestIds: readonly string[],
): Enrollment => {
  const { key, recipient, device } = request;
  const enrollment = toEnrollment(token, provider, requestIds);
  const differs =
    lifetime === undefined || token.expireAt == null
      ? undefined
      : expiryWarning(lifetime, sentAt, receivedAt, token.expireAt);
  return {
    ...enrollment,
    ...(key !== undefined && { key }),
    ...scope,
    ...(recipient && { recipient }),
    ...(device && { device }),
    artifacts: [
      ...enrollment.artifacts,
      ...(body.sendEmail ? [{ kind: "delivered", channel: "email" } as const] : []),
    ],
    warnings: [...warnings, ...enrollment.warnings, ...(differs ? [differs] : [])],
  };
};

export const toSummary = (token: Token, provider: string, now: number): EnrollmentSummary => {
  const tags = withoutCorrelation(token.tags ?? []);
  return { ...commonOf(token, provider), state: toState(token, now), ...(tags.length > 0 && { tags }) };
};

export const toStatus = (token: Token, now: number): EnrollmentStatus => {
  const state = toState(token, now);
  return {
    id: token.id,
    state,
    devices: token.admDevice === undefined ? [] : [{ id: token.admDevice }],
    ...(state === "unknown" && { detail: `Applivery calls its state "${token.state}"` }),
  };
};

export const toRecipient = ({ id, email, name }: User): VendorRecipient => ({
  id,
  email,
  ...(name !== undefined && { name }),
});
