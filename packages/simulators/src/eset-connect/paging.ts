import { createHash } from "node:crypto";
import { invalid } from "./call.js";

/** The query parameters of every list. */
export const pagingParameters = ["pageSize", "pageToken"] as const;

const defaultPageSize = 50;
const largestPageSize = 1000;
const largestDeclaredPageSize = 99_999;
const longestPageToken = 128;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** "" on the last page. */
  readonly nextPageToken: string;
}

const pageSizeOf = (query: URLSearchParams): number => {
  const text = query.get("pageSize") ?? "";
  const size = text === "" ? 0 : Number(text);
  if (!Number.isInteger(size) || size < 0 || size > largestDeclaredPageSize) {
    throw invalid(`pageSize: an integer from 0 to ${largestDeclaredPageSize}`);
  }
  return size === 0 ? defaultPageSize : Math.min(size, largestPageSize);
};

/** As long as ESET allows, and in need of URL encoding, so that a client that assumes less is found out. */
const tokenFor = (listing: string, offset: number): string => {
  const seal = createHash("sha512").update(`${listing} ${offset}`).digest("base64");
  return `${offset.toString(36)}+${seal}${seal}`.slice(0, longestPageToken);
};

const offsetOf = (query: URLSearchParams, listing: string): number => {
  const token = query.get("pageToken") ?? "";
  if (token === "") return 0;
  const offset = parseInt(token, 36);
  if (Number.isNaN(offset) || tokenFor(listing, offset) !== token)
    throw invalid("pageToken: not one of this list");
  return offset;
};

/**
 * Cuts a list as ESET does: 50 items unless told, never more than 1000. The filters are the request's own on every page;
 * nothing remembers those of the first. https://help.eset.com/eset_connect/en-US/device_management_v1_device_groups_get.html
 *
 * @param listing what is listed; a token is good for one list only
 */
export const pageOf = <Item>(items: readonly Item[], query: URLSearchParams, listing: string): Page<Item> => {
  const offset = offsetOf(query, listing);
  const end = offset + pageSizeOf(query);
  return {
    items: items.slice(offset, end),
    nextPageToken: end < items.length ? tokenFor(listing, end) : "",
  };
};
