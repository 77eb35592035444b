import type { ProviderDescriptor } from "@enrollkit/core";
import type { ResolvedSettings } from "./settings.js";

/** What the adapter can do with an Applivery workspace that has Apple MDM set up. */
export const appliveryDescriptor = {
  contractVersion: 1,
  vendor: "applivery",
  product: "Applivery",
  documentation:
    "https://docs.applivery.com/en/api/apple/apple-enrollment-tokens/post-organizations-organizationid-mdm-apple-enterprise-enrollment-tokens/",
  hosts: ["api.applivery.io"],
  // Not tvos: the person opens a link, and an Apple TV has no browser to open it with.
  platforms: ["ios", "ipados", "macos"],
  managementModes: ["device-enrollment"],
  ownerships: [],
  lifetime: { settable: true, min: "PT1M", max: "P30D", default: "P1D", granularity: "PT1S" },
  uses: { allowed: ["one"], default: "one" },
  additionalDataLength: 0,
  artifacts: ["enrollment-link", "enrollment-code", "delivered"],
  deliveries: ["return", "vendor-email"],
  fields: {
    profile: "sent",
    "recipient.email": "required",
    "recipient.name": "sent",
    "device.id": "unsupported",
    "device.name": "sent",
    "device.description": "echoed",
    "device.serialNumber": "echoed",
    tags: "sent",
  },
  uniqueFields: [],
  // How many the bulk call takes is not documented: as many as one page of the list shows again.
  batch: { maxItems: 100, atomicity: "counts-only" },
  quotas: [{ calls: 10_000, per: "PT1H", scope: "credentials" }],
  roles: [
    "bulk",
    "retrieval",
    "listing",
    "revocation",
    "tracking",
    "reconciliation",
    "policies",
    "recipients",
  ],
} as const satisfies ProviderDescriptor;

/** The descriptor of one workspace: with the profiles that its settings have. */
export const describeWorkspace = ({ profiles }: Pick<ResolvedSettings, "profiles">) =>
  ({ ...appliveryDescriptor, profiles: Object.keys(profiles) }) satisfies ProviderDescriptor;
