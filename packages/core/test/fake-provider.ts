import type { ProviderDescriptor } from "../src/descriptor.js";
import type { Enrollment } from "../src/enrollment.js";
import { EnrollmentError } from "../src/errors.js";
import type { EnrollmentResult } from "../src/outcome.js";
import type { EnrollmentProvider } from "../src/provider.js";
import type { EnrollmentRequest } from "../src/request.js";

const descriptor: ProviderDescriptor = {
  contractVersion: 1,
  vendor: "acme",
  product: "Acme MDM",
  documentation: "https://example.com",
  hosts: ["example.com"],
  platforms: ["ios"],
  managementModes: [],
  ownerships: [],
  lifetime: { settable: false },
  uses: { allowed: ["one"], default: "one" },
  additionalDataLength: 0,
  artifacts: [],
  deliveries: ["return"],
  fields: {
    profile: "sent",
    "recipient.email": "echoed",
    "recipient.name": "echoed",
    "device.id": "echoed",
    "device.name": "sent",
    "device.description": "echoed",
    "device.serialNumber": "echoed",
    tags: "unsupported",
  },
  uniqueFields: ["device.name"],
  quotas: [],
  roles: [],
};

const enrollmentFor = (provider: string, { key, device }: EnrollmentRequest): Enrollment => ({
  id: `${provider}/${device?.name ?? key ?? "?"}`,
  provider,
  vendor: "acme",
  key,
  artifacts: [],
  createdAt: "2026-09-20T10:00:00Z",
  expiresAt: "never",
  uses: "one",
  warnings: [],
  requestIds: [],
});

/** A provider that records the batches it was sent; device names that start with "bad" fail. */
export const fakeProvider = (name: string, batchSize?: number) => {
  const batches: string[][] = [];
  const one = (request: EnrollmentRequest): EnrollmentResult => {
    if (request.device?.name?.startsWith("bad") !== true) {
      return { status: "created", enrollment: enrollmentFor(name, request) };
    }
    const error = new EnrollmentError("the device is bad", { code: "not-found", path: "device.name" });
    return { status: "failed", error };
  };
  const record = (requests: readonly EnrollmentRequest[]) => {
    batches.push(requests.map(({ device, key }) => device?.name ?? key ?? "?"));
  };
  const provider: EnrollmentProvider = {
    name,
    descriptor: {
      ...descriptor,
      ...(batchSize !== undefined && { batch: { maxItems: batchSize, atomicity: "per-item" as const } }),
    },
    check: () => Promise.resolve({ provider: name, ok: true, findings: [] }),
    createEnrollment: (request) => {
      record([request]);
      const result = one(request);
      return result.status === "created" ? Promise.resolve(result.enrollment) : Promise.reject(result.error);
    },
    ...(batchSize !== undefined && {
      bulk: {
        createBatch: (requests: readonly EnrollmentRequest[]) => {
          record(requests);
          return Promise.resolve(requests.map(one));
        },
      },
    }),
  };
  return { provider, batches };
};
