import type { Clock } from "@enrollkit/core";

/** More subjects than that are not remembered: the oldest may be asked about once too often. */
const remembered = 1_000;

/**
 * Lets pages that ask again and again through to a vendor only now and then: one question about a subject at a time, and
 * after its answer none for a while. In between the last answer is given.
 */
export const createPace = (clock: Clock) => {
  const known = new Map<string, { readonly answer: Promise<readonly string[]>; until: number }>();

  return (
    subject: string,
    milliseconds: number,
    ask: () => Promise<readonly string[]>,
  ): Promise<readonly string[]> => {
    const last = known.get(subject);
    if (last !== undefined && clock.now() < last.until) return last.answer;
    const entry = { answer: ask(), until: Number.POSITIVE_INFINITY };
    known.delete(subject);
    known.set(subject, entry);
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size > remembered) known.delete(oldest);
    const finish = () => {
      entry.until = clock.now() + milliseconds;
    };
    entry.answer.then(finish, finish);
    return entry.answer;
  };
};
