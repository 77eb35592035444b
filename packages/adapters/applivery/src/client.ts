import {
  durationLength,
  EnrollmentError,
  type CallOptions,
  type Policy,
  type ProviderRuntime,
} from "@enrollkit/core";
import {
  createHttpClient,
  pages,
  redactText,
  staticToken,
  type HttpCall,
  type HttpClient,
} from "@enrollkit/http";
import * as z from "zod";
import { toVendorError } from "./errors.js";
import type { ResolvedSettings } from "./settings.js";
import {
  bulkCountsSchema,
  envelopeSchema,
  pageSchema,
  policySchema,
  tokenReferenceSchema,
  tokenSchema,
  userSchema,
  type BulkCounts,
  type Envelope,
  type Token,
  type User,
} from "./wire.js";

/** The body that the single and the bulk create share, without the owner. Never null: null is refused. */
export interface TokenBody {
  readonly sendEmail: boolean;
  readonly displayName?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Seconds. */
  readonly duration?: number | undefined;
  readonly language?: string | undefined;
  readonly emailText?: string | undefined;
  readonly policyId?: string | undefined;
  readonly admPolicyAssignments?: readonly object[] | undefined;
  readonly profiles?: readonly string[] | undefined;
  readonly applications?: readonly object[] | undefined;
  readonly admVppLocationId?: string | undefined;
  readonly segmentId?: number | undefined;
}

export interface TokenFilter {
  /** The owner's id. */
  readonly owner?: string | undefined;
  /** Oldest first gives pages that do not move while tokens are added. Default: newest first. */
  readonly order?: "oldest-first" | "newest-first";
  /** Default: without. */
  readonly deleted?: "with" | "without";
}

/** What the vendor answered, and its ids of the call. */
export interface Answer<Data> {
  readonly data: Data;
  readonly requestIds: readonly string[];
}

/** The authenticated client: one method for each endpoint that the adapter uses, and `http` for all others. */
export interface AppliveryClient {
  readonly http: HttpClient;
  /** The workspace's own URL: every path of the client lies below it. */
  readonly root: string;
  getOrganization(options?: CallOptions): Promise<Answer<unknown>>;
  /** Not idempotent. Answers with the whole token, or at least its id. */
  createToken(
    body: TokenBody & { readonly mdmUserId: string },
    options?: CallOptions,
  ): Promise<Answer<{ readonly id: string }>>;
  /** Not idempotent. Answers with counts alone, also if some or all addresses failed. */
  createTokens(
    body: TokenBody & { readonly userEmails: readonly string[] },
    options?: CallOptions,
  ): Promise<Answer<BulkCounts>>;
  listTokens(filter?: TokenFilter, options?: CallOptions): AsyncIterable<Token>;
  getToken(id: string, options?: CallOptions): Promise<Answer<Token>>;
  /** Marks it as deleted; a device that came in by it stays. */
  deleteToken(id: string, options?: CallOptions): Promise<void>;
  /** @param filter - whether `email` matches whole addresses only is not documented. */
  listUsers(filter?: { readonly email?: string }, options?: CallOptions): AsyncIterable<User>;
  /** May be repeated: a second user of one address is refused with 5048. */
  createUser(
    body: { readonly email: string; readonly name?: string | undefined },
    options?: CallOptions,
  ): Promise<Answer<User>>;
  listPolicies(options?: CallOptions): AsyncIterable<Policy>;
}

type Call = Pick<HttpCall, "method" | "query" | "json" | "effect">;

const tokensPath = "/mdm/apple/enterprise/enrollment-tokens";
const pageSize = 100;

export const createAppliveryClient = (
  { baseUrl, organization, token, timeout }: ResolvedSettings,
  provider: string,
  runtime?: ProviderRuntime,
): AppliveryClient => {
  const root = `${baseUrl}/organizations/${organization}`;
  const http = createHttpClient({
    provider,
    origins: [baseUrl],
    authorization: staticToken(token),
    // Documented: 10,000 an hour "with burst capacity"; how much of a burst is known from public clients alone.
    quota: {
      calls: 10_000,
      per: "PT1H",
      burst: 100,
      headroom: 0.005,
      credential: `${baseUrl} ${token.reveal()}`,
    },
    toError: toVendorError,
    timeout: durationLength(timeout),
    ...(runtime && { runtime }),
  });

  const send = async <Schema extends z.ZodType>(
    call: Call,
    path: string,
    data: Schema,
    options?: CallOptions,
  ): Promise<Answer<z.output<Schema>>> => {
    const answer = await http.send({ ...call, url: root + path, answer: envelopeSchema(data) }, options);
    const body = answer.body as Envelope<z.output<Schema>>;
    const { status: httpStatus, requestIds } = answer;
    if (body.status) return { data: body.data, requestIds };
    // A refusal that the envelope tells and the HTTP status does not.
    const requestId = requestIds.at(-1);
    const { message, vendorMessage, vendorCode, ...error } = toVendorError({ status: httpStatus, body });
    throw new EnrollmentError(message, {
      ...error,
      provider,
      httpStatus,
      ...(vendorCode !== undefined && {
        vendorCode: typeof vendorCode === "string" ? redactText(vendorCode, [token]) : vendorCode,
      }),
      ...(vendorMessage !== undefined && { vendorMessage: redactText(vendorMessage, [token]) }),
      ...(requestId !== undefined && { requestId }),
    });
  };

  const read = <Schema extends z.ZodType>(
    path: string,
    data: Schema,
    options?: CallOptions,
    query?: HttpCall["query"],
  ) => send({ method: "GET", effect: "repeatable", ...(query && { query }) }, path, data, options);

  const list = <Schema extends z.ZodType>(
    path: string,
    item: Schema,
    query: NonNullable<HttpCall["query"]>,
    options?: CallOptions,
  ) =>
    pages<z.output<Schema>, number>(async (page = 1) => {
      const { data } = await read(path, pageSchema(item), options, { ...query, page, limit: pageSize });
      const goesOn = data.hasNextPage === true && data.items.length > 0;
      return { items: data.items, next: goesOn ? (data.nextPage ?? page + 1) : undefined };
    });

  return {
    http,
    root,

    // Known from public clients alone: https://github.com/raulcnadal/applivery-soar (backend/src/modules/auth/rbac.service.ts)
    getOrganization: (options) => read("", z.unknown(), options),

    // https://docs.applivery.com/en/api/apple/apple-enrollment-tokens/post-organizations-organizationid-mdm-apple-enterprise-enrollment-tokens/
    createToken: (json, options) =>
      send({ method: "POST", json, effect: "once" }, tokensPath, tokenReferenceSchema, options),

    // https://docs.applivery.com/en/api/apple/apple-enrollment-tokens/post-organizations-organizationid-mdm-apple-enterprise-enrollment-tokens-bulk
    // The body that the page shows, {"type":"object","children":{…}}, is the dump of a validation schema: its children
    // are the fields, flat beside userEmails.
    createTokens: (json, options) =>
      send({ method: "POST", json, effect: "once" }, `${tokensPath}/bulk`, bulkCountsSchema, options),

    // https://docs.applivery.com/en/api/apple/apple-enrollment-tokens/get-organizations-organizationid-mdm-apple-enterprise-enrollment-tokens/
    listTokens: ({ owner, order = "newest-first", deleted = "without" } = {}, options) => {
      const sort = order === "newest-first" ? "createdAt:desc" : "createdAt:asc";
      const showDeleted = deleted === "with" ? true : undefined;
      return list(tokensPath, tokenSchema, { sort, "mdm-user": owner, "show-deleted": showDeleted }, options);
    },

    // https://docs.applivery.com/en/api/apple/apple-enrollment-tokens/get-organizations-organizationid-mdm-apple-enterprise-enrollment-tokens-admenrollmenttokenid
    getToken: (id, options) => read(`${tokensPath}/${encodeURIComponent(id)}`, tokenSchema, options),

    // Documented for the sibling without Google services alone; that Apple tokens can be deleted too shows in the list's show-deleted:
    // https://docs.applivery.com/en/api/aosp/android-non-gms-enrollment-tokens/delete-organizations-organizationid-mdm-aosp-enterprise-enrollment-tokens-aosenrollmenttokenid
    deleteToken: async (id, options) => {
      const path = `${tokensPath}/${encodeURIComponent(id)}`;
      await send({ method: "DELETE", effect: "repeatable" }, path, z.unknown().optional(), options);
    },

    // https://docs.applivery.com/en/api/uem/mdm-users/get-organizations-organizationid-mdm-users/
    listUsers: ({ email } = {}, options) =>
      list("/mdm/users", userSchema, { email, sort: "createdAt:asc" }, options),

    // https://docs.applivery.com/en/api/uem/mdm-users/post-organizations-organizationid-mdm-users
    createUser: (json, options) =>
      send({ method: "POST", json, effect: "repeatable" }, "/mdm/users", userSchema, options),

    // Known from public clients alone: https://github.com/raulcnadal/applivery-soar (backend/src/modules/devices/deviceCatalog.service.ts)
    listPolicies: (options) => list("/mdm/apple/enterprise/policies", policySchema, {}, options),
  };
};
