import type { ManagementMode, Ownership } from "@enrollkit/core";

/** Modes of management that a token of the Android Management API can ask for. */
export const androidModes = [
  "fully-managed",
  "work-profile",
  "dedicated",
] as const satisfies readonly ManagementMode[];
export type AndroidMode = (typeof androidModes)[number];

/** The vendor's word for "how is the device managed": it asks whether the user may also use it privately. */
export type PersonalUsage =
  "PERSONAL_USAGE_ALLOWED" | "PERSONAL_USAGE_DISALLOWED" | "PERSONAL_USAGE_DISALLOWED_USERLESS";

/** `unstated`: the field stays out of the call, and Google decides. `impossible`: no device could enroll. */
export type UsageChoice = PersonalUsage | "unstated" | "impossible";

/**
 * Management and ownership in the vendor's one field. `PERSONAL_USAGE_DISALLOWED*` keeps personally owned devices
 * out; a company's own device may be set up in any of the three ways. The literal "unspecified" is never sent: for
 * a token that does not state its usage the field is left out.
 *
 * @see https://developers.google.com/android/management/reference/rest/v1/AllowPersonalUsage
 */
const usageTable: Readonly<Record<AndroidMode | "any", Record<Ownership | "any", UsageChoice>>> = {
  "fully-managed": {
    company: "PERSONAL_USAGE_DISALLOWED",
    personal: "impossible",
    any: "PERSONAL_USAGE_DISALLOWED",
  },
  "work-profile": {
    company: "PERSONAL_USAGE_ALLOWED",
    personal: "PERSONAL_USAGE_ALLOWED",
    any: "PERSONAL_USAGE_ALLOWED",
  },
  dedicated: {
    company: "PERSONAL_USAGE_DISALLOWED_USERLESS",
    personal: "impossible",
    any: "PERSONAL_USAGE_DISALLOWED_USERLESS",
  },
  any: {
    company: "PERSONAL_USAGE_DISALLOWED",
    personal: "PERSONAL_USAGE_ALLOWED",
    any: "unstated",
  },
};

/** What to send for a wished management and ownership. */
export const personalUsageFor = (
  management: AndroidMode | undefined,
  ownership: Ownership | undefined,
): UsageChoice => usageTable[management ?? "any"][ownership ?? "any"];

/** Why a combination that {@link personalUsageFor} calls impossible is so. */
export const impossibleUsage = (management: AndroidMode | undefined): string =>
  `a personally owned device cannot be ${management ?? "managed"}: Android keeps it to a work profile`;

/** Whether personally owned devices can enroll with a token of this usage. An unknown or unstated one may let them. */
export const letsPersonalDevicesIn = (usage: string | undefined): boolean =>
  usage !== "PERSONAL_USAGE_DISALLOWED" && usage !== "PERSONAL_USAGE_DISALLOWED_USERLESS";
