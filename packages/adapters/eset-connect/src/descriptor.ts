import type { ProviderDescriptor } from "@enrollkit/core";

/** The most devices that one import or one call for links takes. */
export const MAX_BATCH = 1000;

/** What ESET Connect can do. */
export const esetConnectDescriptor: ProviderDescriptor = {
  contractVersion: 1,
  vendor: "eset-connect",
  product: "ESET Connect",
  documentation:
    "https://help.eset.com/eset_connect/en-US/mobile_device_management_v1_mobile-devices-batchGetEnrollmentLinks_post.html",
  hosts: [
    "{region}.business-account.iam.eset.systems",
    "{region}.device-management.eset.systems",
    "{region}.mobile-device-management.eset.systems",
    "{region}.installer-management.eset.systems",
  ],
  // One link works on either; no field of the API names the platform.
  platforms: ["android", "ios", "ipados"],
  managementModes: [],
  ownerships: [],
  lifetime: { settable: false },
  uses: { allowed: ["one"], default: "one" },
  additionalDataLength: 0,
  artifacts: ["enrollment-link"],
  deliveries: ["return"],
  fields: {
    profile: "sent",
    "recipient.email": "echoed",
    "recipient.name": "echoed",
    "device.id": "sent",
    // Needed unless device.id is given; the adapter checks that itself.
    "device.name": "sent",
    "device.description": "sent",
    "device.serialNumber": "echoed",
    tags: "unsupported",
  },
  uniqueFields: ["device.id", "device.name"],
  batch: { maxItems: MAX_BATCH, atomicity: "all-or-nothing" },
  importBatch: { maxItems: MAX_BATCH, atomicity: "per-item" },
  quotas: [{ calls: 10, per: "PT1S", scope: "credentials" }],
  roles: ["bulk", "deviceImport", "tracking", "reconciliation", "deviceGroups", "deploymentFiles"],
};
