import {
  EnrollmentError,
  failureOf,
  missingResult,
  overAccounts,
  roleNames,
  toEnrollmentError,
  type BulkEnrollment,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type EnrollmentRevocation,
  type EnrollmentTracking,
  type Failure,
} from "@enrollkit/core";
import { learnStatuses, noteRevoked } from "./learn.js";
import {
  createRecordedCreates,
  type PlannedCreate,
  type RecordingParts,
  type SharedCreates,
} from "./recorded-creates.js";

const originals = new WeakMap<EnrollmentProvider, EnrollmentProvider>();

/** The provider that a recorded one stands for: a run records its rows itself. */
export const unrecorded = (provider: EnrollmentProvider): EnrollmentProvider =>
  originals.get(provider) ?? provider;

/** A call that was given up may have come as far as the vendor. */
const failureOfCall = (error: unknown, provider: string, signal: AbortSignal | undefined): Failure =>
  failureOf(
    signal?.aborted === true && !EnrollmentError.is(error)
      ? new EnrollmentError("the call was given up before its answer came", {
          code: "outcome-unknown",
          provider,
        })
      : toEnrollmentError(error, provider),
  );

/** Records one that is no composite. */
const recordAccount = (
  parts: RecordingParts,
  given: EnrollmentProvider,
  plans: ReadonlyMap<EnrollmentRequest, PlannedCreate>,
  shared: SharedCreates,
): EnrollmentProvider => {
  const provider = unrecorded(given);
  const { storage } = parts;
  const { name, descriptor, hooks, bulk, reconciliation, tracking, revocation } = provider;
  const creates = createRecordedCreates(parts, provider, plans, shared);

  const recordedBulk = (role: BulkEnrollment): BulkEnrollment => ({
    createBatch: async (requests, options) => {
      const results = await creates.send(
        requests,
        async (ours) => {
          try {
            return await role.createBatch(ours, options);
          } catch (error) {
            const failure = failureOfCall(error, name, options?.signal);
            return ours.map(() => failure);
          }
        },
        options?.signal,
      );
      if (results.every(({ status }) => status !== "created")) options?.signal?.throwIfAborted();
      return results;
    },
  });
  const recordedTracking = (role: EnrollmentTracking): EnrollmentTracking => ({
    getStatuses: async (enrollments, options) => {
      const statuses = await role.getStatuses(enrollments, options);
      const heard = enrollments.flatMap(({ id }, place) => {
        const status = statuses[place];
        return status === undefined ? [] : { ...status, id };
      });
      await learnStatuses(storage, { provider: name, heard, by: "status", isAnswer: true });
      return statuses;
    },
  });
  const recordedRevocation = (role: EnrollmentRevocation): EnrollmentRevocation => ({
    revoke: async (id, options) => {
      await role.revoke(id, options);
      await noteRevoked(storage, { provider: name, enrollmentId: id, by: "revoke" });
    },
  });

  const roles = Object.fromEntries(
    roleNames.flatMap((role) => (provider[role] === undefined ? [] : [[role, provider[role]]])),
  ) as Partial<EnrollmentProvider>;
  const result: EnrollmentProvider = {
    ...roles,
    name,
    descriptor,
    ...(hooks && { hooks }),
    check: (options) => provider.check(options),
    createEnrollment: async (request, options) => {
      const [created = missingResult(name)] = await creates.send(
        [request],
        async ([one = request]) => {
          try {
            return [{ status: "created", enrollment: await provider.createEnrollment(one, options) }];
          } catch (error) {
            return [failureOfCall(error, name, options?.signal)];
          }
        },
        options?.signal,
      );
      if (created.status === "created") return created.enrollment;
      options?.signal?.throwIfAborted();
      throw created.error;
    },
    ...(bulk && { bulk: recordedBulk(bulk) }),
    ...(tracking && { tracking: recordedTracking(tracking) }),
    ...(revocation && { revocation: recordedRevocation(revocation) }),
    ...(reconciliation && {
      reconciliation: {
        reconcile: (lost, options) => creates.reconcile(reconciliation, lost, options),
      },
    }),
  };
  originals.set(result, provider);
  return result;
};

/**
 * A provider that keeps the ledger up to date: each create is written down before the call and after it, and so is what is
 * learned by asking for statuses, by revoking, and by reconciling lost answers. All else passes through. Of a composite, what
 * a member does is recorded under the member's name; a create that passes on to the next stays one record.
 *
 * @param plans - what some requests, by the objects that they are, are recorded as; default: as something new.
 */
export const recordProvider = (
  parts: RecordingParts,
  given: EnrollmentProvider,
  plans: ReadonlyMap<EnrollmentRequest, PlannedCreate> = new Map(),
): EnrollmentProvider => {
  const provider = unrecorded(given);
  const shared: SharedCreates = new WeakMap();
  const result = overAccounts(provider, (account) => recordAccount(parts, account, plans, shared));
  originals.set(result, provider);
  return result;
};
