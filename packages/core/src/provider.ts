import type { CallOptions, CreateOptions } from "./call-options.js";
import type { ProviderDescriptor, RoleName } from "./descriptor.js";
import type { Enrollment } from "./enrollment.js";
import type { LifecycleHooks } from "./hooks/lifecycle-hooks.js";
import type { EnrollmentRequest } from "./request.js";
import type {
  BulkEnrollment,
  DeploymentFiles,
  DeviceGroupCatalog,
  DeviceImport,
  EnrollmentListing,
  EnrollmentRetrieval,
  EnrollmentRevocation,
  EnrollmentTracking,
  PolicyCatalog,
  Reconciliation,
  RecipientDirectory,
} from "./roles.js";

/** One thing that {@link EnrollmentProvider.check} looked at. */
export interface CheckFinding {
  /** `credentials`, `permissions`, `enterprise` … */
  readonly name: string;
  /** `not-checked`: the vendor offers no way to find out without changing something. */
  readonly status: "passed" | "failed" | "not-checked";
  /** What was found, in one sentence; for a failure also what to change. */
  readonly message: string;
  /** Of a composite: the member that it is about. */
  readonly provider?: string | undefined;
}

/** What a check proved, and what it did not. */
export interface CheckReport {
  readonly provider: string;
  /** Whether nothing failed. */
  readonly ok: boolean;
  readonly findings: readonly CheckFinding[];
}

/** Which members of a composite a request goes to, and why. */
export interface Routing<Extras = never> {
  /** In the order in which they are tried. Just one: it goes there and nowhere else. */
  readonly candidates: readonly [EnrollmentProvider<Extras>, ...EnrollmentProvider<Extras>[]];
  /** The place, from 0, of the rule that decided. Absent: no rule did. */
  readonly rule?: number;
  /** One phrase; no address is in it. */
  readonly why: string;
}

/** A rule of a composite, in words. */
export interface CompositionRule<Extras = never> {
  /** What it takes: `platform ios or ipados; tenant acme`. */
  readonly text: string;
  /** Where it sends that. */
  readonly member: EnrollmentProvider<Extras>;
}

/** What a provider is made of that hands each request on to another: a router, a fallback. */
export interface Composition<Extras = never> {
  /** Each once, in the order in which they are named. A member may be a composite too. */
  readonly members: readonly EnrollmentProvider<Extras>[];
  /** The rules of a router, in their order. */
  readonly rules?: readonly CompositionRule<Extras>[];
  /**
   * Says where a well-formed request goes. Calls nobody.
   *
   * @throws EnrollmentError `invalid-request` if it goes nowhere; the message says why.
   */
  route(request: EnrollmentRequest<Extras>): Routing<Extras>;
  /** The same composite with each member replaced: by one that also writes down what it does, say. */
  over(
    change: (member: EnrollmentProvider<Extras>) => EnrollmentProvider<Extras>,
  ): EnrollmentProvider<Extras>;
}

/**
 * The enrollment side of one MDM account.
 *
 * Every provider has a descriptor, a check and a create. Everything else is a *role*: an optional property that
 * holds a small interface. A role that is present makes real calls to the vendor; one that the vendor cannot play
 * is absent. Ask with {@link supports}:
 *
 * ```ts
 * if (supports(provider, "revocation")) await provider.revocation.revoke(enrollment.id);
 * ```
 *
 * @typeParam Extras - what a concrete adapter's requests may carry in `extras`.
 */
export interface EnrollmentProvider<Extras = never> {
  /** Its name in the config: `phones-eu`. */
  readonly name: string;
  readonly descriptor: ProviderDescriptor;
  /** Whom it tells what it does; the bulk engine tells them how many items wait. See `observeProvider`. */
  readonly hooks?: LifecycleHooks;

  /**
   * Finds out whether the provider can work, without changing anything at the vendor. A vendor that refuses is a
   * finding, not an exception.
   *
   * @throws EnrollmentError `unavailable`, `timeout` or `rate-limited` if the vendor gave no answer that tells anything.
   */
  check(options?: CallOptions): Promise<CheckReport>;

  /**
   * Creates one enrollment.
   *
   * @throws EnrollmentError `invalid-request` or `unsupported` before anything is sent; `outcome-unknown` if the
   *   answer was lost after the vendor may have acted: reconcile, never just repeat.
   */
  createEnrollment(request: EnrollmentRequest<Extras>, options?: CreateOptions): Promise<Enrollment>;

  /** Creates a batch in one go. */
  readonly bulk?: BulkEnrollment<Extras>;
  /** Makes devices known before they enroll. */
  readonly deviceImport?: DeviceImport;
  /** Gets an enrollment again. */
  readonly retrieval?: EnrollmentRetrieval;
  /** Lists live enrollments. */
  readonly listing?: EnrollmentListing;
  /** Takes an enrollment back. */
  readonly revocation?: EnrollmentRevocation;
  /** Tells whether, and by which device, an enrollment was used. */
  readonly tracking?: EnrollmentTracking;
  /** Finds out what became of a create whose answer was lost. */
  readonly reconciliation?: Reconciliation<Extras>;
  /** The sets of devices that an enrollment can aim at. */
  readonly deviceGroups?: DeviceGroupCatalog;
  /** The policies that an enrollment can aim at. */
  readonly policies?: PolicyCatalog;
  /** The people whom enrollments are for. */
  readonly recipients?: RecipientDirectory;
  /** Files for silent mass deployment. */
  readonly deploymentFiles?: DeploymentFiles;

  /** Present if it has no account of its own, and hands each request on to another provider. */
  readonly composition?: Composition<Extras>;
}

/** A provider that is known to have a role. */
export type WithRole<Provider extends EnrollmentProvider, Role extends RoleName> = Provider & {
  readonly [Name in Role]-?: NonNullable<Provider[Name]>;
};

/** Whether a provider has a role; narrows its type. */
export const supports = <Provider extends EnrollmentProvider, Role extends RoleName>(
  provider: Provider,
  role: Role,
): provider is WithRole<Provider, Role> => provider[role] !== undefined;
