import { toIsoDuration, type ProviderDescriptor } from "@enrollkit/core";
import { androidModes } from "./personal-usage.js";

const minute = 60_000;
const day = 86_400_000;

/** The shortest lifetime of a token, in milliseconds. */
export const shortestLifetime = minute;

/** What Google takes when no lifetime is given, in milliseconds. */
export const defaultLifetime = 60 * minute;

/**
 * The longest lifetime, in milliseconds. Google first allowed 30 days, later 90, and today the longest duration that
 * its data format can write, about 10,000 years. The oldest of these limits holds on every deployment and is the
 * safest, so it is the default here.
 *
 * @see https://developers.google.com/android/management/reference/rest/v1/enterprises.enrollmentTokens
 */
export const longestLifetime = {
  "30-days": 30 * day,
  "vendor-maximum": 315_576_000_000_000,
} as const;
export type LifetimeCap = keyof typeof longestLifetime;

/** The longest `additionalData`, in characters. */
export const additionalDataLength = 1024;

/**
 * What a project may call unless Google has changed its quota.
 *
 * @see https://developers.google.com/android/management/permissible-usage
 */
export const defaultCallsPer100Seconds = 1000;

/** The settings that change what a provider promises. Lifetimes in milliseconds. */
export interface DescribedSettings {
  readonly lifetimeCap?: LifetimeCap | undefined;
  readonly validFor?: number | undefined;
  readonly uses?: "one" | "unlimited" | undefined;
  readonly profiles?: Readonly<Record<string, unknown>> | undefined;
  readonly callsPer100Seconds?: number | undefined;
}

/** What the Android Management API can do under given settings. */
export const androidManagementDescriptorFor = ({
  lifetimeCap = "30-days",
  validFor = defaultLifetime,
  uses = "one",
  profiles,
  callsPer100Seconds = defaultCallsPer100Seconds,
}: DescribedSettings): ProviderDescriptor => ({
  contractVersion: 1,
  vendor: "android-management",
  product: "Android Management API",
  documentation:
    "https://developers.google.com/android/management/reference/rest/v1/enterprises.enrollmentTokens/create",
  hosts: ["androidmanagement.googleapis.com", "oauth2.googleapis.com"],
  platforms: ["android"],
  managementModes: androidModes,
  ownerships: ["company", "personal"],
  lifetime: {
    settable: true,
    min: toIsoDuration(shortestLifetime),
    max: toIsoDuration(longestLifetime[lifetimeCap]),
    default: toIsoDuration(validFor),
    granularity: "PT0.001S",
  },
  uses: { allowed: ["one", "unlimited"], default: uses },
  additionalDataLength,
  artifacts: ["enrollment-token", "enrollment-link", "provisioning-qr"],
  deliveries: ["return"],
  fields: {
    profile: "sent",
    "recipient.email": "echoed",
    "recipient.name": "echoed",
    "device.id": "echoed",
    "device.name": "echoed",
    "device.description": "echoed",
    "device.serialNumber": "echoed",
    // A token has no label, and additionalData belongs to the caller.
    tags: "unsupported",
  },
  ...(profiles !== undefined && { profiles: Object.keys(profiles) }),
  uniqueFields: [],
  quotas: [{ calls: callsPer100Seconds, per: "PT100S", scope: "project" }],
  roles: ["retrieval", "listing", "revocation", "tracking", "reconciliation", "policies"],
});

/** What the Android Management API can do with default settings. */
export const androidManagementDescriptor: ProviderDescriptor = androidManagementDescriptorFor({});
