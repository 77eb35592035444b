interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes items together that come while others are being written: many callers, few statements.
 *
 * @param write - gets at least one item and at most `most`, one call at a time; it gives one result for each.
 * @returns a function that resolves with the item's own result once it has been written.
 */
export const createGroupWriter = <Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
  most = 1000,
): ((item: Item) => Promise<Result>) => {
  let waiting: Waiting<Item, Result>[] = [];
  let isWriting = false;

  const writeAll = async () => {
    isWriting = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const results = await write(group.map(({ item }) => item));
        for (const [place, { resolve }] of group.entries()) resolve(results[place] as Result);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    isWriting = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // In a moment: others of the same turn come along.
      if (!isWriting) {
        isWriting = true;
        setImmediate(() => void writeAll());
      }
    });
};
