import type { Enrollment, EnrollmentStatus, EnrollmentSummary, EnrollmentWarning } from "./enrollment.js";
import type { IsoInstant } from "./instant.js";
import type { ImportResult, EnrollmentResult } from "./outcome.js";
import type { CallOptions, CreateOptions } from "./call-options.js";
import type { DeviceToImport, EnrollmentRequest, Recipient } from "./request.js";
import type { Secret } from "./secret.js";

/** One native batch. {@link createEnrollments} cuts any number of requests into these. */
export interface BulkEnrollment<Extras = never> {
  /**
   * Creates a batch of at most `descriptor.batch.maxItems` enrollments.
   *
   * @returns one result for each request, in the same order. One bad item never fails the others.
   * @throws EnrollmentError only if nothing was created and it holds for every item: `unauthenticated` …
   */
  createBatch(
    requests: readonly EnrollmentRequest<Extras>[],
    options?: CreateOptions,
  ): Promise<readonly EnrollmentResult[]>;
}

/** Makes devices known to the vendor before they enroll. {@link importDevices} cuts any number into batches. */
export interface DeviceImport {
  /**
   * Imports at most `descriptor.importBatch.maxItems` devices.
   *
   * @returns one result for each device, in the same order.
   */
  importBatch(devices: readonly DeviceToImport[], options?: CallOptions): Promise<readonly ImportResult[]>;
}

/** Gets an enrollment again, with its secrets as far as the vendor still shows them. */
export interface EnrollmentRetrieval {
  /** @throws EnrollmentError `not-found` if there is none, or it is no longer live. */
  get(id: string, options?: CallOptions): Promise<Enrollment>;
}

export interface EnrollmentListing {
  /** Every live enrollment, without its secrets, page by page as it is consumed. */
  list(options?: CallOptions): AsyncIterable<EnrollmentSummary>;
}

export interface EnrollmentRevocation {
  /** Ends an enrollment; devices that came in by it stay. Succeeds if it is already gone. */
  revoke(id: string, options?: CallOptions): Promise<void>;
}

/**
 * What tracking needs to know of an enrollment; an {@link Enrollment} is one. `provider` says to a composite which of its
 * members made it; without it the members are asked one after the other.
 */
export type TrackedEnrollment = Pick<Enrollment, "id"> &
  Partial<Pick<Enrollment, "createdAt" | "expiresAt" | "provider">>;

export interface EnrollmentTracking {
  /**
   * Asks what became of enrollments.
   *
   * @returns one status for each, in the same order. One that the vendor does not know has the state `unknown`.
   */
  getStatuses(
    enrollments: readonly TrackedEnrollment[],
    options?: CallOptions,
  ): Promise<readonly EnrollmentStatus[]>;
}

/** A create that was sent and whose answer was lost. */
export interface LostAttempt<Extras = never> {
  /** The request, with its `key`. */
  readonly request: EnrollmentRequest<Extras>;
  /** The earliest instant at which it can have been sent. */
  readonly sentAt: IsoInstant;
  /** The name of the provider that it was sent to: of a composite, the member. Default: each that may have got it is asked. */
  readonly provider?: string | undefined;
}

/** What the vendor knows of a lost attempt. */
export type ReconciledAttempt =
  /** It happened. */
  | { readonly status: "created"; readonly enrollment: Enrollment }
  /** It did not happen: sending it again makes no second one. */
  | { readonly status: "absent" }
  /** The vendor cannot tell. */
  | {
      readonly status: "undecided";
      /** Why not, in one sentence. */
      readonly reason: string;
      /** What a person can look at to find out. */
      readonly checkByHand: string;
      /** The vendor was out of order, or busy: it may tell when it is asked again. */
      readonly askAgain?: true | undefined;
    };

export interface ReconcileOptions extends CallOptions {
  /**
   * Which of these enrollments, by id, are known to belong to somebody: recorded by another process on the same account.
   * It may wait for creates that are under way there. A vendor that keeps a mark of each request need not ask.
   */
  readonly recorded?: ((ids: readonly string[]) => Promise<ReadonlySet<string>>) | undefined;
}

/** After a lost answer: did it happen? */
export interface Reconciliation<Extras = never> {
  /** @returns one finding for each attempt, in the same order. */
  reconcile(
    attempts: readonly LostAttempt<Extras>[],
    options?: ReconcileOptions,
  ): Promise<readonly ReconciledAttempt[]>;
}

/** A set of devices that policies are aimed at. */
export interface DeviceGroup {
  readonly id: string;
  readonly name: string;
  /** Its names from the root down: `["All", "Berlin", "Phones"]`. */
  readonly path: readonly string[];
}

export interface DeviceGroupCatalog {
  list(options?: CallOptions): AsyncIterable<DeviceGroup>;
  /**
   * Finds the one group that a path such as `Berlin/Phones` names; it may start anywhere in the tree.
   *
   * @throws EnrollmentError `not-found` if there is none, `invalid-request` if several match; the message lists them.
   */
  resolve(path: string, options?: CallOptions): Promise<DeviceGroup>;
}

/** What holds for a device after it has enrolled. */
export interface Policy {
  readonly id: string;
  readonly name: string;
}

export interface PolicyCatalog {
  list(options?: CallOptions): AsyncIterable<Policy>;
  exists(id: string, options?: CallOptions): Promise<boolean>;
}

/** A person as the vendor keeps one. */
export interface VendorRecipient extends Recipient {
  readonly id: string;
  readonly email: string;
}

export interface RecipientDirectory {
  list(options?: CallOptions): AsyncIterable<VendorRecipient>;
  /** @returns undefined if the vendor has no one of this address; upper and lower case are the same. */
  find(email: string, options?: CallOptions): Promise<VendorRecipient | undefined>;
  /** Finds the person, or makes one. */
  ensure(recipient: Recipient & { readonly email: string }, options?: CallOptions): Promise<VendorRecipient>;
}

/** A file that a management tool rolls out: whoever has it can enroll. */
export interface DeploymentFile {
  /** A name to save it under; the vendor's tools may expect this very name. */
  readonly fileName: string;
  /** The content in base64, byte for byte as the vendor made it. */
  readonly content: Secret;
  readonly warnings: readonly EnrollmentWarning[];
  readonly requestIds: readonly string[];
}

/** What a deployment file is to do. */
export interface DeploymentFileRequest {
  /** A neutral name that the config maps to the vendor's group. */
  readonly profile?: string | undefined;
}

export interface DeploymentFiles {
  /** Makes a file for silent mass deployment by group policy or software distribution. */
  generate(request: DeploymentFileRequest, options?: CallOptions): Promise<DeploymentFile>;
}
