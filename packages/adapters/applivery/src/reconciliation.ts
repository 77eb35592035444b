import {
  EnrollmentError,
  instantMilliseconds,
  type CallOptions,
  type EnrollmentRequest,
  type LostAttempt,
  type ReconciledAttempt,
  type Reconciliation,
} from "@enrollkit/core";
import { fitsBulkCall, planBatch } from "./bulk-plan.js";
import type { Claims } from "./claims.js";
import type { AppliveryClient } from "./client.js";
import { mapConcurrently } from "./concurrency.js";
import { isCallTag, requestTag } from "./correlation.js";
import { toCreated } from "./mapping.js";
import type { People } from "./recipients.js";
import type { AppliveryExtras, ResolvedSettings } from "./settings.js";
import type { TokenRequest } from "./token-request.js";
import { clockTolerance, lookUntil, type Patience } from "./visibility.js";
import type { Token } from "./wire.js";

/** What reconciliation is made of. */
export interface ReconciliationParts {
  readonly client: AppliveryClient;
  readonly provider: string;
  readonly settings: ResolvedSettings;
  readonly patience: Patience;
  readonly people: People;
  readonly claims: Claims;
  readonly prepare: (request: EnrollmentRequest<AppliveryExtras>, onUnsupported: "warn") => TokenRequest;
}

/** An attempt with the tags that its token may carry. */
interface Sought {
  readonly request: TokenRequest;
  /** Milliseconds since the Unix epoch. */
  readonly sentAt: number;
  /** Tags that nothing else has. Empty if there is no key, or tags are switched off. */
  readonly tags: readonly string[];
}

/** From so many attempts on, the newest tokens of everybody are fewer calls than each owner's: a page has a hundred. */
const many = 8;
/** Before that, everybody's tokens may fill many pages. */
const recent = 3_600_000;

const undecided = (reason: string): ReconciledAttempt => ({
  status: "undecided",
  reason,
  checkByHand:
    "look at the person's enrollment tokens in Applivery's dashboard: newest first, with their tags",
});

/**
 * Finds out what became of lost creates: by the owner's tokens since then, and the tags on them.
 *
 * A single create carries a tag made of the request's key; all tokens of a bulk call share one made of all its keys,
 * which is made again here from the attempts that were lost together. If they come apart (after a crash, say), the
 * owner's one token from any bulk call since then is taken for it, and the result warns of that.
 */
export const createReconciliation = (parts: ReconciliationParts): Reconciliation<AppliveryExtras> => {
  const { client, provider, settings, patience, people, claims, prepare } = parts;

  const seekAll = (
    attempts: readonly LostAttempt<AppliveryExtras>[],
  ): readonly (Sought | ReconciledAttempt)[] => {
    const requests = attempts.map(({ request }) => {
      try {
        // A wish that was dropped is none that anything was sent with.
        return prepare(request, "warn");
      } catch (error) {
        if (!EnrollmentError.is(error)) throw error;
        return undecided(`the request no longer fits the settings: ${error.message}`);
      }
    });
    const callTags = new Map<number, string>();
    const planned = planBatch(requests.map((each) => ("status" in each ? undefined : each)));
    for (const { places, tag } of planned.calls) for (const place of places) callTags.set(place, tag);
    return attempts.map(({ sentAt }, place) => {
      const request = requests[place] as TokenRequest | ReconciledAttempt;
      if ("status" in request) return request;
      const { key } = request.request;
      const tags =
        key === undefined || !settings.correlationTag
          ? []
          : [requestTag(key), callTags.get(place)].filter((tag) => tag !== undefined);
      return { request, sentAt: instantMilliseconds(sentAt), tags };
    });
  };

  /** The tokens since an attempt, as far as clocks can be trusted. */
  const tokensSince = async (sentAt: number, owner: string | undefined, options?: CallOptions) => {
    // By id: while tokens are added, pages of the newest show some twice.
    const tokens = new Map<string, Token>();
    for await (const token of client.listTokens({ owner, order: "newest-first" }, options)) {
      if (instantMilliseconds(token.createdAt) < sentAt - clockTolerance) break;
      tokens.set(token.id, token);
    }
    return [...tokens.values()];
  };

  /** How to get the owner's tokens since an attempt, in as few calls as will do for all of them. */
  const tokensFor = async (attempts: readonly Sought[], options?: CallOptions) => {
    const earliest = Math.min(...attempts.map(({ sentAt }) => sentAt));
    if (attempts.length < many || earliest < patience.clock.now() - recent) {
      return async ({ request, sentAt }: Sought): Promise<readonly Token[]> => {
        const owner = await people.find(request.email, options);
        if (owner === undefined) return [];
        const tokens = await tokensSince(sentAt, owner.id, options);
        return tokens.filter(({ mdmUser }) => mdmUser == null || mdmUser.id === owner.id);
      };
    }
    const tokens = await tokensSince(earliest, undefined, options);
    return ({ request, sentAt }: Sought): readonly Token[] =>
      tokens.filter(
        ({ mdmUser, createdAt }) =>
          mdmUser?.email.toLowerCase() === request.email.toLowerCase() &&
          instantMilliseconds(createdAt) >= sentAt - clockTolerance,
      );
  };

  const created = ({ request, sentAt }: Sought, token: Token, warning?: string): ReconciledAttempt => {
    const enrollment = toCreated(token, provider, request, { sentAt, receivedAt: patience.clock.now() }, []);
    const warnings = warning === undefined ? [] : [{ code: "partial-view", message: warning } as const];
    return {
      status: "created",
      enrollment: { ...enrollment, warnings: [...enrollment.warnings, ...warnings] },
    };
  };

  const judge = (sought: Sought, tokens: readonly Token[]): ReconciledAttempt => {
    const { request, sentAt, tags } = sought;
    if (tokens.length === 0) return { status: "absent" };
    if (tags.length === 0)
      return undecided("without a correlation tag all the person's tokens look the same");

    const marked = tokens.filter((token) => token.tags?.some((tag) => tags.includes(tag)));
    // Tokens from before may be those of an earlier attempt with the same key.
    const since = marked.filter(({ createdAt }) => instantMilliseconds(createdAt) >= sentAt);
    const [only, ...others] = since.length === 1 ? since : marked;
    if (others.length > 0) return undecided(`the person has ${marked.length} tokens of this key`);
    if (only !== undefined) return created(sought, only);

    const { key } = request.request;
    const unclaimed = tokens.filter(({ tags }) => !claims.areOfOthers(tags ?? [], key));
    const fromCalls = fitsBulkCall(request) ? unclaimed.filter((token) => token.tags?.some(isCallTag)) : [];
    const [candidate] = fromCalls;
    if (candidate === undefined) return { status: "absent" };
    if (fromCalls.length > 1 || instantMilliseconds(candidate.createdAt) < sentAt) {
      return undecided("the person has a token of a bulk call that may be another one");
    }
    return created(
      sought,
      candidate,
      "taken for this request by its owner and time; the bulk call's tag names no single one",
    );
  };

  /** Two requests cannot have made one token. */
  const withoutSharedTokens = (findings: readonly ReconciledAttempt[]) => {
    const takers = new Map<string, number>();
    for (const finding of findings) {
      if (finding.status !== "created") continue;
      const { id } = finding.enrollment;
      takers.set(id, (takers.get(id) ?? 0) + 1);
    }
    return findings.map((finding) =>
      finding.status === "created" && (takers.get(finding.enrollment.id) ?? 0) > 1
        ? undecided("the person's only new token may have been made by any of several requests")
        : finding,
    );
  };

  return {
    async reconcile(attempts, options) {
      const sought = seekAll(attempts);
      const findings = sought.map((each): ReconciledAttempt =>
        "status" in each ? each : { status: "absent" },
      );
      const isOpen = ({ status }: ReconciledAttempt) => status === "absent";
      const look = async () => {
        const open = [...findings.keys()].filter((place) => isOpen(findings[place] as ReconciledAttempt));
        const at = (place: number) => sought[place] as Sought;
        const tokensOf = await tokensFor(open.map(at), options);
        await mapConcurrently(open, async (place) => {
          findings[place] = judge(at(place), await tokensOf(at(place)));
        });
      };
      // Absent means "send it again", so it is believed only once every new token must have shown up.
      await lookUntil(look, () => !findings.some(isOpen), patience, options);
      return withoutSharedTokens(findings);
    },
  };
};
