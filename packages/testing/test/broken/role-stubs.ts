import {
  EnrollmentError,
  Secret,
  type CallOptions,
  type EnrollmentProvider,
  type ImportedDevice,
  type RoleName,
} from "@enrollkit/core";
import type { BrokenProvider, Change } from "./changes.js";

const nothing = (): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
});

const importedDevice = (provider: EnrollmentProvider, name: string): ImportedDevice => ({
  id: name,
  provider: provider.name,
  vendor: provider.descriptor.vendor,
  name,
  state: "pending",
  requestIds: [],
});

/** Each role as somebody would write it who has not asked the vendor. */
const stubs: { readonly [Role in RoleName]: (given: EnrollmentProvider) => EnrollmentProvider[Role] } = {
  bulk: () => ({
    createBatch: (requests) => {
      const error = new EnrollmentError("not today", { code: "unavailable" });
      return Promise.resolve(requests.map(() => ({ status: "failed", error })));
    },
  }),
  deviceImport: (provider) => ({
    importBatch: (devices) =>
      Promise.resolve(
        devices.map(({ name }) => ({ status: "created", device: importedDevice(provider, name) })),
      ),
  }),
  retrieval: () => ({
    get: () => Promise.reject(new EnrollmentError("there is none", { code: "not-found" })),
  }),
  listing: () => ({ list: nothing }),
  revocation: () => ({ revoke: () => Promise.resolve() }),
  tracking: () => ({
    getStatuses: (enrollments) =>
      Promise.resolve(enrollments.map(({ id }) => ({ id, state: "unknown", devices: [] }))),
  }),
  reconciliation: () => ({
    reconcile: (attempts) =>
      Promise.resolve(
        attempts.map(() => ({ status: "undecided", reason: "who knows", checkByHand: "look" })),
      ),
  }),
  deviceGroups: () => ({
    list: nothing,
    resolve: () => Promise.reject(new EnrollmentError("there is none", { code: "not-found" })),
  }),
  policies: () => ({ list: nothing, exists: () => Promise.resolve(true) }),
  recipients: () => ({
    list: nothing,
    find: () => Promise.resolve(undefined),
    ensure: (recipient) => Promise.resolve({ ...recipient, id: recipient.email }),
  }),
  deploymentFiles: () => ({
    generate: () =>
      Promise.resolve({
        fileName: "enroll.ini",
        content: new Secret("aGVsbG8="),
        warnings: [],
        requestIds: [],
      }),
  }),
};

type Method = (...parameters: unknown[]) => unknown;

/** A role whose methods are wrapped, each by its name. */
const wrapping =
  (role: RoleName, wrap: (method: Method) => Method): Change =>
  (provider) => {
    const methods = Object.entries(provider[role] ?? {}) as [string, Method][];
    return { [role]: Object.fromEntries(methods.map(([name, method]) => [name, wrap(method)])) };
  };

const isOptions = (value: unknown): value is CallOptions =>
  typeof value === "object" && value !== null && "signal" in value;

const withoutSignal =
  (method: Method): Method =>
  (...parameters) =>
    method(...parameters.filter((parameter) => !isOptions(parameter)));

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

const foreign = (error: unknown) =>
  EnrollmentError.is(error) && error.code !== "not-found" ? new Error(error.message) : error;

/** Whatever goes wrong comes out as an error that is none of ours. */
const throwingForeign =
  (method: Method): Method =>
  (...parameters) => {
    const result = method(...parameters);
    if (!isIterable(result)) {
      return Promise.resolve(result).catch((error: unknown) => {
        throw foreign(error);
      });
    }
    return (async function* () {
      try {
        yield* result;
      } catch (error) {
        throw foreign(error);
      }
    })();
  };

/** The roles that only read: what an error of theirs must look like is a rule of its own. */
const reading = [
  "retrieval",
  "listing",
  "tracking",
  "reconciliation",
  "deviceGroups",
  "policies",
  "recipients",
] as const satisfies readonly RoleName[];

const roles = Object.keys(stubs) as RoleName[];

/** Each role in the same ways broken. */
export const brokenEveryRole: readonly BrokenProvider[] = [
  ...roles.map((role) => ({
    fault: `has a stub for ${role}`,
    rules: [`roles/${role}-calls-the-vendor`],
    change: (provider: EnrollmentProvider) => ({ [role]: stubs[role](provider) }),
  })),
  ...roles.map((role) => ({
    fault: `ignores the signal in ${role}`,
    rules: [`abort/${role}`],
    change: wrapping(role, withoutSignal),
  })),
  ...reading.map((role) => ({
    fault: `throws errors in ${role} that are none of ours`,
    rules: [`faults/${role}`],
    change: wrapping(role, throwingForeign),
  })),
];
