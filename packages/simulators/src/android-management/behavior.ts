/**
 * The points where the vendor's documentation is silent, or where its deployments differ. All are readable and
 * may be changed while the simulator runs; each request goes by what is set when it arrives.
 */
export interface AndroidManagementBehavior {
  /**
   * Whether requests over the quota are refused with 429. The limit itself is documented:
   * https://developers.google.com/android/management/permissible-usage
   * Default: true on the machine's clock; false when a clock is passed in, since a clock that stands still would
   * refuse every request after the first thousand until it is advanced.
   */
  enforceQuota: boolean;
  /** Adds `Retry-After` to a 429. Default: false, no page promises the header. */
  quotaRetryAfter: boolean;
  /**
   * Whether creating a token for a policy that does not exist is refused, and how.
   * Default: "accept", since no page says that the policy is looked up, and devices fall back by name too.
   */
  missingPolicy: "accept" | "invalid-argument" | "not-found";
  /** Whether `policyName` may be a policy id with no slash. Default: "accept", which the field's description allows. */
  barePolicyId: "accept" | "invalid-argument";
  /** Whether a one-time token that has enrolled its device is still read and listed. Default: "hidden": no longer active. */
  usedTokens: "hidden" | "visible";
  /**
   * What get and list show of a token: the five fields of the current reference, or only `name` and
   * `expirationTimestamp`, as deployments did until 2024. Default: "current".
   */
  tokenView: "current" | "name-and-expiration";
  /**
   * What create echoes of its input. Default: "inputs", as in published answers, which lack `duration`.
   * "nothing" leaves the four fields that every public client relies on.
   */
  createEcho: "inputs" | "inputs-and-duration" | "nothing";
  /** What deleting an expired token answers. Default: "not-found", as get does. */
  deleteOfExpiredToken: "not-found" | "success";
  /** What an enterprise id that never existed answers. Default: "forbidden", as for one that was deleted. */
  unknownEnterprise: "forbidden" | "not-found";
  /** How the 1024 characters of `additionalData` are counted. Default: "code-points". */
  additionalDataUnit: "code-points" | "utf-16-units";
  /**
   * How a device enrolls with a token that does not set `allowPersonalUsage`. Default: "by-ownership": a company's
   * device is fully managed, a personal one gets a work profile, which was so before the field existed.
   */
  unspecifiedPersonalUsage: "by-ownership" | "PERSONAL_USAGE_ALLOWED" | "PERSONAL_USAGE_DISALLOWED";
  /** Lists may return fewer items than asked for: "short" returns half. Default: "full". */
  pageFill: "full" | "short";
  /** Timestamps with nanoseconds, which RFC 3339 readers must survive. Default: "milliseconds". */
  timestampPrecision: "milliseconds" | "nanoseconds";
  /** Pub/Sub delivers at least once: "twice" repeats every message. Default: "once". */
  notificationDelivery: "once" | "twice";
  /** Seconds that an access token lives. Default: 3600. `expires_in` says one second less, as the vendor does. */
  accessTokenSeconds: number;
  /** Seconds by which the `iat` of an assertion may lie ahead of the clock. Default: 300; "reasonable" is all that is said. */
  assertionSkewSeconds: number;
}

export const defaultBehavior: Readonly<AndroidManagementBehavior> = {
  enforceQuota: true,
  quotaRetryAfter: false,
  missingPolicy: "accept",
  barePolicyId: "accept",
  usedTokens: "hidden",
  tokenView: "current",
  createEcho: "inputs",
  deleteOfExpiredToken: "not-found",
  unknownEnterprise: "forbidden",
  additionalDataUnit: "code-points",
  unspecifiedPersonalUsage: "by-ownership",
  pageFill: "full",
  timestampPrecision: "milliseconds",
  notificationDelivery: "once",
  accessTokenSeconds: 3600,
  assertionSkewSeconds: 300,
};
