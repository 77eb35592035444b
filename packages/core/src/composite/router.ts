import { EnrollmentError } from "../errors.js";
import { parseInput, formatPath } from "../invalid-request.js";
import { failureOf, missingResult, type EnrollmentResult } from "../outcome.js";
import type { EnrollmentProvider, Routing } from "../provider.js";
import { quote, shownName } from "../quote.js";
import { enrollmentRequestSchema, type EnrollmentRequest } from "../request.js";
import { compose } from "./compose.js";
import {
  comparedConditions,
  comparedFields,
  describeRule,
  wantedBy,
  type RoutingRule,
} from "./conditions.js";
import { findMembers } from "./find-members.js";
import { personNumber } from "./person.js";
import { sendInBatches } from "./send-in-batches.js";
import { everybody, findRuleProblems, shareInWords, sharesOf, type Share } from "./shares.js";

/** What a router is made of. */
export interface RouterOptions {
  /** Its name in the config. */
  readonly name: string;
  /** First match wins. */
  readonly rules: readonly RoutingRule[];
  /** Those that rules name; others are left out. */
  readonly providers: Iterable<EnrollmentProvider>;
}

interface ReadyRule {
  readonly member: EnrollmentProvider;
  readonly text: string;
  readonly share: Share;
  readonly fulfils: (request: EnrollmentRequest) => boolean;
}

const fulfilling = (rule: RoutingRule): ReadyRule["fulfils"] => {
  const tests = comparedConditions.flatMap((condition) => {
    const wanted = wantedBy(rule, condition);
    return wanted === undefined ? [] : [{ read: comparedFields[condition].read, wanted: new Set(wanted) }];
  });
  return (request) => tests.every(({ read, wanted }) => read(request).some((value) => wanted.has(value)));
};

const refuseProblems = (name: string, rules: readonly RoutingRule[]): void => {
  if (rules.length === 0) {
    throw new EnrollmentError(`router ${quote(name)}: rules is empty; it takes at least one`, {
      code: "invalid-config",
      path: "rules",
    });
  }
  const [problem] = findRuleProblems(rules);
  if (problem === undefined) return;
  const { rule, field, message } = problem;
  const path = formatPath(["rules", rule, ...(field === undefined ? [] : ["when", field])]);
  throw new EnrollmentError(`router ${quote(name)}: ${path} ${message}`, { code: "invalid-config", path });
};

/** More than a person reads. */
const listedRules = 10;

const noMatch = (name: string, rules: readonly RoutingRule[]): EnrollmentError => {
  const listed = rules
    .slice(0, listedRules)
    .map((rule) => `${describeRule(rule)} → ${shownName(rule.provider)}`);
  const rest = rules.length - listed.length;
  const fields = new Set(
    rules.flatMap((rule) =>
      comparedConditions
        .filter((condition) => wantedBy(rule, condition) !== undefined)
        .map((condition) => comparedFields[condition].field),
    ),
  );
  const [field] = fields;
  return new EnrollmentError(
    `no rule of ${quote(name)} takes the request; its rules: ${listed.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`,
    {
      code: "invalid-request",
      provider: name,
      ...(field !== undefined && fields.size === 1 && { path: field }),
      advice: `correct ${[...fields].join(" or ")} of the request, or add a last rule without conditions to the router`,
    },
  );
};

/** Cut off, never rounded up: it must not seem to lie beyond its share. */
const placeInWords = (person: number): string => (Math.floor(person * 100) / 100).toString();

/**
 * A provider that sends each request to the member that the first matching rule names. The rules are looked at in their
 * order, and nothing is sent before. Enrollments keep the member's name; errors and request ids are the member's own.
 *
 * ```ts
 * const devices = createRouter({
 *   name: "devices",
 *   providers: [phones, apple],
 *   rules: [{ when: { platform: ["ios", "macos"] }, provider: "apple" }, { provider: "phones" }],
 * });
 * ```
 *
 * @throws EnrollmentError `invalid-config` if a rule names a provider that is not there, or can never match.
 */
export const createRouter = ({ name, rules, providers }: RouterOptions): EnrollmentProvider => {
  refuseProblems(name, rules);
  const members = findMembers(
    name,
    rules.map(({ provider }, rule) => ({ provider, path: `rules[${rule}].provider` })),
    providers,
  );
  const shares = sharesOf(rules);
  const ready = rules.map((rule, at): ReadyRule => ({
    member: members.get(rule.provider) as EnrollmentProvider,
    text: describeRule(rule),
    share: shares[at] ?? everybody,
    fulfils: fulfilling(rule),
  }));

  const route = (request: EnrollmentRequest): Routing => {
    let person: number | undefined;
    for (const [rule, { member, text, share, fulfils }] of ready.entries()) {
      if (!fulfils(request)) continue;
      if (share === everybody) return { candidates: [member], rule, why: text };
      person ??= personNumber(request);
      if (person < share.from || person >= share.to) continue;
      const bounds = `${shareInWords(share.from)} to ${shareInWords(share.to)}`;
      return { candidates: [member], rule, why: `${text}: ${placeInWords(person)} is within ${bounds}` };
    }
    throw noMatch(name, rules);
  };

  const memberFor = (request: EnrollmentRequest): EnrollmentProvider => {
    parseInput(enrollmentRequestSchema, request, "invalid-request", name);
    return route(request).candidates[0];
  };

  return compose({
    name,
    vendor: "router",
    product: `the router ${quote(name)}`,
    createEnrollment: async (request, options) => memberFor(request).createEnrollment(request, options),
    createBatch: async (requests, options = {}) => {
      const results: EnrollmentResult[] = requests.map(() => missingResult(name));
      const placesOf = new Map<EnrollmentProvider, number[]>();
      for (const [at, request] of requests.entries()) {
        try {
          const member = memberFor(request);
          placesOf.set(member, [...(placesOf.get(member) ?? []), at]);
        } catch (error) {
          if (!EnrollmentError.is(error)) throw error;
          results[at] = failureOf(error);
        }
      }
      await Promise.all(
        [...placesOf].map(async ([member, places]) => {
          const sent = places.map((at) => requests[at] as EnrollmentRequest);
          for (const [at, result] of (await sendInBatches(member, sent, options)).entries()) {
            results[places[at] as number] = result;
          }
        }),
      );
      return results;
    },
    composition: {
      members: [...members.values()],
      rules: ready.map(({ text, member }) => ({ text, member })),
      route,
      over: (change) => createRouter({ name, rules, providers: [...members.values()].map(change) }),
    },
  });
};
