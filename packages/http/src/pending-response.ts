import type { PendingResponsePolicy } from "./contract.js";
import type { RawAnswer } from "./node-adapter.js";

/** A call whose result the vendor keeps for us to collect. */
export interface PendingResponse {
  /** Sent with the next poll: the newest id of this call. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds to wait before the next poll. */
  readonly wait: number;
  readonly polls: number;
  /** When polling ends, by the same clock as `now`. */
  readonly until: number;
}

/**
 * What an answer says about a pending result: where to go on, or undefined if the answer is final.
 *
 * @param before - what was known until now; undefined on the first answer.
 * @param now - milliseconds, since whenever.
 */
export const nextPoll = (
  policy: PendingResponsePolicy | undefined,
  { status, headers }: RawAnswer,
  before: PendingResponse | undefined,
  now: number,
): PendingResponse | undefined => {
  if (policy === undefined || status !== 202) return undefined;
  const name = policy.header.toLowerCase();
  // Whether every 202 repeats the id is not documented: the newest one counts, and without one the id from before.
  const newest = headers[name] ?? "";
  const sent = newest === "" ? before?.headers : { [name]: newest };
  if (sent === undefined) return undefined;
  const polls = before === undefined ? 0 : before.polls + 1;
  const until = before?.until ?? now + policy.deadline;
  return { headers: sent, wait: policy.interval(polls), polls, until };
};
