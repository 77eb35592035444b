import {
  secretSetting,
  toIsoInstant,
  urlSetting,
  type Enrollment,
  type EnrollmentProvider,
  type ProviderDescriptor,
  type ProviderPlugin,
  type Secret,
} from "@enrollkit/core";
import * as z from "zod";

/** A vendor of the tests' own, as a third party would write one. */
export interface AcmeSettings {
  readonly tenant: string;
  readonly apiKey: Secret;
  readonly baseUrl?: string | undefined;
  readonly mode: "fast" | "careful";
  readonly profiles?:
    Readonly<Record<string, { readonly group: string; readonly seats?: number | undefined }>> | undefined;
}

const descriptor: ProviderDescriptor = {
  contractVersion: 1,
  vendor: "acme-mdm",
  product: "Acme MDM",
  documentation: "https://docs.example.com/enrollment",
  hosts: ["api.example.com"],
  platforms: ["linux"],
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
    "device.id": "echoed",
    "device.name": "echoed",
    "device.description": "echoed",
    "device.serialNumber": "echoed",
    tags: "unsupported",
  },
  uniqueFields: [],
  quotas: [],
  roles: [],
};

export const acmePlugin: ProviderPlugin<AcmeSettings> = {
  vendor: "acme-mdm",
  descriptor,
  settings: z.strictObject({
    tenant: z.string().min(1, "must not be empty"),
    apiKey: secretSetting("The key of the tenant's API user."),
    baseUrl: urlSetting("Where the API is.").optional(),
    mode: z.enum(["fast", "careful"]).default("careful"),
    profiles: z
      .record(z.string(), z.strictObject({ group: z.string(), seats: z.int().positive().optional() }))
      .optional(),
  }),
  create: (name, { tenant, apiKey }, runtime): EnrollmentProvider => ({
    name,
    descriptor,
    check: () => {
      const call = {
        method: "GET",
        host: "api.example.com",
        path: "/me",
        port: 443,
        attempt: 1,
      };
      const request = { provider: name, ...call };
      runtime?.hooks?.onResponse?.({ ...request, status: 200, duration: 1 }, request);
      return Promise.resolve({ provider: name, ok: apiKey.equals("CANARY-KEY"), findings: [] });
    },
    createEnrollment: ({ key, recipient }): Promise<Enrollment> =>
      Promise.resolve({
        id: `${tenant}-1`,
        provider: name,
        vendor: "acme-mdm",
        key,
        artifacts: [],
        createdAt: toIsoInstant(runtime?.clock?.now() ?? 0),
        expiresAt: "unknown",
        uses: "one",
        recipient,
        warnings: [],
        requestIds: [],
      }),
  }),
};
