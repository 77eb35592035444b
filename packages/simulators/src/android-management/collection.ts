import { invalidArgument } from "./errors.js";

/** Records in the order they were added, found by id at once and read in pages that survive additions and removals. */
export class Collection<Item extends { readonly id: string }> {
  readonly #items: (Item | undefined)[] = [];
  readonly #positions = new Map<string, number>();

  add(item: Item): Item {
    this.#positions.set(item.id, this.#items.push(item) - 1);
    return item;
  }

  get(id: string): Item | undefined {
    const position = this.#positions.get(id);
    return position === undefined ? undefined : this.#items[position];
  }

  delete(id: string): void {
    const position = this.#positions.get(id);
    if (position === undefined) return;
    this.#items[position] = undefined;
    this.#positions.delete(id);
  }

  get size(): number {
    return this.#positions.size;
  }

  *values(): Generator<Item> {
    for (const item of this.#items) if (item !== undefined) yield item;
  }

  /** Up to `size` accepted items from a position on, and the position of the next one if there is one. */
  page(from: number, size: number, accepts: (item: Item) => boolean): { items: Item[]; next?: number } {
    const items: Item[] = [];
    for (let position = from; position < this.#items.length; position += 1) {
      const item = this.#items[position];
      if (item === undefined || !accepts(item)) continue;
      if (items.length === size) return { items, next: position };
      items.push(item);
    }
    return { items };
  }
}

/** Opaque to callers, and bound to the list it came from. Plain base64: callers must encode it in a query. */
const pageTokenOf = (list: string, position: number) => Buffer.from(`${position}>${list}`).toString("base64");

const positionOf = (list: string, pageToken: string | undefined): number => {
  if (pageToken === undefined || pageToken === "") return 0;
  const position = Number(/^(\d+)>/.exec(Buffer.from(pageToken, "base64").toString())?.[1] ?? Number.NaN);
  if (pageTokenOf(list, position) !== pageToken) throw invalidArgument("Invalid page token.");
  return position;
};

/** What a caller asks of a list, already of the right types. */
interface PageRequest {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

interface PageLimits {
  /** Used for 0 and when nothing is asked. Default: 10. */
  readonly usual?: number;
  readonly largest?: number;
  /** Returns half of what was asked, as a server may. */
  readonly short?: boolean;
}

const pageSizeOf = (asked: number, { usual = 10, largest = 100, short = false }: PageLimits) => {
  if (asked < 0) throw invalidArgument("Page size must not be negative.");
  const size = Math.min(asked === 0 ? usual : asked, largest);
  return short ? Math.ceil(size / 2) : size;
};

/** One page as the vendor's lists answer it: an empty list and the last page leave their members out. */
export const listPage = <Item extends { readonly id: string }>(
  member: string,
  collection: Collection<Item>,
  request: PageRequest,
  limits: PageLimits & {
    /** Names the list that page tokens belong to. */
    readonly list: string;
    readonly accepts?: (item: Item) => boolean;
    readonly show: (item: Item) => object;
  },
): object => {
  const size = pageSizeOf(request.pageSize ?? 0, limits);
  const from = positionOf(limits.list, request.pageToken);
  const { items, next } = collection.page(from, size, limits.accepts ?? (() => true));
  return {
    ...(items.length > 0 && { [member]: items.map((item) => limits.show(item)) }),
    ...(next !== undefined && { nextPageToken: pageTokenOf(limits.list, next) }),
  };
};
