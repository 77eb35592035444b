import { describe, expect, test } from "vitest";
import { pages, type Page } from "./paging.js";

const collect = async <Item>(list: AsyncIterable<Item>) => {
  const items: Item[] = [];
  for await (const item of list) items.push(item);
  return items;
};

describe("pages", () => {
  test.each<[string, Record<string, Page<number, string>>, number[]]>([
    ["one page", { first: { items: [1, 2] } }, [1, 2]],
    [
      "three pages",
      { first: { items: [1], next: "b" }, b: { items: [2], next: "c" }, c: { items: [3] } },
      [1, 2, 3],
    ],
    ["an empty page in between", { first: { items: [], next: "b" }, b: { items: [2] } }, [2]],
    ["an empty cursor at the end", { first: { items: [1], next: "" } }, [1]],
    ["nothing", { first: { items: [] } }, []],
  ])("reads %s", async (_, byCursor, expected) => {
    const list = pages((cursor: string | undefined) =>
      Promise.resolve(byCursor[cursor ?? "first"] ?? { items: [] }),
    );
    expect(await collect(list)).toEqual(expected);
  });

  test.each<[string, (number | string | { readonly offset: number })[]]>([
    ["text", ["b", "c", "b"]],
    ["numbers", [1, 1]],
    ["objects", [{ offset: 1 }, { offset: 1 }]],
    ["a number after the text of it is not the same", ["1", 1, 1]],
  ])("refuses to go round in circles: %s", async (_, cursors) => {
    let fetched = 0;
    const list = pages<number, number | string | { readonly offset: number }>(() => {
      fetched += 1;
      return Promise.resolve({ items: [fetched], next: cursors[(fetched - 1) % cursors.length] });
    });
    await expect(collect(list)).rejects.toMatchObject({
      code: "protocol",
      retryable: false,
      message: "the vendor's list does not end: a page points back to an earlier one",
    });
    expect(fetched).toBe(cursors.length);
  });

  test("fetches a page only when it is wanted", async () => {
    let fetched = 0;
    const list = pages(() => {
      fetched += 1;
      return Promise.resolve({ items: [fetched], next: fetched });
    });
    for await (const item of list) if (item === 2) break;
    expect(fetched).toBe(2);
  });
});
