import { characterCount } from "./characters.js";
import { invalidArgument, notFound } from "./errors.js";
import { formatInstant, instantAt, later, nanosecondsPerSecond } from "./instants.js";
import type { EnrollmentTokenInput } from "./messages.js";
import { withoutDefaults, type AndroidManagementEnrollmentToken } from "./resources.js";
import {
  policyNamed,
  stamp,
  type EnrollmentTokenRecord,
  type EnterpriseRecord,
  type Vendor,
} from "./state.js";

const usualDuration = 3600n * nanosecondsPerSecond;
const shortestDuration = 60n * nanosecondsPerSecond;
const longestAdditionalData = 1024;

/** The text that Android's setup wizard reads from a QR code for Android Device Policy. */
export const qrCodeOf = (tokenValue: string): string =>
  JSON.stringify({
    "android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME":
      "com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver",
    "android.app.extra.PROVISIONING_DEVICE_ADMIN_SIGNATURE_CHECKSUM":
      "I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg",
    "android.app.extra.PROVISIONING_DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION":
      "https://play.google.com/managed/downloadManagingApp?identifier=setup",
    "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE": {
      "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN": tokenValue,
    },
  });

/** A policy name in full, or undefined when none is named. */
export const fullPolicyName = (
  { behavior }: Vendor,
  enterprise: EnterpriseRecord,
  policyName = "",
): string | undefined => {
  if (policyName === "") return undefined;
  if (!policyName.includes("/") && behavior.barePolicyId === "accept") {
    return `${enterprise.name}/policies/${policyName}`;
  }
  const [, owner] = /^(enterprises\/[^/]+)\/policies\/[^/]+$/.exec(policyName) ?? [];
  if (owner === enterprise.name) return policyName;
  throw invalidArgument("Policy name is not a policy of the enterprise.");
};

export const checkAdditionalData = ({ behavior }: Vendor, data = ""): void => {
  const length = behavior.additionalDataUnit === "code-points" ? characterCount(data) : data.length;
  if (length > longestAdditionalData) {
    throw invalidArgument(`Additional data must have at most ${longestAdditionalData} characters.`);
  }
};

const checkedPolicyName = (vendor: Vendor, enterprise: EnterpriseRecord, given: string | undefined) => {
  const policyName = fullPolicyName(vendor, enterprise, given);
  const { missingPolicy } = vendor.behavior;
  if (policyName === undefined || missingPolicy === "accept") return policyName;
  if (policyNamed(enterprise, policyName) !== undefined) return policyName;
  throw missingPolicy === "not-found" ? notFound() : invalidArgument("Policy does not exist.");
};

/**
 * Creates a token as `enrollmentTokens.create` does. The wording of its refusals is not public; the limits are:
 * https://developers.google.com/android/management/reference/rest/v1/enterprises.enrollmentTokens
 */
export const createEnrollmentToken = (
  vendor: Vendor,
  enterprise: EnterpriseRecord,
  input: EnrollmentTokenInput,
): EnrollmentTokenRecord => {
  const { random, state } = vendor;
  const duration = input.duration ?? usualDuration;
  if (duration < shortestDuration) throw invalidArgument("Duration must be at least 60 seconds.");
  checkAdditionalData(vendor, input.additionalData);
  const { authenticationRequirement, requiredAccountEmail = "" } = input.googleAuthenticationOptions ?? {};
  if (requiredAccountEmail !== "" && authenticationRequirement !== "REQUIRED") {
    throw invalidArgument("A required account email needs the authentication requirement REQUIRED.");
  }
  const policyName = checkedPolicyName(vendor, enterprise, input.policyName);

  const id = random.enrollmentTokenId();
  const value = random.tokenValue();
  const createdAt = stamp(vendor);
  const token: EnrollmentTokenRecord = {
    id,
    name: `${enterprise.name}/enrollmentTokens/${id}`,
    value,
    qrCode: qrCodeOf(value),
    enterprise,
    input,
    ...(policyName !== undefined && { policyName }),
    createdAt,
    expiresAt: later(createdAt, duration),
    deviceNames: [],
    deleted: false,
  };
  state.enrollmentTokensByValue.set(value, token);
  return enterprise.enrollmentTokens.add(token);
};

/** Where a token stands. The API shows active ones only. */
export type EnrollmentTokenStatus = "active" | "used" | "expired" | "deleted";

export const statusOf = (
  { now }: Pick<Vendor, "now">,
  { deleted, expiresAt, input, deviceNames }: EnrollmentTokenRecord,
): EnrollmentTokenStatus => {
  if (deleted) return "deleted";
  if (expiresAt <= instantAt(now())) return "expired";
  return input.oneTimeOnly === true && deviceNames.length > 0 ? "used" : "active";
};

/** Whether get and list still show a token. */
export const isVisible = (vendor: Vendor, token: EnrollmentTokenRecord): boolean => {
  const status = statusOf(vendor, token);
  return status === "active" || (status === "used" && vendor.behavior.usedTokens === "visible");
};

const personalUsageOf = ({ allowPersonalUsage }: EnrollmentTokenInput) =>
  allowPersonalUsage === "ALLOW_PERSONAL_USAGE_UNSPECIFIED" ? undefined : allowPersonalUsage;

const secondsOf = (nanoseconds: bigint) => `${nanoseconds / nanosecondsPerSecond}s`;

/** What create answers. */
export const showCreated = (
  { behavior }: Vendor,
  { name, value, qrCode, expiresAt, policyName, input }: EnrollmentTokenRecord,
): AndroidManagementEnrollmentToken => {
  const created = { name, value, expirationTimestamp: formatInstant(expiresAt), qrCode };
  if (behavior.createEcho === "nothing") return created;
  const { additionalData = "", oneTimeOnly = false, googleAuthenticationOptions } = input;
  const allowPersonalUsage = personalUsageOf(input);
  return withoutDefaults<AndroidManagementEnrollmentToken>({
    ...created,
    ...(policyName !== undefined && { policyName }),
    ...(allowPersonalUsage !== undefined && { allowPersonalUsage }),
    ...(googleAuthenticationOptions !== undefined && { googleAuthenticationOptions }),
    ...(behavior.createEcho === "inputs-and-duration" &&
      input.duration !== undefined && { duration: secondsOf(input.duration) }),
    additionalData,
    oneTimeOnly,
  });
};

/** What get and list answer. */
export const showActive = (
  { behavior }: Vendor,
  { name, value, qrCode, expiresAt, input }: EnrollmentTokenRecord,
): AndroidManagementEnrollmentToken => {
  const partial = { name, expirationTimestamp: formatInstant(expiresAt) };
  if (behavior.tokenView === "name-and-expiration") return partial;
  const allowPersonalUsage = personalUsageOf(input);
  return { ...partial, ...(allowPersonalUsage !== undefined && { allowPersonalUsage }), value, qrCode };
};
