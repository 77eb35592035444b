import * as z from "zod";
import {
  managementModes,
  platforms,
  type EnrollmentRequest,
  type ManagementMode,
  type Platform,
} from "../request.js";
import { shownName } from "../quote.js";

/** What a rule asks of a request: all of it. Of a list, any. */
export interface RoutingConditions {
  readonly platform?: Platform | readonly Platform[] | undefined;
  readonly management?: ManagementMode | readonly ManagementMode[] | undefined;
  readonly profile?: string | readonly string[] | undefined;
  readonly tenant?: string | readonly string[] | undefined;
  /** One of the request's tags. */
  readonly tag?: string | readonly string[] | undefined;
  /** What follows the @ of the recipient's address; upper and lower case are the same, a subdomain is another. */
  readonly recipientDomain?: string | readonly string[] | undefined;
  /**
   * So many of a hundred persons, of all who fulfil the other conditions; the same person is always on the same side. The
   * shares of rules with the same other conditions lie side by side: 20 and then 30 leave 50 to the next rule.
   */
  readonly percentage?: number | undefined;
}

/** Sends what fulfils its conditions to one provider. */
export interface RoutingRule {
  /** Default: whatever comes. */
  readonly when?: RoutingConditions | undefined;
  /** A provider's name. */
  readonly provider: string;
}

/** The conditions that compare a field with values. */
export type ComparedCondition = Exclude<keyof RoutingConditions, "percentage">;

type Readers = Readonly<
  Record<
    ComparedCondition,
    { readonly field: string; readonly read: (request: EnrollmentRequest<unknown>) => readonly string[] }
  >
>;

const present = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);

/** What each condition looks at. */
export const comparedFields: Readers = {
  platform: { field: "platform", read: ({ platform }) => present(platform) },
  management: { field: "management", read: ({ management }) => present(management) },
  profile: { field: "profile", read: ({ profile }) => present(profile) },
  tenant: { field: "tenant", read: ({ tenant }) => present(tenant) },
  tag: { field: "tags", read: ({ tags }) => tags ?? [] },
  recipientDomain: {
    field: "recipient.email",
    read: ({ recipient }) =>
      present(recipient?.email?.slice(recipient.email.lastIndexOf("@") + 1).toLowerCase()),
  },
};

export const comparedConditions = Object.keys(comparedFields) as ComparedCondition[];

/** The values of a condition as they are compared; undefined if the rule does not have it. */
export const wantedBy = (
  { when }: RoutingRule,
  condition: ComparedCondition,
): readonly string[] | undefined => {
  const wanted = when?.[condition];
  if (wanted === undefined) return undefined;
  const values = [wanted].flat() as readonly string[];
  return condition === "recipientDomain" ? values.map((value) => value.toLowerCase()) : values;
};

/** A rule in words, without where it leads: `platform ios or ipados; 20% of the persons`. */
export const describeRule = (rule: RoutingRule): string => {
  const compared = comparedConditions.flatMap((condition) => {
    const wanted = wantedBy(rule, condition);
    const name = condition === "recipientDomain" ? "recipient domain" : condition;
    return wanted === undefined ? [] : [`${name} ${wanted.map(shownName).join(" or ")}`];
  });
  const percentage = rule.when?.percentage;
  const parts = percentage === undefined ? compared : [...compared, `${percentage}% of the persons`];
  return parts.length === 0 ? "whatever comes" : parts.join("; ");
};

const text = z.string().min(1, "must not be empty").max(512, "must have at most 512 characters");
const oneOrMore = <Value extends z.ZodType<string>>(value: Value) =>
  z.union([value, z.array(value).min(1, "must name at least one").readonly()]);
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) => {
  const error = `must be one of: ${values.join(", ")}; or a list of these`;
  return z.union([z.enum(values), z.array(z.enum(values)).min(1).readonly()], { error });
};
const domain = text.regex(/^[^@\s]+$/, "must be a domain such as example.com, without an @");
const share = "must be a number above 0, and at most 100";

/** Reads a {@link RoutingRule} from untyped input, a config. */
export const routingRuleSchema = z.strictObject({
  when: z
    .strictObject({
      platform: oneOf(platforms).optional().meta({ description: "What runs on the device." }),
      management: oneOf(managementModes).optional().meta({ description: "How the device is to be managed." }),
      profile: oneOrMore(text).optional().meta({ description: "The request's profile." }),
      tenant: oneOrMore(text).optional().meta({ description: "The request's tenant." }),
      tag: oneOrMore(text).optional().meta({ description: "One of the request's tags." }),
      recipientDomain: oneOrMore(domain)
        .optional()
        .meta({ description: "What follows the @ of the recipient's address." }),
      percentage: z.number(share).positive(share).max(100, share).optional().meta({
        description:
          "So many of a hundred persons, of all who fulfil the other conditions. The same person is always on the same side.",
      }),
    })
    .optional()
    .meta({ description: "What the rule asks of a request: all of it. Default: whatever comes." }),
  provider: z.string().meta({ description: "The provider that gets it." }),
}) satisfies z.ZodType<RoutingRule>;
