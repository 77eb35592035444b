import type { AppliveryRole } from "./records.js";

/**
 * What the vendor's documentation leaves open, and what was chosen. Every member may be changed at any time; it holds
 * from the next request on. Slow and lost answers are not here: plan them with `failNext`, for example
 * `failNext({ kind: "reset", when: "after" }, { method: "POST", path: /\/bulk$/ })` for a bulk call that is carried
 * out but never answered.
 */
export interface AppliveryBehavior {
  /** `error.code` of a refused body, query or path id. Default: 0, for no page prints one. */
  validationErrorCode: number;
  /** `error.code` of a 429. Default: 0, for no page prints one. */
  throttledErrorCode: number;
  /** Status of a successful create. Default: 200, which the pages print; 201 is not ruled out. */
  createdStatus: 200 | 201;
  /** What a credential without the permission gets: 401 with 4001, or 403 with 4003. Default: "unauthorized". */
  missingPermission: "unauthorized" | "forbidden";
  /**
   * Permissions per role; a leading `*` stands for any text. Default: an admin may do everything, the others may
   * only read, since the pages give them nothing in device management by name.
   */
  rolePermissions: Record<AppliveryRole, readonly string[]>;
  /** What an unknown route answers: 404 with 3001, or 401 with 4001 as clients have seen. Default: "not-found". */
  unknownRoute: "not-found" | "unauthorized";
  /** Members of a body that no page lists. Default: "reject", as Joi does when left alone. */
  unknownKeys: "reject" | "strip";
  /** Whether `null` passes where the empty string does. Default: false; the pages show only the first allowed value. */
  acceptNull: boolean;
  /** `policyId` together with policy assignments. Default: "accept", as a live client sends both. */
  combinedPolicies: "accept" | "reject";

  /** Bulk: whether an address without a user gets one, or counts as a failure. Default: true. */
  createMissingUsers: boolean;
  /** Bulk: what is no e-mail address. Default: "count-as-fail", since the answer can say so. */
  invalidEmails: "count-as-fail" | "reject-call";
  /** Bulk: an address that comes again, in any letter case. Default: "create-each". */
  duplicateEmails: "create-each" | "create-once" | "count-as-fail";
  /** Bulk: a call for nobody. Default: "reject". */
  emptyBulk: "reject" | "accept";
  /** Bulk: more addresses than this are refused as a whole. Default: Infinity, for no page gives a number. */
  maxEmails: number;
  /** Bulk: addresses, in lower case, that count as failures for a reason the vendor keeps to itself. Default: none. */
  failEmails: Set<string>;
  /** Bulk: what happens to addresses beyond the organization's enrollment limit. Default: "count-as-fail". */
  bulkOverLimit: "count-as-fail" | "reject-call";

  /** How long reads do not show a new token, in milliseconds of the simulator's clock. Default: 0. */
  readLagMilliseconds: number;
  /** Update of a token that is no longer pending: 400 with 5120, or carried out. Default: "reject". */
  updateOfClosedToken: "reject" | "accept";
  /** Delete of a deleted token: 404 with 3001, or the token again. Default: "not-found". */
  deleteOfDeletedToken: "not-found" | "accept";
  /** Whether a deleted token can still be read by its id. Default: true, since `DELETED` is a state that pages list. */
  deletedTokenReadable: boolean;
  /** `type` and `subType` of a token: those of the unified list, or those printed on the token pages. Default: "unified". */
  tokenTypes: "unified" | "printed";
  /** Whether tokens in the unified devices list carry link and code. Default: true. */
  linksInDeviceList: boolean;
  /** Whether a device takes over its token's tags. Default: true. */
  deviceKeepsTags: boolean;

  /**
   * How a `tags` filter has to be spelled to be understood; all tags named must be there. Default: "any", which
   * takes `tags=a&tags=b`, `tags=a,b` and `tags[]=a`. A spelling that is not understood does not filter.
   */
  tagsFilter: "any" | "repeated" | "comma" | "brackets" | "ignored";
  /** How `email` on the users list compares, in any letter case. Default: "exact". */
  userEmailFilter: "exact" | "prefix";
  /** Largest `limit` of a list. Default: 10,000, seen on the unified devices list. */
  maximumPageSize: number;
  /** What a larger `limit` gets. Default: "reject". */
  pageSizeAboveMaximum: "reject" | "clamp";

  /** Whether 429s are given. Default: see the option `enforceQuota`. */
  enforceQuota: boolean;
  /** Default: 10,000, the number the vendor's platform overview gives. */
  requestsPerHour: number;
  /** Requests that may come at once. Default: 100, which live clients keep to; the vendor speaks of "burst capacity". */
  burst: number;
  /** What a 429 says in `Retry-After`. Default: 2. */
  retryAfterSeconds: number;
  /** Who shares the quota. Default: "credential". */
  quotaScope: "credential" | "organization";
}

export const defaultBehavior = (enforceQuota: boolean): AppliveryBehavior => ({
  validationErrorCode: 0,
  throttledErrorCode: 0,
  createdStatus: 200,
  missingPermission: "unauthorized",
  rolePermissions: { admin: ["*"], developer: ["*.list", "*.get"], viewer: ["*.list", "*.get"] },
  unknownRoute: "not-found",
  unknownKeys: "reject",
  acceptNull: false,
  combinedPolicies: "accept",
  createMissingUsers: true,
  invalidEmails: "count-as-fail",
  duplicateEmails: "create-each",
  emptyBulk: "reject",
  maxEmails: Infinity,
  failEmails: new Set(),
  bulkOverLimit: "count-as-fail",
  readLagMilliseconds: 0,
  updateOfClosedToken: "reject",
  deleteOfDeletedToken: "not-found",
  deletedTokenReadable: true,
  tokenTypes: "unified",
  linksInDeviceList: true,
  deviceKeepsTags: true,
  tagsFilter: "any",
  userEmailFilter: "exact",
  maximumPageSize: 10_000,
  pageSizeAboveMaximum: "reject",
  enforceQuota,
  requestsPerHour: 10_000,
  burst: 100,
  retryAfterSeconds: 2,
  quotaScope: "credential",
});
