import type { FaultPlan, PlannedFault, PlannedSlowAnswer, StruckCalls } from "./plan.js";

/** A repeatable call is tried four times in all. */
const attempts = 4;
/** The adapters give up on a call after five or ten minutes: a jump this long may make the next fault the last. */
const longestWait = 250;
/** More polls than this do not fit into the time for one call. */
const mostPolls = 9;

/** What a create that a fault strikes leaves behind: `nothing-done` and `done` are both lost answers. */
type Loss = "none" | "nothing-done" | "done";

const lossOf = ({ fault }: PlannedFault): Loss => {
  switch (fault.kind) {
    case "status":
      if (fault.status < 500) return "none";
      return fault.when === "after" ? "done" : "nothing-done";
    case "reset":
      return fault.when === "after" ? "done" : "nothing-done";
    case "delay":
    case "unknown-fields":
      return "none";
    default:
      return "done";
  }
};

const totalOf = (planned: readonly { readonly times: number }[]) =>
  planned.reduce((sum, { times }) => sum + times, 0);

/** How many creates of a plan may lose their answer. An upper bound: a fault may find no call to strike. */
export const lossesOf = ({ faults, slowAnswers }: FaultPlan) => {
  const onCreate = faults.filter(({ calls }) => calls === "create" || calls === "any");
  const lost = (loss: Loss) => totalOf(onCreate.filter((planned) => lossOf(planned) === loss));
  // An accepted call is carried out, whatever becomes of its polls.
  const accepted = totalOf(slowAnswers.filter(({ calls }) => calls !== "read"));
  const [nothingDone, done] = [lost("nothing-done"), lost("done") + accepted];
  return { nothingDone, done, all: nothingDone + done };
};

const isHarmless = ({ fault }: PlannedFault) => fault.kind === "delay" || fault.kind === "unknown-fields";

/** Whether one strike ends a call that could be repeated. */
const isFinal = ({ fault }: PlannedFault): boolean =>
  ["body", "truncate", "oversize"].includes(fault.kind) ||
  (fault.kind === "status" && fault.status < 500 && fault.status !== 429);

const neverComes = ({ polls, ending }: PlannedSlowAnswer) => ending !== "result" || polls > mostPolls;

/**
 * Whether the vendor may be impossible to ask: a call of these kinds, which could be repeated, may fail for good.
 * An upper bound, as the plan says what may be struck, and not what will be.
 */
export const mayFailForGood = (
  { faults, slowAnswers, jumps }: FaultPlan,
  kinds: readonly StruckCalls[],
): boolean => {
  const harmful = faults.filter((planned) => kinds.includes(planned.calls) && !isHarmless(planned));
  const slow = slowAnswers.filter(({ calls }) => kinds.includes(calls));
  return (
    harmful.some(isFinal) ||
    slow.some(neverComes) ||
    totalOf(harmful) + totalOf(slow) >= attempts ||
    jumps.some(({ seconds }) => seconds > longestWait)
  );
};
