import type { EnrollmentErrorCode } from "@enrollkit/core";
import type { ErrorAnswer, VendorError } from "@enrollkit/http";
import { refusalSchema } from "./wire.js";

type Meaning = readonly [code: EnrollmentErrorCode, message: string, advice?: string];

const byVendorCode: ReadonlyMap<string, Meaning> = new Map([
  ["bad_field", ["invalid-request", "Acme refused a field of the request"]],
  ["bad_key", ["unauthenticated", "Acme does not know the API key", "make a new one: Settings → API"]],
  ["not_allowed", ["forbidden", "Acme does not allow this to the API key", "give the key the role Enroller"]],
  ["no_pass", ["not-found", "Acme has no pass of this id"]],
  ["no_group", ["not-found", "Acme has no group of this name", "check the groups of the config's profiles"]],
  ["full", ["quota-exceeded", "the plan's passes are used up", "revoke unused ones, or upgrade the plan"]],
  ["slow_down", ["rate-limited", "Acme gets too many calls"]],
]);

const byStatus: Readonly<Record<number, Meaning>> = {
  400: ["invalid-request", "Acme refused the request"],
  401: ["unauthenticated", "Acme does not know the API key"],
  403: ["forbidden", "Acme does not allow this to the API key"],
  404: ["not-found", "Acme has nothing at this address", "check baseUrl"],
  429: ["rate-limited", "Acme gets too many calls"],
};

/** What an answer of Acme means: its own code first, then the HTTP status. */
export const toVendorError = ({ status, body }: Pick<ErrorAnswer, "status" | "body">): VendorError => {
  const refusal = refusalSchema.safeParse(body).data?.error;
  const known = refusal === undefined ? undefined : byVendorCode.get(refusal.code);
  const [code, message, advice] = known ??
    byStatus[status] ?? [status >= 500 ? "unavailable" : "unknown", `Acme answered ${status}`];
  return {
    code,
    message,
    ...(advice !== undefined && { advice }),
    ...(refusal !== undefined && { vendorCode: refusal.code }),
    ...(refusal?.text !== undefined && { vendorMessage: refusal.text }),
  };
};
