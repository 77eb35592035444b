import {
  EnrollmentError,
  instantMilliseconds,
  toIsoInstant,
  type CallOptions,
  type Clock,
  type EnrollmentRequest,
  type IsoInstant,
  type LostAttempt,
  type ReconciledAttempt,
  type ReconcileOptions,
  type Reconciliation,
} from "@enrollkit/core";
import { abortable } from "./abortable.js";
import type { AndroidManagementClient } from "./client.js";
import { dueAt, type CreateJournal } from "./create-journal.js";
import { toEnrollment } from "./mapping.js";
import type { EnrollmentPlan } from "./plan.js";
import type { AndroidManagementExtras, ResolvedSettings } from "./settings.js";
import type { TokenView } from "./wire.js";

/** Google's clock and ours differ a little, and Google rounds. */
const tolerance = 60_000;

type Request = EnrollmentRequest<AndroidManagementExtras>;

interface LostCreate {
  readonly request: Request;
  readonly plan: EnrollmentPlan;
  readonly sentAt: number;
  /** Live tokens that nobody is known to have, and that it may have made. */
  readonly candidates: readonly StrayToken[];
}

type StrayToken = TokenView & { readonly expirationTimestamp: IsoInstant };

export interface ReconciliationParts {
  readonly client: AndroidManagementClient;
  readonly settings: ResolvedSettings;
  readonly journal: CreateJournal;
  readonly clock: Clock;
  /** Plans a request as it was planned at that time. */
  readonly planAt: (request: Request, now: number) => EnrollmentPlan;
}

const expiryOf = (token: StrayToken): number => instantMilliseconds(token.expirationTimestamp);

/** @param sent - the earliest and the latest moment at which Google can have made the token. */
const mayBe = (
  token: StrayToken,
  { usage, lifetime }: EnrollmentPlan,
  sent: { readonly from: number; readonly to: number },
): boolean => {
  const expiry = expiryOf(token);
  // A list of an older deployment does not show the usage, and Google may fill in one that was not stated.
  const shown = usage === "unstated" ? undefined : token.allowPersonalUsage;
  return (
    (shown === undefined || shown === usage) &&
    expiry >= dueAt(sent.from, lifetime) - tolerance &&
    expiry <= dueAt(sent.to, lifetime) + tolerance
  );
};

/**
 * After a lost answer Google cannot be asked "did it happen": a token shows neither a label nor its policy. What can
 * be seen is a live token that expires when the lost one would, that this provider did not hand out, and that nobody
 * else has recorded as theirs.
 */
export const createReconciliation = ({
  client,
  settings,
  journal,
  clock,
  planAt,
}: ReconciliationParts): Reconciliation<AndroidManagementExtras> => {
  const findStrays = async (options?: CallOptions): Promise<StrayToken[]> => {
    const live: StrayToken[] = [];
    for await (const token of client.enrollmentTokens.list(options)) {
      const { expirationTimestamp } = token;
      if (expirationTimestamp !== undefined) live.push({ ...token, expirationTimestamp });
    }
    // Some may belong to creates that are under way and have not come back yet.
    await journal.settled(options?.signal);
    return live.filter(({ name }) => journal.issued(name) === undefined);
  };

  const withoutRecorded = async (
    strays: readonly StrayToken[],
    { recorded, signal }: ReconcileOptions = {},
  ): Promise<readonly StrayToken[]> => {
    if (recorded === undefined || strays.length === 0) return strays;
    signal?.throwIfAborted();
    const known = await abortable(recorded(strays.map(({ name }) => name)), signal);
    return strays.filter(({ name }) => !known.has(name));
  };

  const absent = (
    { request, candidates }: LostCreate,
    { recorded }: ReconcileOptions = {},
  ): ReconciledAttempt => {
    // Who revokes too, and keeps the same record, can have found the token first and taken it for a stray.
    const mayBeRevokedElsewhere = settings.lostTokens === "revoke" && recorded !== undefined;
    if (candidates.length === 0 && journal.mustHaveMade(request.key) && !mayBeRevokedElsewhere) {
      return {
        status: "undecided",
        reason:
          "Google said that it made a token, in words that could not be read, and shows none that it could be",
        checkByHand: `look at the enrollment tokens of enterprises/${settings.enterprise} before sending it again`,
      };
    }
    journal.resolve(request.key);
    return { status: "absent" };
  };

  const report = ({ candidates }: LostCreate, because = ""): ReconciledAttempt => {
    const [first] = candidates;
    const one = candidates.length === 1;
    return {
      status: "undecided",
      reason:
        (one
          ? "1 live token that this provider did not hand out expires when the lost one would"
          : `${candidates.length} live tokens that this provider did not hand out expire when the lost one would`) +
        because,
      checkByHand:
        `look at ${one ? "it" : "them"} in enterprises/${settings.enterprise}, such as ${first?.name ?? ""}, expiring ` +
        `${first?.expirationTimestamp ?? ""}; delete what nobody uses, then send the request again. ` +
        "The setting lostTokens can do so by itself",
    };
  };

  const revoke = async (attempts: readonly LostCreate[], options?: CallOptions): Promise<void> => {
    const names = new Set(attempts.flatMap(({ candidates }) => candidates.map(({ name }) => name)));
    for (const name of names) {
      await client.enrollmentTokens.delete(name, options).catch((error: unknown) => {
        // Gone already, which is all that was wanted.
        if (!EnrollmentError.is(error) || error.code !== "not-found") throw error;
      });
    }
  };

  const adopt = async (
    attempt: LostCreate,
    attempts: readonly LostCreate[],
    options?: CallOptions,
  ): Promise<ReconciledAttempt> => {
    const { request, plan, candidates } = attempt;
    const [token, second] = candidates;
    if (token === undefined) return absent(attempt);
    const rivals = attempts.filter((other) => other.candidates.some(({ name }) => name === token.name));
    if (
      second !== undefined ||
      rivals.length > 1 ||
      journal.issued(token.name) !== undefined ||
      journal.mayBeLostElsewhere(request.key, expiryOf(token), tolerance)
    ) {
      return report(attempt, ", and which request it answers cannot be told");
    }
    // Google's own clock, by way of the expiry, tells when it was made.
    const madeAt = Math.max(attempt.sentAt, Math.min(expiryOf(token) - plan.lifetime, clock.now()));
    const { name: id, expirationTimestamp: expiresAt } = token;
    // Before the next call, so that no other look-up adopts it meanwhile.
    journal.handOut({ id, createdAt: toIsoInstant(madeAt), expiresAt, uses: plan.uses });
    try {
      const { body, requestIds } = await client.enrollmentTokens.get(id, options);
      if (body.value !== undefined && body.qrCode !== undefined) {
        const times = { sentAt: madeAt, receivedAt: madeAt };
        journal.resolve(request.key);
        return {
          status: "created",
          enrollment: toEnrollment(body, request, plan, settings, times, requestIds),
        };
      }
    } catch (error) {
      journal.takeBack(id);
      throw error;
    }
    journal.takeBack(id);
    return report(attempt, ", and Google does not show its secret again");
  };

  return {
    reconcile: async (lost: readonly LostAttempt<AndroidManagementExtras>[], options) => {
      if (lost.length === 0) return [];
      const planned = lost.map(({ request, sentAt }) => {
        const sent = instantMilliseconds(sentAt);
        const plan = planAt(request, sent);
        // A month from the day it was sent may be longer or shorter than one from the day it was asked for.
        const lifetime = journal.lostLifetime(request.key) ?? plan.lifetime;
        return { request, sentAt: sent, plan: { ...plan, lifetime } };
      });
      const strays = await findStrays(options);
      const now = clock.now();
      const couldBe = (token: StrayToken, { plan, sentAt }: (typeof planned)[number]) =>
        mayBe(token, plan, { from: sentAt, to: now });
      const suspects = strays.filter((token) => planned.some((each) => couldBe(token, each)));
      const unclaimed = await withoutRecorded(suspects, options);
      const attempts = planned.map((each): LostCreate => ({
        ...each,
        candidates: unclaimed.filter((token) => couldBe(token, each)),
      }));
      if (settings.lostTokens === "revoke") await revoke(attempts, options);
      const findings: ReconciledAttempt[] = [];
      for (const attempt of attempts) {
        if (attempt.candidates.length === 0 || settings.lostTokens === "revoke") {
          findings.push(absent(attempt, options));
        } else if (settings.lostTokens === "adopt") {
          findings.push(await adopt(attempt, attempts, options));
        } else {
          findings.push(report(attempt));
        }
      }
      return findings;
    },
  };
};
