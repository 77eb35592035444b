import { tellHooks, type LifecycleHooks, type VendorCall, type VendorRequest } from "@enrollkit/core";
import type { WireRequest } from "./wire-request.js";

/** What hooks are told of a try. Made only if somebody listens. */
export const vendorRequestOf = (
  provider: string,
  { method, url, host, path }: WireRequest,
  attempt: number,
): VendorRequest => {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { provider, method, host, port, path, attempt };
};

/** How a try ended. */
type CallEnd = Pick<VendorCall, "status" | "failure" | "requestId">;

/**
 * Tells that a try sets out.
 *
 * @param passed - milliseconds since some time.
 * @returns what tells that it has ended.
 */
export const beginCall = (
  hooks: LifecycleHooks,
  request: VendorRequest,
  passed: () => number,
): ((end: CallEnd) => void) => {
  const started = passed();
  tellHooks(hooks, "onRequest", request);
  return (end) => {
    tellHooks(hooks, "onResponse", { ...request, ...end, duration: passed() - started }, request);
  };
};
