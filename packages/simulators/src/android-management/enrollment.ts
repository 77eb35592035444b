import { admitDevice, type DeviceHardware } from "./devices.js";
import { statusOf } from "./enrollment-tokens.js";
import { formatInstant } from "./instants.js";
import type { PersonalUsage } from "./messages.js";
import type { AndroidManagementDevice } from "./resources.js";
import type { EnrollmentTokenRecord, Vendor } from "./state.js";

/** A device in somebody's hand, about to enroll. */
export interface EnrollingDevice extends DeviceHardware {
  /** Default: "PERSONALLY_OWNED" for an enrollment link, which serves personal devices only, else "COMPANY_OWNED". */
  readonly ownership?: AndroidManagementDevice["ownership"];
  /** What the person expects; enrolling ends in a refusal when the token leads elsewhere. Default: no expectation. */
  readonly managementMode?: AndroidManagementDevice["managementMode"];
  /** The managed Google account signed in with, for tokens that require one. */
  readonly accountEmail?: string;
}

const tokenExtra = "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN";
const extrasBundle = "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE";
const linkPrefix = "https://enterprise.google.com/android/enroll?";

const refusal = (reason: string) => new Error(`the device was not enrolled: ${reason}`);

const valueInQrCode = (qrCode: string): string => {
  try {
    const payload = JSON.parse(qrCode) as Record<string, Record<string, unknown> | undefined>;
    const value = payload[extrasBundle]?.[tokenExtra];
    if (typeof value === "string") return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw refusal("the QR code carries no enrollment token");
};

const tokenValueIn = (artifact: string): string => {
  if (artifact.startsWith("{")) return valueInQrCode(artifact);
  if (!artifact.startsWith("https:")) return artifact;
  const value = artifact.startsWith(linkPrefix) ? new URL(artifact).searchParams.get("et") : null;
  if (value === null) throw refusal("the enrollment link is not one of Android Enterprise");
  return value;
};

const usableToken = (vendor: Vendor, value: string): EnrollmentTokenRecord => {
  const token = vendor.state.enrollmentTokensByValue.get(value);
  if (token === undefined) throw refusal("the enrollment token is unknown");
  if (token.enterprise.deleted) throw refusal("the enterprise was deleted");
  switch (statusOf(vendor, token)) {
    case "active":
      return token;
    case "deleted":
      throw refusal("the enrollment token was deleted");
    case "expired":
      throw refusal(`the enrollment token expired at ${formatInstant(token.expiresAt)}`);
    case "used":
      throw refusal("the enrollment token is for one device and has enrolled it");
  }
};

type Ownership = AndroidManagementDevice["ownership"];
type Mode = AndroidManagementDevice["managementMode"];

/** https://developers.google.com/android/management/reference/rest/v1/AllowPersonalUsage */
const modeFor = (usage: PersonalUsage, ownership: Ownership): Mode => {
  if (usage === "PERSONAL_USAGE_ALLOWED") return "PROFILE_OWNER";
  if (ownership === "COMPANY_OWNED") return "DEVICE_OWNER";
  if (usage === "ALLOW_PERSONAL_USAGE_UNSPECIFIED") return "PROFILE_OWNER";
  throw refusal(`${usage} keeps personally owned devices out`);
};

const personalUsageOf = ({ behavior }: Vendor, { input }: EnrollmentTokenRecord): PersonalUsage => {
  const { allowPersonalUsage: given = "ALLOW_PERSONAL_USAGE_UNSPECIFIED" } = input;
  if (given !== "ALLOW_PERSONAL_USAGE_UNSPECIFIED") return given;
  return behavior.unspecifiedPersonalUsage === "by-ownership" ? given : behavior.unspecifiedPersonalUsage;
};

const checkAccount = ({ input }: EnrollmentTokenRecord, accountEmail: string | undefined): void => {
  const { authenticationRequirement, requiredAccountEmail = "" } = input.googleAuthenticationOptions ?? {};
  if (authenticationRequirement !== "REQUIRED") return;
  if (accountEmail === undefined) throw refusal("the token requires signing in with a Google account");
  if (requiredAccountEmail !== "" && accountEmail.toLowerCase() !== requiredAccountEmail.toLowerCase()) {
    throw refusal("the token requires another Google account");
  }
};

/**
 * A device enrolls: with a token's value, its QR code or its link.
 * @throws Error whose message says why the device was refused.
 */
export const enrollDevice = (
  vendor: Vendor,
  artifact: string,
  { ownership: owned, managementMode: expected, accountEmail, ...hardware }: EnrollingDevice = {},
): AndroidManagementDevice => {
  const isLink = artifact.startsWith("https:");
  const ownership = owned ?? (isLink ? "PERSONALLY_OWNED" : "COMPANY_OWNED");
  const token = usableToken(vendor, tokenValueIn(artifact));
  if (isLink && ownership === "COMPANY_OWNED") {
    throw refusal("an enrollment link is for personally owned devices");
  }
  const usage = personalUsageOf(vendor, token);
  const managementMode = modeFor(usage, ownership);
  if (expected !== undefined && expected !== managementMode) {
    throw refusal(`the token leads to ${managementMode}, not ${expected}`);
  }
  checkAccount(token, accountEmail);
  const { enterprise, input, name } = token;
  const { devices, deviceQuota } = enterprise.project;
  if (devices >= deviceQuota) throw refusal(`the project's quota of ${deviceQuota} devices is used up`);

  const { resource } = admitDevice(vendor, enterprise, {
    ...hardware,
    ownership,
    managementMode,
    policyName: token.policyName ?? `${enterprise.name}/policies/default`,
    user: usage === "PERSONAL_USAGE_DISALLOWED_USERLESS" ? "none" : "one",
    enrollmentTokenName: name,
    enrollmentTokenData: input.additionalData,
  });
  token.deviceNames.push(resource.name);
  return structuredClone(resource);
};
