import { systemClock, type Clock } from "../clock.js";
import type { CreateOptions } from "../call-options.js";
import { durationLength, type IsoDuration } from "../duration.js";
import type { EnrollmentWarning } from "../enrollment.js";
import { EnrollmentError, type EnrollmentErrorCode } from "../errors.js";
import { missingResult, type EnrollmentResult } from "../outcome.js";
import type { EnrollmentProvider } from "../provider.js";
import { quote, shownName } from "../quote.js";
import type { EnrollmentRequest } from "../request.js";
import { compose } from "./compose.js";
import { findMembers } from "./find-members.js";
import { sendInBatches } from "./send-in-batches.js";

/** How long a vendor that is rate-limited is waited for, where the config does not say. */
export const DEFAULT_PATIENCE: IsoDuration = "PT30S";

/** What a fallback is made of. */
export interface FallbackOptions {
  /** Its name in the config. */
  readonly name: string;
  /** The members' names, in the order in which they are tried; at least two. */
  readonly order: readonly string[];
  /** Those that `order` names; others are left out. */
  readonly providers: Iterable<EnrollmentProvider>;
  /**
   * How long, all in all, a request may wait for vendors that are rate-limited and say for how long. What is longer, or
   * not said, sends it on to the next. Default: {@link DEFAULT_PATIENCE}.
   */
  readonly patience?: IsoDuration | undefined;
  /** Default: the machine's clock. */
  readonly clock?: Clock | undefined;
}

/** After these nothing was done, and another vendor may do it. */
const passedOn: ReadonlySet<EnrollmentErrorCode> = new Set(["unavailable", "rate-limited", "quota-exceeded"]);

/** A vendor that is not the first choice may not be able to honour the request at all: nothing was sent. */
const refused: ReadonlySet<EnrollmentErrorCode> = new Set(["invalid-request", "unsupported"]);

/** A request on its way along the members. */
interface Journey {
  readonly place: number;
  readonly request: EnrollmentRequest;
  /** Why it was passed on, by those who did, oldest first. */
  readonly failures: { readonly member: string; readonly error: EnrollmentError }[];
}

const fellBack = ({ failures }: Journey, member: string): EnrollmentWarning => ({
  code: "fell-back",
  message: `${shownName(member)} made it, for ${failures
    .map((each) => `${shownName(each.member)} failed with ${each.error.code} (${each.error.message})`)
    .join(", and ")}`,
});

const refuseOrder = (name: string, order: readonly string[]): void => {
  const twice = order.find((each, place) => order.indexOf(each) < place);
  const problem =
    order.length < 2
      ? "names fewer than two providers; there must be one to fall back to"
      : twice === undefined
        ? undefined
        : `names ${quote(twice)} twice`;
  if (problem === undefined) return;
  throw new EnrollmentError(`fallback ${quote(name)}: providers ${problem}`, {
    code: "invalid-config",
    path: "providers",
  });
};

/**
 * A provider that sends each request to its first member, and on to the next only if nothing was done: the vendor is
 * `unavailable`, `rate-limited` for longer than `patience`, or out of quota. After a lost answer (`outcome-unknown`) it
 * never goes on, for there may be an enrollment already.
 *
 * An enrollment that another than the first choice made has the warning `fell-back`, and its maker's name. If nobody makes
 * it, the error is that of the last member that was asked and could have.
 *
 * @throws EnrollmentError `invalid-config` if `order` names fewer than two providers, one of them twice, or one that is not there.
 */
export const createFallback = (options: FallbackOptions): EnrollmentProvider => {
  const { name, order, providers, patience = DEFAULT_PATIENCE, clock = systemClock } = options;
  refuseOrder(name, order);
  const named = order.map((provider, place) => ({ provider, path: `providers[${place}]` }));
  const members = [...findMembers(name, named, providers).values()] as [
    EnrollmentProvider,
    ...EnrollmentProvider[],
  ];
  const longestWait = durationLength(patience);

  /** Milliseconds until the same member may be tried again; undefined if that is too long. */
  const waitFor = ({ code, retryAfter }: EnrollmentError, until: number): number | undefined => {
    if (code !== "rate-limited" || retryAfter === undefined) return undefined;
    const wait = durationLength(retryAfter);
    return clock.now() + wait <= until ? wait : undefined;
  };

  /** Sends requests to one member for as long as it asks for short waits. @returns those that are to go on. */
  const tryMember = async (
    member: EnrollmentProvider,
    journeys: readonly Journey[],
    results: EnrollmentResult[],
    { until, ...createOptions }: CreateOptions & { readonly until: number },
  ): Promise<readonly Journey[]> => {
    const onward: Journey[] = [];
    let sending = journeys;
    while (sending.length > 0) {
      const requests = sending.map(({ request }) => request);
      const sent = await sendInBatches(member, requests, createOptions);
      const again: Journey[] = [];
      let wait = 0;
      for (const [at, journey] of sending.entries()) {
        const result = sent[at] ?? missingResult(member.name);
        const isFirst = journey.failures.length === 0;
        if (result.status === "created") {
          const warnings = [...result.enrollment.warnings, fellBack(journey, member.name)];
          results[journey.place] = isFirst
            ? result
            : { status: "created", enrollment: { ...result.enrollment, warnings } };
          continue;
        }
        const { error } = result;
        const ownWait = waitFor(error, until);
        if (ownWait !== undefined) {
          again.push(journey);
          wait = Math.max(wait, ownWait);
          continue;
        }
        const isOutOfReach = !isFirst && refused.has(error.code);
        if (!isOutOfReach) results[journey.place] = result;
        if (!passedOn.has(error.code) && !isOutOfReach) continue;
        journey.failures.push({ member: member.name, error });
        onward.push(journey);
      }
      if (again.length > 0) await clock.sleep(wait, createOptions.signal);
      sending = again;
    }
    return onward;
  };

  const createAll = async (
    requests: readonly EnrollmentRequest[],
    createOptions: CreateOptions,
  ): Promise<readonly EnrollmentResult[]> => {
    const until = clock.now() + longestWait;
    const results: EnrollmentResult[] = requests.map(() => missingResult(name));
    let open: readonly Journey[] = requests.map((request, place) => ({ place, request, failures: [] }));
    for (const member of members) {
      if (open.length === 0) break;
      open = await tryMember(member, open, results, { ...createOptions, until });
    }
    return results;
  };

  return compose({
    name,
    vendor: "fallback",
    product: `the fallback ${quote(name)}`,
    createEnrollment: async (request, createOptions = {}) => {
      const [result = missingResult(name)] = await createAll([request], createOptions);
      if (result.status === "created") return result.enrollment;
      throw result.error;
    },
    createBatch: (requests, createOptions = {}) => createAll(requests, createOptions),
    composition: {
      members,
      route: () => ({ candidates: members, why: `first choice of ${order.map(shownName).join(", ")}` }),
      over: (change) => createFallback({ ...options, providers: members.map(change) }),
    },
  });
};
