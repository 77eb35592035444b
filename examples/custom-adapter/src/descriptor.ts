import type { ProviderDescriptor } from "@enrollkit/core";

/** What the adapter can do: every number is held against the simulator by the conformance suite. */
export const acmeDescriptor = {
  contractVersion: 1,
  vendor: "acme",
  product: "Acme MDM",
  documentation: "https://docs.example.com/acme/passes",
  hosts: ["api.acme.example"],
  platforms: ["android", "windows"],
  managementModes: [],
  ownerships: [],
  lifetime: { settable: true, min: "PT1M", max: "P30D", default: "P1D", granularity: "PT1S" },
  uses: { allowed: ["one", "unlimited"], default: "one" },
  additionalDataLength: 0,
  artifacts: ["enrollment-code"],
  deliveries: ["return"],
  fields: {
    profile: "sent",
    "recipient.email": "sent",
    "recipient.name": "echoed",
    "device.id": "unsupported",
    "device.name": "echoed",
    "device.description": "echoed",
    "device.serialNumber": "sent",
    tags: "unsupported",
  },
  uniqueFields: [],
  quotas: [{ calls: 50, per: "PT1S", scope: "credentials" }],
  roles: ["retrieval", "listing", "revocation", "tracking", "reconciliation"],
} as const satisfies ProviderDescriptor;
