import { randomUUID } from "node:crypto";
import { callTag } from "./correlation.js";
import type { TokenRequest } from "./token-request.js";

/** One call of the vendor's bulk endpoint. */
export interface BulkCall {
  /** Places in the batch, in its order. */
  readonly places: readonly number[];
  /** The tag that finds its tokens again. */
  readonly tag: string;
}

/** How a batch is sent. */
export interface BatchPlan {
  readonly calls: readonly BulkCall[];
  /** Places of those that are created one by one. */
  readonly singles: readonly number[];
}

/**
 * Whether the bulk call can carry a request. It has one body for all owners, so nothing may be meant for one person
 * alone: neither a device's name nor the person's own. And it answers without links, so it is for those who get theirs
 * by the vendor's e-mail.
 */
export const fitsBulkCall = ({ request, body }: TokenRequest): boolean =>
  body.sendEmail && body.displayName === undefined && request.recipient?.name === undefined;

/**
 * Cuts a batch into bulk calls and singles. The same requests always give the same calls: reconciliation relies on it.
 *
 * @param batch - undefined at the places of requests that are not to be sent.
 */
export const planBatch = (batch: readonly (TokenRequest | undefined)[]): BatchPlan => {
  const groups = new Map<string, Map<string, number[]>>();
  const singles: number[] = [];
  for (const [place, each] of batch.entries()) {
    if (each === undefined) continue;
    if (!fitsBulkCall(each)) {
      singles.push(place);
      continue;
    }
    const body = JSON.stringify(each.body);
    const group = groups.get(body) ?? new Map<string, number[]>();
    groups.set(body, group);
    const address = each.email.toLowerCase();
    group.set(address, [...(group.get(address) ?? []), place]);
  }

  const calls: BulkCall[] = [];
  for (const group of groups.values()) {
    // Who is in the batch more than once wants more than one token; a call gives one, and could not say for which.
    const once = [...group.values()].filter((places) => places.length === 1).flat();
    const more = [...group.values()].filter((places) => places.length > 1).flat();
    // A single create says everything that a bulk call of one leaves open.
    if (once.length < 2) singles.push(...once, ...more);
    else {
      const keys = once.map((place) => batch[place]?.request.key ?? randomUUID());
      calls.push({ places: once, tag: callTag(keys) });
      singles.push(...more);
    }
  }
  return { calls, singles };
};
