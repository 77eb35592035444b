/** How the Fair Use Policy meets a burst: a first part at once, a next part at 2 calls a second, the rest refused. */
export interface FairUsePolicy {
  /** Calls of one burst that are served at once. */
  readonly servedAtOnce: number;
  /** Further calls that are answered 202 and get ready at 2 a second. Calls beyond are answered 503. */
  readonly servedSlowly: number;
}

/**
 * What the simulator does where ESET's documentation is silent, contradictory or leaves a choice. Every member may be
 * changed while the simulator runs and takes effect with the next request.
 */
export interface EsetConnectBehavior {
  /**
   * Whether the documented 10 calls a second are enforced. Default: true on the machine's clock; false when a `clock`
   * is given, because a clock that stands still would refuse the eleventh call for ever.
   * https://help.eset.com/eset_connect/en-US/rate_limits.html
   */
  enforceQuota: boolean;
  /**
   * What the 10 calls are counted for. ESET names credentials, account and source address; the simulator has one account.
   * Default: "credentials". The token endpoint is never counted: nothing says that it is.
   */
  quotaScope: "credentials" | "account";
  /** Whether collecting a pending result counts as a call. Default: true, the careful reading. */
  countPolls: boolean;
  /** Seconds sent as `Retry-After` with 429. Default: undefined, no such header, for none is declared. */
  retryAfterSeconds: number | undefined;
  /** The Fair Use Policy, on top of the quota. Default: "off", because ESET gives only examples of its numbers. */
  fairUse: FairUsePolicy | "off";

  /** Body of an error. Default: "empty", as seen in the field; "rpc-status" is what a gRPC gateway would send. */
  errorBodies: "empty" | "rpc-status";
  /**
   * Which calls an edge filter rejects with 403, HTML and no `request-id`. Default: "nothing". "token-calls" is the
   * unexplained 403 met on `/oauth/token`; "markup" rejects bodies that hold something like a tag.
   */
  edgeRejects: "nothing" | "token-calls" | "api-calls" | "everything" | "markup";
  /** Whether a call without a `3rd-integration` header is refused with 403. Default: "optional"; ESET announced the other. */
  integrationHeader: "optional" | "required";
  /** Members and query parameters that no page documents. Default: "refuse" with 400, so that a misspelling shows. */
  unknownFields: "refuse" | "ignore";
  /** Fields with no value in answers. Default: "empty" (`""`, `0`, `[]`, `null`); ESET does both. */
  unsetFields: "empty" | "absent";

  /** Lifetime of an access token, sent as `expires_in`. Default: 3600. */
  accessTokenSeconds: number;
  /** Lifetime of a refresh token. Not documented; refreshing fails after days in the field. Default: 3 days. */
  refreshTokenMilliseconds: number;
  /** Default: "rotate", the old one dies with its use; "reuse" leaves it alive; "refuse" fails every refresh. */
  refreshTokens: "rotate" | "reuse" | "refuse";
  /** `error` for a grant type that does not exist. Default: "unsupported_grant_type", as RFC 6749 has it. */
  unknownGrantError: "unsupported_grant_type" | "invalid_grant";
  /** Status for wrong credentials and dead refresh tokens. ESET says only "4xx"; 400 was seen. Default: 400. */
  tokenRefusalStatus: 400 | 401 | 403;

  /** `response-id` of a repeated 202: the same, a new one in its place, or none at all. Default: "same". */
  repeatedResponseId: "same" | "renewed" | "absent";
  /** Status when a `response-id` comes with another request than its own. Default: 404. */
  mismatchedResponseIdStatus: 404 | 400;
  /** Real milliseconds that a call is held before its 202; ESET holds it for up to 30 seconds. Default: 0. */
  holdMilliseconds: number;

  /** Enrollment status of an imported device. Both are documented. Default: "PENDING". */
  importedStatus: "PENDING" | "UNSPECIFIED";
  /** Order of the imported devices in the answer. Default: "shuffled", because none is promised. */
  importOrder: "shuffled" | "request";
  /** An import that names no group. Default: "lost-and-found"; "refuse" answers 400. */
  importWithoutGroup: "lost-and-found" | "refuse";
  /** Devices one import manages within its time; a larger one creates that many, then answers 504. Default: Infinity. */
  importCapacity: number;
  /** Status when an import or a move names a group that does not exist. Default: 404. */
  unknownGroupStatus: 404 | 403;
  /** Status when a `securityGroupUuid` does not exist. Default: 400. */
  unknownSecurityGroupStatus: 400 | 404;
  /** Status when `devices:batchGet` names a device that does not exist. Default: 404. */
  unknownBatchDeviceStatus: 404 | 400;
  /** Empty lists in batch calls. Default: "refuse" with 400, as `devices:batchGet` documents for itself. */
  emptyBatches: "refuse" | "accept";
  /** Whether `GET /v1/devices` ("managed devices") shows devices that never enrolled. Default: "shown". */
  placeholdersInDeviceList: "shown" | "hidden";
  /** How long an imported device is missing from group listings, which are eventually consistent. Default: 0. */
  groupListingLagMilliseconds: number;
  /** How long an enrolled device still reads as PENDING. Default: 0. */
  enrollmentLagMilliseconds: number;
  /** Lifetime of an enrollment link. No page gives it. Default: 7 days. */
  linkMilliseconds: number;
  /** Name of the field that `batchActivateProduct` answers with; ESET renamed it in place. Default: the newer one. */
  activationField: "activationTaskTriggerUuid" | "activationTaskUuid";
}

const day = 24 * 60 * 60 * 1000;

/** The defaults that {@link EsetConnectBehavior} documents. */
export const defaultBehavior = (enforceQuota: boolean): EsetConnectBehavior => ({
  enforceQuota,
  quotaScope: "credentials",
  countPolls: true,
  retryAfterSeconds: undefined,
  fairUse: "off",
  errorBodies: "empty",
  edgeRejects: "nothing",
  integrationHeader: "optional",
  unknownFields: "refuse",
  unsetFields: "empty",
  accessTokenSeconds: 3600,
  refreshTokenMilliseconds: 3 * day,
  refreshTokens: "rotate",
  unknownGrantError: "unsupported_grant_type",
  tokenRefusalStatus: 400,
  repeatedResponseId: "same",
  mismatchedResponseIdStatus: 404,
  holdMilliseconds: 0,
  importedStatus: "PENDING",
  importOrder: "shuffled",
  importWithoutGroup: "lost-and-found",
  importCapacity: Infinity,
  unknownGroupStatus: 404,
  unknownSecurityGroupStatus: 400,
  unknownBatchDeviceStatus: 404,
  emptyBatches: "refuse",
  placeholdersInDeviceList: "shown",
  groupListingLagMilliseconds: 0,
  enrollmentLagMilliseconds: 0,
  linkMilliseconds: 7 * day,
  activationField: "activationTaskTriggerUuid",
});
