import type {
  CallOptions,
  Clock,
  EnrollmentErrorDetails,
  IsoDuration,
  ProviderRuntime,
  Secret,
} from "@enrollkit/core";
import type * as z from "zod";

/** A quota of the vendor. The client spaces its calls evenly within it; see {@link limiterFor}. */
export interface HttpQuota {
  /** How many calls the vendor allows … */
  readonly calls: number;
  /** … in how long a time: `PT1S`, `PT1M`. */
  readonly per: IsoDuration;
  /**
   * How many calls may start at once after a pause; they also make up for timers that fire late. Default: 1. However
   * large it is, no stretch of `per` sees more than `calls`.
   */
  readonly burst?: number;
  /**
   * How much longer than `per` the quota is taken to be, as a share of it: calls do not arrive quite as evenly as they
   * leave. Default: 0. What the answers tell of late arrivals is reckoned with besides.
   */
  readonly headroom?: number;
  /** What the vendor counts by: a user name, a project, a token. It is hashed before it is kept. */
  readonly credential: string;
}

/** Leave for one call. */
export interface Slot {
  /** The vendor has answered: by the time that took, a limiter may tell when the call arrived there. */
  answered(): void;
}

/** Spaces calls evenly. First come, first served. */
export interface RateLimiter {
  /**
   * Waits for a free slot and takes it. Rejects with the signal's reason if that comes first.
   *
   * @param patience - milliseconds. Default: no limit.
   * @returns undefined, and at once, when it is known that the slot comes later than `patience` allows: it is not taken.
   */
  acquire(signal?: AbortSignal, patience?: number): Promise<Slot | undefined>;
  /** How long a call that asks now waits for its slot, in milliseconds. */
  wait(): number;
  /**
   * The vendor has had enough: lets nobody through for a while, and then goes on more slowly until the trouble is over.
   */
  pause(milliseconds: number): void;
}

/** A quota as a limiter sees it. */
export interface LimitedQuota extends Omit<HttpQuota, "credential"> {
  /** Stands for the credential: its SHA-256 in base64. Limiters of one account share its quota. */
  readonly account: string;
}

/** A {@link ProviderRuntime} for providers that go through this package's client. */
export interface HttpRuntime extends ProviderRuntime {
  /**
   * Makes the limiter of a quota, in place of the one that knows of this process alone: for several processes or
   * machines that share one account. Called once for each account and quota.
   */
  readonly createLimiter?: (quota: LimitedQuota, clock: Clock) => RateLimiter;
}

/** An answer outside 2xx, as an adapter's error table reads it. */
export interface ErrorAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON; undefined if there is none, or if it is not JSON. */
  readonly body: unknown;
  /** The body as text, cut to 2 kB; empty if there is none. */
  readonly text: string;
}

/**
 * What an answer outside 2xx means. `message` and `vendorMessage` are redacted before they reach an error.
 *
 * `retryable: false` on a 408, 429 or 5xx says that trying again is no use: the client then gives up at once and
 * keeps `code` (a 408 or 5xx to a call with the effect `once` is `outcome-unknown` all the same).
 */
export type VendorError = { readonly message: string } & Pick<
  EnrollmentErrorDetails,
  "code" | "advice" | "vendorCode" | "vendorMessage" | "path" | "retryable"
>;

/**
 * A vendor's protocol for slow calls: it answers 202 with an id, and the same request with that id collects the
 * result. ESET Connect has one: https://help.eset.com/eset_connect/en-US/how_api_works.html
 */
export interface PendingResponsePolicy {
  /** The header that carries the id, in the 202 and in the repeated request: `response-id`. */
  readonly header: string;
  /** Milliseconds to wait before poll n, counted from 0. */
  readonly interval: (poll: number) => number;
  /** Milliseconds from the first 202 after which polling ends. */
  readonly deadline: number;
}

/** Where bearer tokens come from. */
export interface TokenSource {
  /** The token to send now. */
  getToken(options?: CallOptions): Promise<Secret>;
  /** Forgets a token that was refused. Returns whether another may be had. */
  invalidate(token: Secret): boolean;
}

/** Settings of {@link createHttpClient}. */
export interface HttpClientSettings {
  /** The provider's name in the config; every error and every `VendorCall` carries it. */
  readonly provider: string;
  /**
   * URLs whose scheme, host and port calls may go to: those that the provider's settings name, or else its vendor's own.
   * Anything else is refused before it is sent, wherever the URL came from. Default: all.
   */
  readonly origins?: readonly string[];
  /** Sends `Authorization: Bearer …`. A 401 invalidates the token, and is tried once more with another. */
  readonly authorization?: TokenSource;
  /** Shared by all clients that have the same `runtime` object and the same credential. Default: none. */
  readonly quota?: HttpQuota;
  /** Sent with each call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the vendor puts its request id. Default: `request-id`, `x-request-id`. */
  readonly requestIdHeaders?: readonly string[];
  /** The adapter's table for answers outside 2xx. */
  readonly toError: (answer: ErrorAnswer) => VendorError;
  /** Milliseconds without an answer. Default: 60,000. */
  readonly timeout?: number;
  /** Milliseconds for one `send` with all its retries and waits. Default: 300,000. */
  readonly deadline?: number;
  /** How often a call is tried in all, as long as trying again is safe. Default: 4. */
  readonly attempts?: number;
  /** The largest answer that is read, counted after decompression. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
  /** The vendor's protocol for slow calls. Default: none, a 202 is an answer like 200. */
  readonly pending?: PendingResponsePolicy;
  /** Clock, random, the hooks, the guard before each call, and the maker of limiters if you bring your own. */
  readonly runtime?: HttpRuntime;
}

/** One call to a vendor. */
export interface HttpCall<Schema extends z.ZodType = z.ZodType> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Absolute, without a query; a double slash in it stays, `.` and `..` in its path are refused. */
  readonly url: string;
  /** An array repeats its key; undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** The body, sent as JSON, each `Secret` in it revealed. It is serialized once: every try sends the same bytes. */
  readonly json?: unknown;
  /** The body, sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string | Secret>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Reads the body of a 2xx answer: parsed JSON, or undefined if there is no body. */
  readonly answer: Schema;
  /**
   * - `repeatable`: sending it twice does no more than sending it once
   * - `once`: it must not be sent again after the vendor may have received it
   */
  readonly effect: "repeatable" | "once";
}

/** A 2xx answer. */
export interface HttpAnswer<Body> {
  readonly body: Body;
  readonly status: number;
  /** Names in lower case; without `set-cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The vendor's ids of every try, oldest first. */
  readonly requestIds: readonly string[];
}

/** The client that every adapter calls its vendor with. */
export interface HttpClient {
  /**
   * Sends a call, and again where that is safe.
   *
   * | what happened | `repeatable` | `once` |
   * | --- | --- | --- |
   * | never reached the vendor | retried, then `unavailable` | the same |
   * | 429 | retried, then `rate-limited` | the same |
   * | connection lost, answer cut off | retried, then `unavailable` | `outcome-unknown` |
   * | no answer in time, 408, 504 | retried, then `timeout` | `outcome-unknown` |
   * | 500, 502, 503 | retried, then `unavailable` | `outcome-unknown` |
   * | other 5xx | `toError` decides | `outcome-unknown` |
   * | no HTTP; 2xx that is not what `answer` reads, too large, or unsafe to read | `protocol` | `outcome-unknown` |
   * | 3xx | `protocol`; never followed | the same |
   * | 401 | once more with another token, then `toError` decides | the same |
   * | other 4xx | `toError` decides | the same |
   *
   * Unsafe to read is: another content type than JSON or text, another charset than UTF-8, JSON nested more than 100
   * levels deep or with a million values, a name twice in one object, a field `__proto__`. An `outcome-unknown` has the
   * error that it would have been as its cause.
   *
   * A URL outside of `origins` is `invalid-request`. A wrong certificate, an unknown host name and a refusing proxy are
   * `unavailable` too, but not retried.
   *
   * @throws EnrollmentError as the table says. An aborted call rejects with the signal's reason, and one that
   *   `runtime.beforeSend` holds back with what that threw; both pass through untouched and are not retried.
   */
  send<Schema extends z.ZodType>(
    call: HttpCall<Schema>,
    options?: CallOptions,
  ): Promise<HttpAnswer<z.output<Schema>>>;
}
