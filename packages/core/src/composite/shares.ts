import { comparedConditions, describeRule, wantedBy, type RoutingRule } from "./conditions.js";

/** Whether every request that fulfils the compared conditions of the later rule fulfils those of the earlier one too. */
const covers = (earlier: RoutingRule, later: RoutingRule): boolean =>
  comparedConditions.every((condition) => {
    const wanted = wantedBy(earlier, condition);
    if (wanted === undefined) return true;
    const narrower = wantedBy(later, condition);
    return narrower?.every((value) => wanted.includes(value)) === true;
  });

/** Which persons a rule takes: those whose number is at least `from`, and below `to`. */
export interface Share {
  readonly from: number;
  readonly to: number;
}

/** A rule that has no share of the persons takes all whom the rules before it have left. */
export const everybody: Share = { from: 0, to: 100 };

/** Sums of shares such as 33.3 are not exact as numbers. */
const digits = 9;
const rounding = 10 ** -digits;

/** A share, or a sum of some, as a person would write it. */
export const shareInWords = (share: number): string => Number(share.toFixed(digits)).toString();

const takenBefore = (rules: readonly RoutingRule[], place: number): number =>
  rules
    .slice(0, place)
    .filter((earlier) => covers(earlier, rules[place] as RoutingRule))
    .reduce((sum, { when }) => sum + (when?.percentage ?? 100), 0);

/** The persons of each rule. The shares of rules that look at the same requests lie side by side. */
export const sharesOf = (rules: readonly RoutingRule[]): readonly Share[] =>
  rules.map(({ when }, place) => {
    if (when?.percentage === undefined) return everybody;
    const from = takenBefore(rules, place);
    return { from, to: from + when.percentage > 100 - rounding ? 100 : from + when.percentage };
  });

/** Something that is wrong with a rule. */
export interface RuleProblem {
  /** Which rule, from 0. */
  readonly rule: number;
  readonly field: "percentage" | undefined;
  /** What is wrong; reads on after the path. */
  readonly message: string;
}

/** Rules that can never match, because the rules before them leave nothing, and shares of more than there is. */
export const findRuleProblems = (rules: readonly RoutingRule[]): readonly RuleProblem[] =>
  rules.flatMap((rule, place): RuleProblem[] => {
    const before = takenBefore(rules, place);
    if (before >= 100 - rounding) {
      const first = rules.findIndex((earlier) => covers(earlier, rule));
      const taker = rules[first]?.when?.percentage === undefined ? `rules[${first}]` : "the rules before it";
      const message = `can never match: ${taker} takes all that it could (${describeRule(rule)})`;
      return [{ rule: place, field: undefined, message }];
    }
    const share = rule.when?.percentage;
    if (share === undefined || before + share <= 100 + rounding) return [];
    const message = `is ${share}, and the rules before it leave ${shareInWords(100 - before)} of a hundred persons`;
    return [{ rule: place, field: "percentage", message }];
  });
