import type { OperationOutcome, OutcomeCount, ProviderOperation, VendorRequest } from "@enrollkit/core";
import type { Attributes } from "@opentelemetry/api";
import { pathTemplate } from "./path-template.js";

/** Stable names: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span; `url.template` is not. */
const http = {
  method: "http.request.method",
  resendCount: "http.request.resend_count",
  status: "http.response.status_code",
  address: "server.address",
  port: "server.port",
  template: "url.template",
  errorType: "error.type",
} as const;

const own = {
  provider: "enrollkit.provider",
  vendor: "enrollkit.vendor",
  operation: "enrollkit.operation",
  outcome: "enrollkit.outcome",
  errorCode: "enrollkit.error.code",
  requestId: "enrollkit.request_id",
  batchSize: "enrollkit.batch.size",
  batchCreated: "enrollkit.batch.created",
} as const;

/** A host as a name or an address, without port and brackets. */
const addressOf = (host: string): string => host.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");

/** What is known of a call before it leaves, and says little enough to be counted by. */
export const requestAttributes = ({ provider, method, host, port }: VendorRequest): Attributes => ({
  [http.method]: method,
  [http.address]: addressOf(host),
  [http.port]: port,
  [own.provider]: provider,
});

/** What a span says besides. The path's ids are left out, see {@link pathTemplate}. */
export const requestDetails = ({ path, attempt }: VendorRequest): Attributes => ({
  [http.template]: pathTemplate(path),
  ...(attempt > 1 && { [http.resendCount]: attempt - 1 }),
});

/** How a call ended: `error.type` is the status, or why there is none. */
export const responseAttributes = (
  status: number | undefined,
  failure: string | undefined,
): Attributes & { readonly [http.errorType]?: string } => ({
  ...(status !== undefined && { [http.status]: status }),
  ...((status === undefined || status >= 400) && { [http.errorType]: failure ?? String(status ?? "_OTHER") }),
});

export const requestIdAttribute = (requestId: string | undefined): Attributes =>
  requestId === undefined ? {} : { [own.requestId]: requestId };

export const hasFailed = (attributes: Attributes): boolean => http.errorType in attributes;

/** Whose queue, or whose operation it is. */
export const providerAttributes = ({
  provider,
  vendor,
}: Pick<ProviderOperation, "provider" | "vendor">): Attributes => ({
  [own.provider]: provider,
  [own.vendor]: vendor,
});

export const operationAttributes = (operation: ProviderOperation): Attributes => ({
  ...providerAttributes(operation),
  [own.operation]: operation.operation,
});

export const sizeAttribute = ({ operation, size }: ProviderOperation): Attributes =>
  operation === "create" ? {} : { [own.batchSize]: size };

/** One kind of outcome. */
export const outcomeAttributes = ({ status, error }: Omit<OutcomeCount, "count">): Attributes => ({
  [own.outcome]: status,
  ...(error !== undefined && { [own.errorCode]: error }),
});

const isGood = ({ status }: OutcomeCount) => status === "created" || status === "absent";

/** What came of all items together: `mixed` if of some this and of others that. An error if nothing came of any. */
export const summaryAttributes = ({ operation, outcomes }: OperationOutcome): Attributes => {
  const statuses = new Set(outcomes.map(({ status }) => status));
  const [status = "created"] = statuses;
  const failures = outcomes.filter((each) => !isGood(each));
  const [worst] = failures.toSorted((one, other) => other.count - one.count);
  const created = outcomes.reduce((sum, each) => sum + (each.status === "created" ? each.count : 0), 0);
  return {
    [own.outcome]: statuses.size > 1 ? "mixed" : status,
    ...(operation !== "create" && { [own.batchCreated]: created }),
    ...(worst?.error !== undefined && { [own.errorCode]: worst.error }),
    ...(worst !== undefined &&
      failures.length === outcomes.length && { [http.errorType]: worst.error ?? worst.status }),
  };
};
