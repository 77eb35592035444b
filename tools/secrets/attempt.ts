import type { PlaceId } from "./places.js";
import type { Watch } from "./watch.js";

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

const drained = async (items: AsyncIterable<unknown>): Promise<readonly unknown[]> => {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
};

/** What a call came to. */
export type Result = { readonly returned: unknown } | { readonly thrown: unknown };

/** Makes a call, and waits for all that it gives. */
export const settle = async (call: () => unknown): Promise<Result> => {
  try {
    const value = await call();
    return { returned: isAsyncIterable(value) ? await drained(value) : value };
  } catch (error) {
    return { thrown: error };
  }
};

/** Members that may hold whom something is for, and the caller's own id, each by the place that it is. */
const openMembers: Readonly<Record<string, PlaceId>> = { recipient: "recipient", key: "ownKey" };

const isPlain = (value: object): boolean =>
  Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

/** A copy of plain data without those members, which are handed over one by one. An error stays as it is. */
const withoutOpenMembers = (value: unknown, found: (place: PlaceId, member: unknown) => void): unknown => {
  if (typeof value !== "object" || value === null || !isPlain(value)) return value;
  if (Array.isArray(value)) return value.map((each) => withoutOpenMembers(each, found));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const place = openMembers[name];
      if (place === undefined) return [[name, withoutOpenMembers(member, found)]];
      found(place, member);
      return [];
    }),
  );
};

/**
 * Makes a call and looks at what it returned or threw. `recipient` and `key` of results are places of their own.
 *
 * @param place - where the returned value may hold secrets; what is thrown never may.
 */
export const watchCall = async (
  watch: Watch,
  step: string,
  call: () => unknown,
  place?: PlaceId,
): Promise<Result> => {
  const result = await settle(call);
  if ("thrown" in result) watch.lookAt(`the error of ${step}`, result.thrown);
  else if (place !== undefined) watch.lookAt(step, result.returned, place);
  else {
    const closed = withoutOpenMembers(result.returned, (open, member) => {
      watch.lookAt(step, member, open);
    });
    watch.lookAt(step, closed);
  }
  return result;
};
