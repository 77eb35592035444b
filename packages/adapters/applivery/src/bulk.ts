import {
  EnrollmentError,
  failureOf,
  instantMilliseconds,
  type BulkEnrollment,
  type CreateOptions,
  type Enrollment,
  type EnrollmentRequest,
  type EnrollmentResult,
} from "@enrollkit/core";
import { planBatch, type BulkCall } from "./bulk-plan.js";
import type { Claims } from "./claims.js";
import type { AppliveryClient } from "./client.js";
import { mapConcurrently } from "./concurrency.js";
import { toCreated } from "./mapping.js";
import type { AppliveryExtras, ResolvedSettings } from "./settings.js";
import { withTag, type TokenRequest } from "./token-request.js";
import { clockTolerance, lookUntil, type Patience } from "./visibility.js";
import type { BulkCounts, Token } from "./wire.js";

/** What the bulk role is made of. */
export interface BulkParts {
  readonly client: AppliveryClient;
  readonly provider: string;
  readonly settings: ResolvedSettings;
  readonly patience: Patience;
  readonly claims: Claims;
  readonly prepare: (
    request: EnrollmentRequest<AppliveryExtras>,
    onUnsupported?: CreateOptions["onUnsupported"],
  ) => TokenRequest;
  readonly createOne: (request: TokenRequest, options?: CreateOptions) => Promise<Enrollment>;
}

/** The failure that an error is; an abort is none and goes on. */
const toFailure = (error: unknown): EnrollmentResult => {
  if (EnrollmentError.is(error)) return failureOf(error);
  throw error;
};

/**
 * Creates batches: by the vendor's bulk call where it can carry the requests, else one by one.
 *
 * The bulk call answers with counts alone, so its tokens carry a tag of their own, and are read back: the owner's
 * address says which request a token answers. Counts that the tokens do not bear out leave the rest `unknown`.
 */
export const createBulk = (parts: BulkParts): BulkEnrollment<AppliveryExtras> => {
  const { client, provider, settings, patience, claims, prepare, createOne } = parts;
  const { clock } = patience;

  const prepareAll = (requests: readonly EnrollmentRequest<AppliveryExtras>[], options?: CreateOptions) =>
    requests.map((request): TokenRequest | EnrollmentResult => {
      try {
        return prepare(request, options?.onUnsupported);
      } catch (error) {
        return toFailure(error);
      }
    });

  const createSingly = (request: TokenRequest, options?: CreateOptions): Promise<EnrollmentResult> =>
    createOne(request, options).then((enrollment) => ({ status: "created", enrollment }), toFailure);

  /** The newest token of each owner that carries the tag. Ends behind the expected number of them. */
  const readBack = async (tag: string, expected: number, sentAt: number, options?: CreateOptions) => {
    const byOwner = new Map<string, Token>();
    for await (const token of client.listTokens({ order: "newest-first" }, options)) {
      if (instantMilliseconds(token.createdAt) < sentAt - clockTolerance) break;
      const owner = token.mdmUser?.email.toLowerCase();
      const isOurs = owner !== undefined && token.tags?.includes(tag) === true;
      if (isOurs && !byOwner.has(owner)) byOwner.set(owner, token);
      if (!isOurs && byOwner.size >= expected) break;
    }
    return byOwner;
  };

  const lost = (message: string, cause?: unknown) =>
    failureOf(
      new EnrollmentError(message, {
        code: "outcome-unknown",
        provider,
        advice: "look for the person's token in Applivery's dashboard before sending it again",
        ...(cause !== undefined && { cause }),
      }),
    );

  const countedAsFailed = (request: TokenRequest, options?: CreateOptions): Promise<EnrollmentResult> => {
    if (settings.bulkFailures === "create-singly") return createSingly(request, options);
    const error = new EnrollmentError(
      "Applivery counted it among the failures of the bulk call, with no reason",
      {
        code: "unknown",
        provider,
        advice:
          'the person may not be an MDM user yet: set bulkFailures to "create-singly", which makes one and names reasons',
      },
    );
    return Promise.resolve(failureOf(error));
  };

  /** Sends one bulk call and finds out what became of each request. */
  const callInBulk = async (
    { tag }: BulkCall,
    requests: readonly TokenRequest[],
    options?: CreateOptions,
  ): Promise<readonly EnrollmentResult[]> => {
    const [first] = requests;
    if (first === undefined) return [];
    const sentAt = clock.now();
    // Before it is sent: its tokens may be there before its answer is.
    claims.claim(
      tag,
      requests.map(({ request }) => request.key),
    );
    const userEmails = requests.map(({ email }) => email);
    let counts: BulkCounts;
    let requestIds: readonly string[];
    try {
      ({ data: counts, requestIds } = await client.createTokens(
        { ...withTag(first.body, tag), userEmails },
        options,
      ));
    } catch (error) {
      const failure = toFailure(error);
      return requests.map(() => failure);
    }
    const receivedAt = clock.now();

    let tokens: ReadonlyMap<string, Token>;
    try {
      const look = () => readBack(tag, counts.success, sentAt, options);
      tokens = await lookUntil(look, ({ size }) => size >= counts.success, patience, options);
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      const failure = lost("the bulk call went through, and its tokens could not be read back", error);
      return requests.map(() => failure);
    }

    const found = requests.map(({ email }) => tokens.get(email.toLowerCase()));
    const foundCount = found.filter((token) => token !== undefined).length;
    const agreed = counts.success === foundCount && counts.fail === requests.length - foundCount;
    return mapConcurrently(requests, async (request, place): Promise<EnrollmentResult> => {
      const token = found[place];
      // More tokens than successes: some are of an earlier call with the same keys, and nothing says which.
      if (token !== undefined && foundCount <= counts.success) {
        const times = { sentAt, receivedAt };
        return { status: "created", enrollment: toCreated(token, provider, request, times, requestIds) };
      }
      if (agreed) return countedAsFailed(request, options);
      return lost(
        `Applivery counted ${counts.success} successes and ${counts.fail} failures for ${requests.length} addresses, and shows ${foundCount} tokens`,
      );
    });
  };

  return {
    async createBatch(requests, options) {
      const prepared = prepareAll(requests, options);
      const batch = prepared.map((each) => ("status" in each ? undefined : each));
      const results = prepared.map((each) => ("status" in each ? each : undefined));
      const { calls, singles } = settings.correlationTag
        ? planBatch(batch)
        : { calls: [], singles: [...batch.keys()].filter((place) => batch[place] !== undefined) };
      const at = (place: number) => batch[place] as TokenRequest;

      for (const call of calls) {
        const outcomes = await callInBulk(call, call.places.map(at), options);
        for (const [index, place] of call.places.entries()) results[place] = outcomes[index];
      }
      await mapConcurrently(singles, async (place) => {
        results[place] = await createSingly(at(place), options);
      });
      return results as readonly EnrollmentResult[];
    },
  };
};
