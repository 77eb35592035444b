import { pasted } from "../canaries.js";
import type { PlaceId } from "../places.js";

/** One call of an export, with canaries in it. */
export interface Attempt {
  /** Where what it returns may hold secrets. What it throws never may. */
  readonly place?: PlaceId;
  readonly call: () => unknown;
}

/** How an export is driven, or why there is nothing to drive: it is a constant, or a double of a vendor. */
export type Drive = readonly Attempt[] | string;

/** A drive for each runtime export: the type refuses a missing one, the test one that is stale. */
export type Drives<Api> = Readonly<Record<keyof Api, Drive>>;

export const CONSTANT = "a constant: plain data of the package itself";

export const DOUBLE = "a vendor's double: it is the vendor, and knows what a vendor knows, all of it made up";

/** One attempt for each call. */
export const attempts = (...calls: readonly (() => unknown)[]): readonly Attempt[] =>
  calls.map((call) => ({ call }));

/** The call with whatever was in the clipboard. */
export const withPasted = (call: (text: string) => unknown, place?: PlaceId): readonly Attempt[] =>
  pasted.map((text) => ({ call: () => call(text), ...(place !== undefined && { place }) }));

/** Attempts whose results may hold secrets. */
export const at = (place: PlaceId, ...calls: readonly (() => unknown)[]): readonly Attempt[] =>
  calls.map((call) => ({ call, place }));
