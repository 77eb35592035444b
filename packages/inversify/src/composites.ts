import {
  createFallback,
  createRouter,
  durationLength,
  findRuleProblems,
  DEFAULT_PATIENCE,
  quote,
  routingRuleSchema,
  type EnrollmentProvider,
  type IsoDuration,
  type ProviderRuntime,
} from "@enrollkit/core";
import * as z from "zod";
import type { ConfigProblem } from "./problems.js";

/** Where settings name another provider. */
export interface MemberReference {
  readonly name: string;
  /** From the settings on. */
  readonly path: readonly PropertyKey[];
}

/** A provider of a config that consists of others: a vendor that is none. */
export interface CompositeKind<Settings = unknown> {
  /** The word in the config. */
  readonly vendor: string;
  readonly title: string;
  readonly settings: z.ZodType<Settings>;
  membersOf(settings: Settings): readonly MemberReference[];
  /** What a schema cannot say; paths begin at the settings. */
  problemsOf(settings: Settings): readonly ConfigProblem[];
  create(
    name: string,
    settings: Settings,
    members: readonly EnrollmentProvider[],
    runtime: ProviderRuntime,
  ): EnrollmentProvider;
}

const isDuration = (text: string): boolean => {
  try {
    return durationLength(text as IsoDuration) >= 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

const routerSettings = z.strictObject({
  rules: z
    .array(routingRuleSchema)
    .min(1, "must hold at least one rule")
    .meta({ description: "Which provider a request goes to; the first rule that matches wins." }),
});

const fallbackSettings = z.strictObject({
  providers: z
    .array(z.string())
    .min(2, "must name at least two providers")
    .meta({ description: "The providers in the order in which they are tried." }),
  patience: z
    .string()
    .refine(isDuration, "must be a duration without months or years, such as PT30S")
    .optional()
    .meta({
      description: `How long a request may wait for vendors that are rate-limited. Default: ${DEFAULT_PATIENCE}.`,
    }),
});

const router: CompositeKind<z.output<typeof routerSettings>> = {
  vendor: "router",
  title: "Router: sends each request to one of other providers",
  settings: routerSettings,
  membersOf: ({ rules }) =>
    rules.map(({ provider }, rule) => ({ name: provider, path: ["rules", rule, "provider"] })),
  problemsOf: ({ rules }) =>
    findRuleProblems(rules).map(({ rule, field, message }) => ({
      path: ["rules", rule, ...(field === undefined ? [] : ["when", field])],
      message,
    })),
  create: (name, { rules }, providers) => createRouter({ name, rules, providers }),
};

const fallback: CompositeKind<z.output<typeof fallbackSettings>> = {
  vendor: "fallback",
  title: "Fallback: goes on to the next provider when nothing was done",
  settings: fallbackSettings,
  membersOf: ({ providers }) => providers.map((name, place) => ({ name, path: ["providers", place] })),
  problemsOf: ({ providers }) =>
    providers.flatMap((name, place) =>
      providers.indexOf(name) < place
        ? [{ path: ["providers", place], message: `${quote(name)} is named twice` }]
        : [],
    ),
  create: (name, { providers: order, patience }, providers, { clock }) =>
    createFallback({ name, order, providers, patience: patience as IsoDuration | undefined, clock }),
};

/** Every kind that a config can name. */
export const compositeKinds = [router, fallback] as readonly CompositeKind[];

/** A composite of a config, by its name and the members that its settings name. */
export interface NamedComposite {
  readonly name: string;
  readonly members: readonly MemberReference[];
}

/** The way from one name over members back to itself, if there is one. */
const wayBack = (
  name: string,
  from: string,
  composites: ReadonlyMap<string, NamedComposite>,
  seen: readonly string[] = [],
): readonly string[] | undefined => {
  if (from === name) return [...seen, from];
  if (seen.includes(from)) return undefined;
  for (const member of composites.get(from)?.members ?? []) {
    const way = wayBack(name, member.name, composites, [...seen, from]);
    if (way !== undefined) return way;
  }
  return undefined;
};

/** Members through which a composite would call itself. */
export const findCycles = (composites: readonly NamedComposite[]): readonly ConfigProblem[] => {
  const byName = new Map(composites.map((composite) => [composite.name, composite]));
  return composites.flatMap(({ name, members }) =>
    members.flatMap((member): ConfigProblem[] => {
      const way = wayBack(name, member.name, byName);
      if (way === undefined) return [];
      const path = ["providers", name, ...member.path];
      return [{ path, message: `leads back to itself: ${[name, ...way].join(" → ")}` }];
    }),
  );
};
