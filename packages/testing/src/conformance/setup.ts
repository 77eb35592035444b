import type { Enrollment, EnrollmentProvider, EnrollmentRequest, ProviderDescriptor } from "@enrollkit/core";
import type { TestClock } from "../clock.js";
import type { FaultTarget, VendorFault } from "../faults.js";

/** What the suite needs of a test runner: vitest and node:test fit as they are. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: ((name: string, body: () => Promise<void> | void) => unknown) & {
    readonly skip: (name: string, body?: () => void) => unknown;
  };
}

/** A rule that an adapter is known to break. It still runs, and fails as soon as it is kept. */
export interface KnownDeviation {
  /** The rule's name: `revocation/idempotent`. */
  readonly rule: string;
  /** The URL of the issue that says why, and when it will end. */
  readonly issue: string;
}

/** What a fresh vendor and provider are started with. Hand it all on to both. */
export interface ConformanceStart {
  /** The time of the vendor and of the provider: one clock for both. */
  readonly clock: TestClock;
  /** For `runtime.random`: the same numbers in every run. */
  readonly random: () => number;
}

/** How the suite gets at an adapter and its vendor. */
export interface ConformanceSetup {
  /** The descriptor of the providers that {@link start} makes; it decides which rules apply. */
  readonly descriptor: ProviderDescriptor;
  /** Makes a fresh vendor and a fresh provider for it. Called once for each rule. */
  start(options: ConformanceStart): Promise<ConformanceVendor>;
  /** How many enrollments fill more than two pages of the vendor's listing. Default: 25. */
  readonly listingSize?: number;
  /** Whether its vendors have `stored`, which the rules about what reaches the vendor need. Default: false. */
  readonly showsStored?: boolean;
  readonly knownDeviations?: readonly KnownDeviation[];
}

/** One vendor, usually a simulator, with a provider for it. */
export interface ConformanceVendor {
  readonly provider: EnrollmentProvider;
  /**
   * A valid request with whatever this vendor requires and nothing else, so that the rules can add to it: two
   * different numbers give requests with nothing in common that must be unique. If it has to name a profile, one
   * that sets neither lifetime nor uses.
   */
  request(number: number): EnrollmentRequest;
  /**
   * A request that the descriptor allows and the vendor refuses, for rules about one bad item among good ones: a
   * device that does not exist, say. Leave it out if there is no such thing.
   */
  refusedRequest?(): EnrollmentRequest;
  /**
   * Set if a create has changed something at the vendor before the call that `create` faults strike, as an import
   * does before the link. If that call is refused for good, `outcome-unknown` is then as true as `rate-limited`.
   */
  readonly createsInSteps?: true;
  /** The same provider with credentials that the vendor does not know. */
  readonly withWrongCredentials: EnrollmentProvider;
  /** Plans a fault for the next calls that match. @param times - how many it strikes; default 1. */
  failNext(fault: VendorFault, target: FaultTarget, times?: number): void;
  /** Makes the vendor refuse calls beyond its quota. Leave it out if it does so anyway, or never. */
  enforceQuota?(): void;
  /** Calls that have reached the vendor so far, those for access tokens included. */
  callCount(): number;
  /** Moves the vendor's and the provider's clock: `clock.advance` if they share it. */
  advance(milliseconds: number): void;
  /**
   * A device enrolls with it.
   *
   * @returns the device's id at the vendor, if known. Rejects if the vendor refuses the device.
   */
  consume(enrollment: Enrollment): Promise<string | undefined>;
  /** How many live enrollments truly exist at the vendor now: not expired, not revoked, not used up. */
  liveCount(): number | Promise<number>;
  /** Everything that the vendor keeps of an enrollment, as text: JSON of its record. */
  stored?(enrollment: Enrollment): string;
  /** Adds one enrollment at the vendor behind the provider's back, if the vendor can list. */
  addElsewhere?(): Promise<void>;
  /** Secrets in the credentials, each a text that occurs nowhere else: none may ever be seen. */
  readonly plantedSecrets: readonly string[];
  /** Everything that the provider reported through `runtime.hooks`, as text. */
  log(): string;
  stop(): Promise<void>;
}
