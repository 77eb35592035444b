import {
  EnrollmentError,
  observeProvider,
  Secret,
  systemClock,
  type CheckFinding,
  type CreateOptions,
  type DeviceGroup,
  type DeviceReference,
  type Enrollment,
  type EnrollmentProvider,
  type Policy,
  type ProviderDescriptor,
  type ProviderRuntime,
  type Recipient,
  type RoleName,
} from "@enrollkit/core";
import type { FaultTarget, VendorFault } from "../faults.js";
import { createClient, type MemoryClient } from "./client.js";
import { createConnection, type Connection } from "./connection.js";
import { memoryDescriptor } from "./descriptor.js";
import type { StoredEnrollment } from "./enrollment-store.js";
import { createFaultPlan, type FaultPlan } from "./fault-plan.js";
import { createPreparation, type PreparationParts } from "./preparation.js";
import { enrollmentReader, readerOf } from "./readers.js";
import { createRoles } from "./roles.js";
import { createVendor, type Vendor } from "./vendor.js";

/** How an in-memory provider differs from the usual one. */
export interface MemoryProviderOptions {
  /** Default: `memory`. */
  readonly name?: string;
  /**
   * What the vendor can do. Every number counts: a request beyond it is refused, a role that is not listed is
   * absent, and a profile that is not listed is not known. Default: nearly everything, and no profiles.
   */
  readonly descriptor?: Partial<ProviderDescriptor>;
  /** Policies that exist. Default: one. */
  readonly policies?: readonly Policy[];
  /** Device groups that exist. Default: one with another below it. */
  readonly deviceGroups?: readonly DeviceGroup[];
  /** People whom the vendor knows from the start. Default: none. */
  readonly recipients?: readonly Recipient[];
  /** What the ids of its enrollments begin with: two vendors in one test need two. Default: `enrollment`. */
  readonly account?: string;
  /** The access token that the vendor accepts, and the provider presents. Default: made up. */
  readonly accessToken?: Secret;
  /** What is to go wrong; two vendors that are given the same share it. Default: one of its own. */
  readonly faults?: FaultPlan;
  /** Clock, random numbers, hooks, and the guard before each call. */
  readonly runtime?: ProviderRuntime;
}

/**
 * A provider whose vendor lives in memory, for tests of an app: it honours and refuses, pages, retries, reconciles
 * and expires as a real one does, and a test can look into it and make it fail.
 */
export interface MemoryProvider extends EnrollmentProvider {
  /** Every enrollment that the vendor was ever asked for, oldest first. */
  enrollments(): readonly StoredEnrollment[];
  /** How many enrollments are live now: not expired, not revoked, not used up. */
  liveCount(): number;
  /**
   * A device enrolls with what it was given.
   *
   * @param device - what the vendor learns of it. Default: an id of its own.
   * @returns the device as the vendor knows it.
   * @throws EnrollmentError `failed-precondition` if the vendor refuses it: expired, revoked, used up or unknown.
   */
  enrollDevice(enrollment: Enrollment, device?: DeviceReference): DeviceReference;
  /**
   * Plans a fault.
   *
   * @param target - the calls it waits for. Default: `any`.
   * @param times - how many of them it strikes. Default: 1.
   */
  failNext(fault: VendorFault, target?: FaultTarget, times?: number): void;
  /** Calls that have reached the vendor so far. */
  callCount(): number;
  /** A provider of the same vendor that presents another access token: one that the vendor does not know. */
  withAccessToken(accessToken: Secret): EnrollmentProvider;
}

const defaultPolicies: readonly Policy[] = [{ id: "policy-1", name: "Standard" }];
const defaultDeviceGroups: readonly DeviceGroup[] = [
  { id: "group-1", name: "All", path: ["All"] },
  { id: "group-2", name: "Phones", path: ["All", "Phones"] },
];

/** The usual descriptor with what a test changes; what belongs to a role or field that is left out goes with it. */
const describeVendor = (changes: Partial<ProviderDescriptor>): ProviderDescriptor => {
  const { batch, importBatch, profiles, ...descriptor } = { ...memoryDescriptor, ...changes };
  const has = (role: RoleName) => descriptor.roles.includes(role);
  return {
    ...descriptor,
    ...(profiles !== undefined && descriptor.fields.profile !== "unsupported" && { profiles }),
    ...(batch !== undefined && has("bulk") && { batch }),
    ...(importBatch !== undefined && has("deviceImport") && { importBatch }),
  };
};

interface ProviderParts extends PreparationParts {
  readonly connection: Connection;
  readonly accessToken: Secret;
}

const checkAccount = async (client: MemoryClient, options: CreateOptions): Promise<CheckFinding> => {
  try {
    await client.call(
      "account.get",
      {},
      "repeatable",
      readerOf(undefined, () => true),
      options,
    );
    return { name: "credentials", status: "passed", message: "the vendor accepts the access token" };
  } catch (error) {
    if (!EnrollmentError.is(error) || error.retryable) throw error;
    const message =
      error.code === "unauthenticated"
        ? "the vendor does not know the access token; renew it"
        : error.message;
    return { name: "credentials", status: "failed", message };
  }
};

const createProvider = (parts: ProviderParts): EnrollmentProvider => {
  const { name, descriptor, connection, accessToken, runtime } = parts;
  const client = createClient({
    provider: name,
    connection,
    accessToken,
    clock: runtime.clock ?? systemClock,
    runtime,
  });
  const prepare = createPreparation(parts);
  const readEnrollment = enrollmentReader(name, descriptor.vendor);

  const roles = createRoles({ name, descriptor, client, prepare });
  const present = Object.fromEntries(
    Object.entries(roles).filter(([role]) => descriptor.roles.includes(role as RoleName)),
  ) as Partial<typeof roles>;

  const provider: EnrollmentProvider = {
    name,
    descriptor,
    check: async (options = {}) => {
      const credentials = await checkAccount(client, options);
      return { provider: name, ok: credentials.status !== "failed", findings: [credentials] };
    },
    createEnrollment: async (request, options = {}) => {
      options.signal?.throwIfAborted();
      const { asked, complete } = prepare(request, options);
      const enrollment = await client.call(
        "enrollments.create",
        { enrollment: asked },
        "once",
        readEnrollment,
        options,
      );
      return complete(enrollment);
    },
    ...present,
  };
  return observeProvider(provider, runtime);
};

/**
 * Makes a {@link MemoryProvider} with an empty vendor of its own.
 *
 * ```ts
 * const clock = createTestClock();
 * const provider = createMemoryProvider({ runtime: { clock }, descriptor: { roles: ["revocation"] } });
 * provider.failNext({ kind: "reset", when: "after" }, "create");
 * ```
 */
export const createMemoryProvider = (options: MemoryProviderOptions = {}): MemoryProvider => {
  const {
    name = "memory",
    policies = defaultPolicies,
    deviceGroups = defaultDeviceGroups,
    recipients = [],
    account = "enrollment",
    faults = createFaultPlan(),
    accessToken = new Secret("memory-access-token"),
    runtime = {},
  } = options;
  const descriptor = describeVendor(options.descriptor ?? {});
  const vendor: Vendor = createVendor(runtime.clock ?? systemClock, {
    policies,
    deviceGroups,
    recipients,
    account,
  });
  const connection = createConnection(vendor, faults, accessToken);
  const parts = { name, descriptor, connection, runtime };
  let devices = 0;

  return {
    ...createProvider({ ...parts, accessToken }),
    enrollments: vendor.enrollments.all,
    liveCount: vendor.enrollments.liveCount,
    enrollDevice: (enrollment, device) => {
      const artifact = enrollment.artifacts.find((each) => "value" in each);
      const presented =
        artifact !== undefined && "value" in artifact ? artifact.value.reveal() : enrollment.id;
      devices += 1;
      return vendor.enrollments.enroll(presented, device ?? { id: `enrolled-device-${devices}` });
    },
    failNext: (fault, target = "any", times = 1) => {
      faults.add(fault, target, times);
    },
    callCount: connection.callCount,
    withAccessToken: (other) => createProvider({ ...parts, accessToken: other }),
  };
};
