import type { AppliveryBehavior } from "./behavior.js";
import { InvalidInput } from "./errors.js";
import type { Organization } from "./organization.js";
import { flag, id, optional, text, wholeNumber, type Rule } from "./rules.js";

const defaultPageSize = 100;

/** One member of a query, read by a rule; absent when it is not there. */
export const readQuery = <Value>(
  query: URLSearchParams,
  name: string,
  rule: Rule<Value>,
  behavior: AppliveryBehavior,
): Value | undefined => optional(rule)(query.get(name) ?? undefined, name, behavior);

export const readId = (query: URLSearchParams, name: string, behavior: AppliveryBehavior) =>
  readQuery(query, name, id(), behavior);

export const readFlag = (query: URLSearchParams, name: string, behavior: AppliveryBehavior) =>
  readQuery(query, name, flag, behavior) ?? false;

/** The tags a list is filtered by, if the query spells them in a way that is understood. */
export const readTags = (query: URLSearchParams, { tagsFilter }: AppliveryBehavior): readonly string[] => {
  const split = (values: readonly string[]) => values.flatMap((value) => value.split(","));
  switch (tagsFilter) {
    case "ignored":
      return [];
    case "repeated":
      return query.getAll("tags");
    case "comma":
      return split(query.getAll("tags").slice(0, 1));
    case "brackets":
      return query.getAll("tags[]");
    case "any":
      return split([...query.getAll("tags"), ...query.getAll("tags[]")]);
  }
};

/** The segments a list is filtered by; absent when all are meant. */
export const readSegments = (
  query: URLSearchParams,
  organization: Organization,
  behavior: AppliveryBehavior,
): ReadonlySet<number> | undefined => {
  const anyNumber = wholeNumber({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
  const segment = readQuery(query, "segmentId", anyNumber, behavior);
  const expandTo = readQuery(query, "expandTo", text({ oneOf: ["ancestors", "children"] }), behavior);
  if (segment === undefined) return undefined;
  return organization.segmentsAround(segment, expandTo as "ancestors" | "children" | undefined);
};

const memberAt = (item: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      item,
    );

/** As MongoDB orders values of one type; a value that is not there comes first. */
const compare = (left: unknown, right: unknown): number => {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [first, second] = [left, right].map((value) => (typeof value === "string" ? value : ""));
  return (first ?? "") < (second ?? "") ? -1 : Number((first ?? "") > (second ?? ""));
};

const sorted = <Item>(
  oldestFirst: readonly Item[],
  sort: string | undefined,
  render: (item: Item) => object,
): readonly Item[] => {
  const [field = "", direction = "asc"] = (sort ?? "").split(":");
  const sign = direction === "desc" ? -1 : 1;
  if (field === "" || field === "createdAt") return sign === 1 ? oldestFirst : oldestFirst.toReversed();
  return oldestFirst
    .map((item) => ({ item, key: memberAt(render(item), field) }))
    .sort((left, right) => sign * compare(left.key, right.key))
    .map(({ item }) => item);
};

/**
 * One page in the envelope that all paged lists share. Without `sort`, the oldest come first.
 * https://docs.applivery.com/en/api/apple/apple-enrollment-tokens/get-organizations-organizationid-mdm-apple-enterprise-enrollment-tokens/
 */
export const pageOf = <Item>(
  oldestFirst: readonly Item[],
  query: URLSearchParams,
  behavior: AppliveryBehavior,
  render: (item: Item) => object,
) => {
  const positive = wholeNumber({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
  const asked = readQuery(query, "limit", positive, behavior) ?? defaultPageSize;
  if (asked > behavior.maximumPageSize && behavior.pageSizeAboveMaximum === "reject") {
    throw new InvalidInput(`"limit" must be less than or equal to ${behavior.maximumPageSize}`);
  }
  const limit = Math.min(asked, behavior.maximumPageSize);
  const page = readQuery(query, "page", positive, behavior) ?? 1;
  const sort = readQuery(
    query,
    "sort",
    text({ pattern: /^[\w.]*((:asc)|(:desc))?$/, empty: "allow" }),
    behavior,
  );

  const totalDocs = oldestFirst.length;
  const totalPages = Math.ceil(totalDocs / limit);
  const items = sorted(oldestFirst, sort, render)
    .slice((page - 1) * limit, page * limit)
    .map(render);
  const hasPrevPage = page > 1;
  const hasNextPage = page < totalPages;
  return {
    items,
    totalDocs,
    limit,
    page,
    totalPages,
    hasPrevPage,
    hasNextPage,
    prevPage: hasPrevPage ? page - 1 : null,
    nextPage: hasNextPage ? page + 1 : null,
    lean: true,
  };
};
