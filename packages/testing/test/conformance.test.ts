import type { ProviderDescriptor } from "@enrollkit/core";
import { describe, it } from "vitest";
import { describeEnrollmentProvider } from "../src/index.js";
import { memorySetup } from "./memory-setup.js";

/** A vendor that can do next to nothing: every rule about what is refused gets its turn. */
const sparse: Partial<ProviderDescriptor> = {
  platforms: ["android"],
  managementModes: ["fully-managed", "dedicated"],
  ownerships: [],
  lifetime: { settable: false },
  uses: { allowed: ["unlimited"], default: "unlimited" },
  additionalDataLength: 0,
  artifacts: ["provisioning-qr", "enrollment-code"],
  deliveries: ["return"],
  fields: {
    profile: "unsupported",
    "recipient.email": "unsupported",
    "recipient.name": "unsupported",
    "device.id": "unsupported",
    "device.name": "required",
    "device.description": "echoed",
    "device.serialNumber": "unsupported",
    tags: "unsupported",
  },
  uniqueFields: ["device.name"],
  roles: [],
};

describeEnrollmentProvider("in-memory provider", memorySetup(), { describe, it });
describeEnrollmentProvider("in-memory provider of a vendor that can do little", memorySetup(sparse), {
  describe,
  it,
});
