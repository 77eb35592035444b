/** How many calls of one batch are under way at once. */
const limit = 4;

/** Does something with each item, a few at a time. Results are in the order of the items. */
export const mapConcurrently = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item, place: number) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [place, item] of waiting) results[place] = await work(item, place);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
};
