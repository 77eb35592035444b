import { EnrollmentError } from "@enrollkit/core";

/** One page of a list. */
export interface Page<Item, Cursor> {
  readonly items: readonly Item[];
  /** Where the next page starts; absent, or empty text, on the last one. */
  readonly next?: Cursor | undefined;
}

/**
 * The items of a list that comes in pages. A page is fetched when its first item is wanted, and not before.
 *
 * @param fetchPage - gets undefined for the first page, then each page's `next`.
 * @throws EnrollmentError `protocol` if a cursor comes a second time: the list would never end.
 */
export const pages = async function* <Item, Cursor>(
  fetchPage: (cursor: Cursor | undefined) => Promise<Page<Item, Cursor>>,
): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<unknown>();
  for (let cursor: Cursor | undefined; ;) {
    const { items, next } = await fetchPage(cursor);
    yield* items;
    if (next === undefined || next === "") return;
    const identity: unknown = typeof next === "object" ? JSON.stringify(next) : next;
    if (seen.has(identity)) {
      throw new EnrollmentError("the vendor's list does not end: a page points back to an earlier one", {
        code: "protocol",
      });
    }
    seen.add(identity);
    cursor = next;
  }
};
