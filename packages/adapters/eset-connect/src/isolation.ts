import { EnrollmentError, type CallOptions } from "@enrollkit/core";
import { attempt } from "./errors.js";

/** Cuts a list into parts of at most this many. */
export const chunksOf = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );

/** Every second item, and the others: neighbours, which often share a group, come apart. */
export const halvesOf = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  [0, 1].map((parity) => items.filter((_, place) => place % 2 === parity));

/**
 * So many refusals by lack of rights, from all over the batch, and nothing granted: it is the account that lacks them,
 * not a device.
 */
const telling = 8;

/** Whether an atomic call was refused because of what it was about, so that a part of it may succeed. */
export const isAboutItems = ({ code, httpStatus }: EnrollmentError): boolean =>
  // A refused login also answers 400 or 403, and says nothing about devices.
  (httpStatus === 400 && code !== "unauthenticated") ||
  (httpStatus === 404 && code === "not-found") ||
  (httpStatus === 403 && code === "forbidden");

/** What to ask for: batches that nobody has asked for yet, or one that was refused as a whole. */
export type Work =
  { readonly batches: readonly (readonly string[])[] } | { readonly refused: readonly string[] };

/**
 * Makes an atomic call bearable: asks for each batch as a whole; where ESET refuses, for its halves, until those that
 * are to blame stand alone.
 *
 * @param ask - the atomic call. What its answer leaves out is missing in the result too.
 * @returns for each id the answer, or the error that its last call ended with.
 */
export const askInParts = async <Answer>(
  work: Work,
  ask: (ids: readonly string[]) => Promise<ReadonlyMap<string, Answer>>,
  options: CallOptions | undefined,
): Promise<Map<string, Answer | EnrollmentError>> => {
  const results = new Map<string, Answer | EnrollmentError>();
  let granted = 0;
  let denied = 0;
  let blamed = 0;

  /** With more than one culprit to two others, a half is hardly ever granted: asking one by one takes fewer calls. */
  const isCrowded = () => blamed >= telling && blamed * 2 > results.size - blamed;

  /** Asks for the parts of what was refused as a whole. If one is granted, the other is to blame, and is not asked whole. */
  const split = async (ids: readonly string[]): Promise<void> => {
    if (isCrowded()) {
      for (const id of ids) await askFor([id]);
      return;
    }
    const [one = [], other = []] = halvesOf(ids);
    const isGranted = await askFor(one);
    if (isGranted && other.length > 1) await split(other);
    else await askFor(other);
  };

  const askFor = async (ids: readonly string[]): Promise<boolean> => {
    if (ids.length === 0) return true;
    const answer = await attempt(() => ask(ids), options);
    if (!EnrollmentError.is(answer)) {
      granted += 1;
      for (const [id, value] of answer) results.set(id, value);
      return true;
    }
    const hopeless = answer.code === "forbidden" && granted === 0 && denied >= telling;
    if (ids.length > 1 && isAboutItems(answer) && !hopeless) {
      await split(ids);
      return false;
    }
    if (answer.code === "forbidden") denied += ids.length;
    blamed += ids.length;
    for (const id of ids) results.set(id, answer);
    return false;
  };

  if ("refused" in work) await split(work.refused);
  else for (const batch of work.batches) await askFor(batch);
  return results;
};
