import type { IsoDuration } from "../duration.js";
import type { EnrollmentErrorCode } from "../errors.js";

/** One try of a call to a vendor, as it sets out. Nothing in it is a secret or an e-mail address. */
export interface VendorRequest {
  /** The provider's name in the config. */
  readonly provider: string;
  readonly method: string;
  /** With the port, if the URL names one. */
  readonly host: string;
  /** The port that is called, also where it goes without saying. */
  readonly port: number;
  /** The path, without its query. Ids of the vendor's records are in it; e-mail addresses are `[redacted]`. */
  readonly path: string;
  /** 1 for the first try. */
  readonly attempt: number;
}

/**
 * Why a try brought no answer.
 *
 * - `unsent`: the vendor never got the request
 * - `lost`: it may have, and the connection ended before the answer was complete
 * - `timeout`: it may have, and said nothing for too long
 * - `oversized`: it answered more than is read
 * - `garbled`: it answered something that is not HTTP, or not compressed as it says
 * - `aborted`: the caller's signal ended the call
 * - `withheld`: {@link ProviderRuntime.beforeSend} let nothing leave
 */
export type VendorCallFailure =
  "unsent" | "lost" | "timeout" | "oversized" | "garbled" | "aborted" | "withheld";

/** One try of a call to a vendor, as it went. Nothing in it is a secret or an e-mail address. */
export interface VendorCall extends VendorRequest {
  /** Absent if no answer came. */
  readonly status?: number;
  /** Why no answer came; absent if one did. */
  readonly failure?: VendorCallFailure;
  /** Milliseconds. */
  readonly duration: number;
  /** The vendor's id of the call. */
  readonly requestId?: string;
}

/** A call will be tried again. What it says of the request is about the try that failed. */
export interface VendorRetry extends VendorRequest {
  /** Why. */
  readonly error: EnrollmentErrorCode;
  /** Milliseconds until the next try; a quota may add to them. */
  readonly wait: number;
}

/** The vendor has had enough: it answered 429. */
export interface VendorPause extends VendorRequest {
  /** Milliseconds. */
  readonly wait: number;
  /** The quota that is paused, for all who share it. Absent if none is kept: then only this call waits. */
  readonly quota?: { readonly calls: number; readonly per: IsoDuration };
}

/** Something that a provider was asked to do, and that may take several calls. */
export interface ProviderOperation {
  /** The provider's name in the config. */
  readonly provider: string;
  /** Its vendor, as a config names it. */
  readonly vendor: string;
  readonly operation: "create" | "create-batch" | "import-batch" | "reconcile";
  /** How many enrollments, devices or lost attempts it is about. */
  readonly size: number;
}

/** How many of an operation's items came out the same way. */
export interface OutcomeCount {
  /** `absent` and `undecided` come from a reconciliation; `aborted`: the caller's signal ended the operation. */
  readonly status: "created" | "failed" | "unknown" | "aborted" | "absent" | "undecided";
  /** The code of what failed, or is unknown. */
  readonly error?: EnrollmentErrorCode;
  readonly count: number;
}

/** What came of an operation. */
export interface OperationOutcome extends ProviderOperation {
  readonly outcomes: readonly OutcomeCount[];
  /** Milliseconds. */
  readonly duration: number;
}

/** The items of a bulk run that have been read, and have no outcome yet. */
export interface QueueChange {
  readonly provider: string;
  readonly vendor: string;
  /** By how many they have grown; below zero if they have become fewer. The changes of a run sum up to zero. */
  readonly change: number;
  /** How many there are now, in this run. */
  readonly depth: number;
}

/**
 * Hears of what providers do: of every call, every retry and every outcome. All hooks are optional, and cost nothing
 * where they are absent.
 *
 * A hook changes nothing: what it returns is ignored, and if it throws or rejects, Node emits a warning
 * (`process.emitWarning`) and all goes on. It is not waited for.
 */
export interface LifecycleHooks {
  /** A try of a call sets out: its access token and its slot in the quota are there. Token fetches are calls, too. */
  readonly onRequest?: (request: VendorRequest) => void;
  /** It has ended, one way or the other. `request` is the very object that `onRequest` was handed. */
  readonly onResponse?: (call: VendorCall, request: VendorRequest) => void;
  /** It will be tried again. */
  readonly onRetry?: (retry: VendorRetry) => void;
  /** The vendor answered 429. */
  readonly onPause?: (pause: VendorPause) => void;
  /** A provider is done with what it was asked for. */
  readonly onOutcome?: (outcome: OperationOutcome) => void;
  /** A bulk run has read more, or has more outcomes. */
  readonly onQueue?: (change: QueueChange) => void;
  /**
   * Stands around an operation, and so around all of its calls. Whatever is to hold for them, such as the active context
   * of a tracer, holds if `run` is called within it, before `around` returns.
   *
   * @param run - starts the operation; once, however often it is called, and anyway if it is not called. The promise
   *   never rejects.
   * @returns whatever it likes: it is ignored.
   */
  readonly around?: (operation: ProviderOperation, run: () => Promise<OperationOutcome>) => unknown;
}
