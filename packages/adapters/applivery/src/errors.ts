import type { EnrollmentErrorCode } from "@enrollkit/core";
import type { ErrorAnswer, VendorError } from "@enrollkit/http";
import { refusalSchema } from "./wire.js";

type Meaning = readonly [code: EnrollmentErrorCode, message: string, advice?: string];

const renewToken =
  "set a token of a service account: Workspace Settings → Service Accounts; app API tokens will not do";
const grantRole = "give the service account a role that may do this, such as Admin";

/** Applivery's own codes; documented on each endpoint's page, collected nowhere. */
const byVendorCode: ReadonlyMap<number, Meaning> = new Map([
  [
    3001,
    [
      "not-found",
      "Applivery does not know something that the call names",
      "check the organization, the ids of policies and profiles, and that Apple MDM is set up in the workspace",
    ],
  ],
  [4001, ["forbidden", "Applivery does not allow this to the service account", grantRole]],
  [4002, ["unauthenticated", "Applivery saw no token", renewToken]],
  [4003, ["forbidden", "Applivery does not allow this to the service account", grantRole]],
  [4004, ["unauthenticated", "Applivery does not know the token", renewToken]],
  [4014, ["unauthenticated", "Applivery wants a two-factor code: the token belongs to a person", renewToken]],
  [5003, ["quota-exceeded", "a limit of the workspace is reached", "ask Applivery for more"]],
  [5004, ["plan-required", "the workspace's plan lacks the feature", "upgrade the plan"]],
  [5017, ["quota-exceeded", "a limit of the workspace is reached", "ask Applivery for more"]],
  [
    5048,
    ["failed-precondition", "the person is already an MDM user of the workspace", "use the one that exists"],
  ],
  [
    5050,
    [
      "plan-required",
      "the workspace's plan lacks the feature",
      "upgrade the plan; admPolicyAssignments, for one, need Policy Composition",
    ],
  ],
  [5120, ["invalid-request", "Applivery could not update the record"]],
  [5138, ["unsupported", "Applivery has not implemented this"]],
]);

const byStatus: Readonly<Record<number, Meaning>> = {
  400: ["invalid-request", "Applivery refused the request as invalid"],
  401: ["unauthenticated", "Applivery does not accept the token", renewToken],
  403: ["forbidden", "Applivery does not allow this to the service account", grantRole],
  404: ["not-found", "Applivery has nothing at this address", "check baseUrl and organization"],
  422: ["invalid-request", "Applivery refused the request as invalid"],
  429: ["rate-limited", "Applivery gets too many calls", "leave more time between calls"],
};

const meaningOf = (status: number, vendorCode: string | number | null | undefined): Meaning => {
  if (status >= 500) return ["unavailable", "Applivery is out of order"];
  // A throttled call is worth repeating whatever else it says.
  const known = status === 429 ? undefined : byVendorCode.get(Number(vendorCode));
  return known ?? byStatus[status] ?? ["unknown", "Applivery refused for a reason that is not known here"];
};

/** What an answer of Applivery means: its own code first, then the HTTP status. */
export const toVendorError = ({ status, body }: Pick<ErrorAnswer, "status" | "body">): VendorError => {
  const refusal = refusalSchema.safeParse(body).data?.error;
  const [code, message, advice] = meaningOf(status, refusal?.code);
  return {
    code,
    message,
    ...(advice !== undefined && { advice }),
    ...(refusal?.code != null && { vendorCode: refusal.code }),
    ...(refusal?.message != null && { vendorMessage: refusal.message }),
  };
};
