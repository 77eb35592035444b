import type { FaultPlan } from "./plan.js";
import type { SeenCall } from "./seen-calls.js";
import { grouped } from "./vendor.js";

/** A repeatable call is tried four times in all. */
const attempts = 4;
/** The adapters give up on a call after five or ten minutes: a jump this long may make the next fault the last. */
const longestWait = 250;
/** More polls than this do not fit into the time for one call. */
const mostPolls = 9;

/** What a create left behind that was struck: `nothing-done` and `done` are both lost answers. */
export const lossOf = ({ isCreate, fault, status = 500 }: SeenCall): "none" | "nothing-done" | "done" => {
  if (!isCreate) return "none";
  switch (fault?.kind) {
    // An accepted call is carried out, whatever becomes of its polls.
    case undefined:
    case "delay":
    case "unknown-fields":
      return status === 202 || status >= 500 ? "done" : "none";
    case "status":
      if (fault.status < 500) return "none";
      return fault.when === "after" ? "done" : "nothing-done";
    case "reset":
      return fault.when === "after" ? "done" : "nothing-done";
    default:
      return "done";
  }
};

/** How many of its tries a call has used up by what struck it. */
const harmOf = ({ fault, isUnrenewable, status = 500 }: SeenCall): number => {
  switch (fault?.kind) {
    case undefined:
    case "delay":
    case "unknown-fields":
      return status >= 500 ? 1 : 0;
    case "reset":
      return 1;
    case "status":
      // A token that is refused is renewed once.
      if (fault.status === 401) return isUnrenewable ? attempts : attempts / 2;
      return fault.status >= 500 || fault.status === 429 ? 1 : attempts;
    default:
      return attempts;
  }
};

/** Whether the vendor's own answer came through: late, or with more in it than usual. */
const isUndisturbed = ({ fault }: SeenCall) =>
  fault === undefined || fault.kind === "delay" || fault.kind === "unknown-fields";

/** Whether a call may have failed for good, by all its tries, or those of several calls for the same. */
const mayHaveEnded = (tries: readonly SeenCall[]): boolean => {
  const polls = tries.filter(({ status }) => status === 202).length;
  // A poll whose result is gone is told by a 404, and believed the second time.
  const gone = polls > 0 ? tries.filter((call) => isUndisturbed(call) && call.status === 404).length : 0;
  const harm = tries.reduce((sum, each) => sum + harmOf(each), 0);
  return polls > mostPolls || gone >= 2 || harm + gone >= attempts;
};

const sameCall = ({ method, path, query, body }: SeenCall) => `${method} ${path}?${query.toString()} ${body}`;

/**
 * Whether one of these calls, which could be repeated, may have failed for good. An upper bound: calls for the same
 * are taken for tries of one.
 *
 * @param from - how many calls came before them.
 */
export const mayHaveFailed = (calls: readonly SeenCall[], { jumps, concurrency }: FaultPlan, from: number) =>
  [...grouped(calls.map((call) => [sameCall(call), call])).values()].some(mayHaveEnded) ||
  jumps.some(({ afterCall, seconds }) => seconds > longestWait && afterCall >= from - concurrency);

/** The place of the first call that is told so, and mentions one of these values. */
export const firstAbout = (
  calls: readonly SeenCall[],
  values: readonly string[],
  isMeant: (call: SeenCall) => boolean,
): number | undefined => {
  const quoted = values.map((value) => JSON.stringify(value));
  const place = calls.findIndex((call) => isMeant(call) && quoted.some((value) => call.body.includes(value)));
  return place < 0 ? undefined : place;
};

export const isLost = (call: SeenCall): boolean => lossOf(call) !== "none";
