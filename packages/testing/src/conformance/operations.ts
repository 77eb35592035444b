import {
  supports,
  toIsoInstant,
  type CallOptions,
  type EnrollmentRequest,
  type RoleName,
} from "@enrollkit/core";
import { collect } from "./expectations.js";
import { invent } from "./requests.js";
import { roleOf, type RuleContext } from "./rule.js";

/** A call of a role, after whatever it needs has been prepared. */
export type PreparedCall = (options?: CallOptions) => Promise<unknown>;

const address = "katherine.johnson@example.com";

const enrollmentFor = (context: RuleContext) =>
  context.provider.createEnrollment(context.vendor.request(100));

/** For each role one real call, prepared: made twice, it does the same. */
export const prepareCall: Readonly<Record<RoleName, (context: RuleContext) => Promise<PreparedCall>>> = {
  bulk: async (context) => {
    const bulk = roleOf(context, "bulk");
    let number = 200;
    await Promise.resolve();
    return (options) => {
      number += 2;
      return bulk.createBatch([context.vendor.request(number), context.vendor.request(number + 1)], options);
    };
  },
  deviceImport: async (context) => {
    const role = roleOf(context, "deviceImport");
    let number = 300;
    await Promise.resolve();
    return (options) => {
      number += 1;
      return role.importBatch([{ name: String(invent("device.name", number)) }], options);
    };
  },
  retrieval: async (context) => {
    const role = roleOf(context, "retrieval");
    const { id } = await enrollmentFor(context);
    return (options) => role.get(id, options);
  },
  listing: async (context) => {
    const role = roleOf(context, "listing");
    await enrollmentFor(context);
    return (options) => collect(role.list(options));
  },
  revocation: async (context) => {
    const role = roleOf(context, "revocation");
    const { id } = await enrollmentFor(context);
    return (options) => role.revoke(id, options);
  },
  tracking: async (context) => {
    const role = roleOf(context, "tracking");
    const enrollment = await enrollmentFor(context);
    return (options) => role.getStatuses([enrollment], options);
  },
  reconciliation: async (context) => {
    const role = roleOf(context, "reconciliation");
    const request: EnrollmentRequest = { ...context.vendor.request(101), key: "never-sent" };
    const sentAt = toIsoInstant(context.clock.now());
    await Promise.resolve();
    return (options) => role.reconcile([{ request, sentAt }], options);
  },
  deviceGroups: async (context) => {
    const role = roleOf(context, "deviceGroups");
    await Promise.resolve();
    return (options) => collect(role.list(options));
  },
  policies: async (context) => {
    const role = roleOf(context, "policies");
    await Promise.resolve();
    return (options) => collect(role.list(options));
  },
  recipients: async (context) => {
    const role = roleOf(context, "recipients");
    await role.ensure({ email: address });
    return (options) => role.find(address, options);
  },
  deploymentFiles: async (context) => {
    const role = roleOf(context, "deploymentFiles");
    await Promise.resolve();
    return (options) => role.generate({}, options);
  },
};

/** The roles whose call changes nothing at the vendor, so that an adapter may repeat it. */
export const readingRoles: readonly RoleName[] = [
  "retrieval",
  "listing",
  "tracking",
  "reconciliation",
  "deviceGroups",
  "policies",
  "recipients",
];

/** The calls that change nothing, of those roles that the provider has; `check` among them. */
export const preparedReads = async (
  context: RuleContext,
): Promise<readonly (readonly [string, PreparedCall])[]> => {
  const { provider } = context;
  const present = readingRoles.filter((role) => supports(provider, role));
  const reads: (readonly [string, PreparedCall])[] = [["check", (options) => provider.check(options)]];
  for (const role of present) reads.push([role, await prepareCall[role](context)]);
  return reads;
};
