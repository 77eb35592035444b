import type { EnterpriseInput } from "./messages.js";

/** A device as the API shows it: https://developers.google.com/android/management/reference/rest/v1/enterprises.devices */
export interface AndroidManagementDevice {
  readonly name: string;
  readonly managementMode: "DEVICE_OWNER" | "PROFILE_OWNER";
  readonly ownership: "COMPANY_OWNED" | "PERSONALLY_OWNED";
  readonly state: "ACTIVE" | "DISABLED" | "DELETED" | "PROVISIONING";
  readonly appliedState?: AndroidManagementDevice["state"];
  readonly disabledReason?: unknown;
  readonly enrollmentTime: string;
  readonly lastStatusReportTime?: string;
  readonly lastPolicySyncTime?: string;
  readonly policyName: string;
  readonly appliedPolicyName?: string;
  /** int64 as text. */
  readonly appliedPolicyVersion?: string;
  /** True, or absent. */
  readonly policyCompliant?: boolean;
  readonly apiLevel: number;
  readonly enrollmentTokenName?: string;
  /** The token's `additionalData`. */
  readonly enrollmentTokenData?: string;
  /** Earlier names of the same hardware, by its serial number. */
  readonly previousDeviceNames?: readonly string[];
  readonly userName?: string;
  readonly hardwareInfo: {
    readonly serialNumber: string;
    readonly brand: string;
    readonly manufacturer: string;
    readonly model: string;
    readonly enterpriseSpecificId?: string;
  };
}
export type WritableDevice = {
  -readonly [Name in keyof AndroidManagementDevice]: AndroidManagementDevice[Name];
};

/** An enrollment token as the API shows it, which depends on the method. */
export interface AndroidManagementEnrollmentToken {
  readonly name: string;
  readonly expirationTimestamp: string;
  readonly value?: string;
  readonly qrCode?: string;
  readonly policyName?: string;
  readonly additionalData?: string;
  readonly oneTimeOnly?: boolean;
  readonly allowPersonalUsage?: string;
  readonly duration?: string;
  readonly googleAuthenticationOptions?: object;
}

/** What an enterprise holds beside its name: inputs, and what the server adds to its sign-in details. */
export type EnterpriseFields = Omit<EnterpriseInput, "name">;

/** proto3 JSON leaves out false, zero, empty text and empty lists. */
export const withoutDefaults = <Resource extends object>(resource: Resource): Resource =>
  Object.fromEntries(
    Object.entries(resource).filter(
      ([, value]: [string, unknown]) =>
        value !== undefined &&
        value !== false &&
        value !== "" &&
        value !== 0 &&
        !(Array.isArray(value) && value.length === 0),
    ),
  ) as Resource;
