import {
  anything,
  choice,
  duration,
  flag,
  integer,
  message,
  repeated,
  text,
  timestamp,
  type MessageOf,
} from "./proto-json.js";

/** https://developers.google.com/android/management/reference/rest/v1/AllowPersonalUsage */
const personalUsages = [
  "ALLOW_PERSONAL_USAGE_UNSPECIFIED",
  "PERSONAL_USAGE_ALLOWED",
  "PERSONAL_USAGE_DISALLOWED",
  "PERSONAL_USAGE_DISALLOWED_USERLESS",
] as const;
export type PersonalUsage = (typeof personalUsages)[number];

const authenticationRequirement = choice("GoogleAuthenticationOptions.AuthenticationRequirement", [
  "AUTHENTICATION_REQUIREMENT_UNSPECIFIED",
  "OPTIONAL",
  "REQUIRED",
]);
const allowPersonalUsage = choice("EnrollmentToken.AllowPersonalUsage", personalUsages);

/** https://developers.google.com/android/management/reference/rest/v1/enterprises.enrollmentTokens */
export const enrollmentTokenMessage = message("EnrollmentToken", {
  name: text,
  value: text,
  duration,
  expirationTimestamp: timestamp,
  policyName: text,
  additionalData: text,
  qrCode: text,
  oneTimeOnly: flag,
  user: message("User", { accountIdentifier: text }),
  allowPersonalUsage,
  googleAuthenticationOptions: message("GoogleAuthenticationOptions", {
    authenticationRequirement,
    requiredAccountEmail: text,
  }),
});
export type EnrollmentTokenInput = MessageOf<typeof enrollmentTokenMessage>;

const signinDetailMessage = message("SigninDetail", {
  signinUrl: text,
  signinEnrollmentToken: text,
  qrCode: text,
  allowPersonalUsage: choice("SigninDetail.AllowPersonalUsage", personalUsages),
  tokenTag: text,
  defaultStatus: choice("SigninDetail.SigninDetailDefaultStatus", [
    "SIGNIN_DETAIL_DEFAULT_STATUS_UNSPECIFIED",
    "SIGNIN_DETAIL_IS_DEFAULT",
    "SIGNIN_DETAIL_IS_NOT_DEFAULT",
  ]),
  googleAuthenticationOptions: message("SigninDetail.GoogleAuthenticationOptions", {
    authenticationRequirement,
  }),
});
export type SigninDetailInput = MessageOf<typeof signinDetailMessage>;

const notificationTypes = [
  "NOTIFICATION_TYPE_UNSPECIFIED",
  "COMPLIANCE_REPORT",
  "ENROLLMENT",
  "STATUS_REPORT",
  "COMMAND",
  "USAGE_LOGS",
  "ENTERPRISE_UPGRADE",
] as const;

/** https://developers.google.com/android/management/reference/rest/v1/enterprises */
export const enterpriseMessage = message("Enterprise", {
  name: text,
  enterpriseDisplayName: text,
  primaryColor: integer,
  logo: anything,
  termsAndConditions: anything,
  enabledNotificationTypes: repeated(choice("Enterprise.NotificationType", notificationTypes)),
  pubsubTopic: text,
  signinDetails: repeated(signinDetailMessage),
  contactInfo: anything,
  enterpriseType: text,
  managedGooglePlayAccountsEnterpriseType: text,
  managedGoogleDomainType: text,
  googleAuthenticationSettings: anything,
  appAutoApprovalEnabled: flag,
});
export type EnterpriseInput = MessageOf<typeof enterpriseMessage>;

/** Policies have far more fields than an enrollment needs: the others are kept as they come. */
export const policyMessage = message(
  "Policy",
  { name: text, version: anything, setupActions: repeated(anything) },
  { others: "keep" },
);
export type PolicyInput = MessageOf<typeof policyMessage>;

/** Of a device only three fields can be set; the others are output only and ignored. */
export const deviceMessage = message(
  "Device",
  {
    policyName: text,
    state: choice("Device.DeviceState", [
      "DEVICE_STATE_UNSPECIFIED",
      "ACTIVE",
      "DISABLED",
      "DELETED",
      "PROVISIONING",
      "LOST",
      "PREPARING_FOR_MIGRATION",
      "DEACTIVATED_BY_DEVICE_FINANCE",
    ]),
    disabledReason: anything,
  },
  { others: "keep" },
);
export type DeviceInput = MessageOf<typeof deviceMessage>;

/** https://developers.google.com/android/management/reference/rest/v1/enterprises.webTokens */
export const webTokenMessage = message("WebToken", {
  name: text,
  value: text,
  parentFrameUrl: text,
  enabledFeatures: repeated(
    choice("WebToken.EnabledFeature", [
      "FEATURE_UNSPECIFIED",
      "PLAY_SEARCH",
      "PRIVATE_APPS",
      "WEB_APPS",
      "STORE_BUILDER",
      "MANAGED_CONFIGURATIONS",
      "ZERO_TOUCH_CUSTOMER_MANAGEMENT",
    ]),
  ),
});

/** https://developers.google.com/android/management/reference/rest/v1/enterprises.migrationTokens */
export const migrationTokenMessage = message("MigrationToken", {
  name: text,
  value: text,
  deviceId: text,
  userId: text,
  policy: text,
  managementMode: choice("MigrationToken.ManagementMode", [
    "MANAGEMENT_MODE_UNSPECIFIED",
    "WORK_PROFILE_PERSONALLY_OWNED",
    "WORK_PROFILE_COMPANY_OWNED",
    "FULLY_MANAGED",
  ]),
  ttl: duration,
  expireTime: timestamp,
  createTime: timestamp,
  additionalData: text,
  device: text,
});
export type MigrationTokenInput = MessageOf<typeof migrationTokenMessage>;
