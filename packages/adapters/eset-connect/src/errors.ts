import { EnrollmentError, type CallOptions } from "@enrollkit/core";
import { redactText, type ErrorAnswer, type VendorError } from "@enrollkit/http";
import { rpcStatusSchema, tokenErrorSchema, type RpcStatus } from "./wire.js";

type Meaning = Pick<VendorError, "code" | "message" | "advice">;

const unmapped: Meaning = {
  code: "unknown",
  message: "ESET Connect gave an error that its documentation does not name",
};

const denied: Meaning = {
  code: "forbidden",
  message: "ESET Connect denied access",
  advice:
    "give the API user the permission sets for this call and this group in the ESET PROTECT Web Console",
};

const invalid: Meaning = {
  code: "invalid-request",
  message: "ESET Connect took the call as invalid",
  advice: "ESET Connect does not say which field is wrong; check the group's UUID, the device's id and name",
};

const refusedToken: Meaning = {
  code: "unauthenticated",
  message: "ESET Connect refused the access token",
  advice: "check that the API user still exists and has the Integrations toggle on",
};

const unknownResource: Meaning = {
  code: "not-found",
  message: "ESET Connect does not know what the call named",
};

const outOfTime: Meaning = { code: "unavailable", message: "ESET Connect did not finish in time" };

/**
 * Every documented status. Answers other than 200 have no declared body.
 * https://help.eset.com/eset_connect/en-US/device_management_v1_devices-batchImport_post.html
 */
const byStatus: Readonly<Record<number, Meaning>> = {
  400: invalid,
  401: refusedToken,
  403: denied,
  404: unknownResource,
  429: { code: "rate-limited", message: "ESET Connect was called more than 10 times in a second" },
  500: { code: "unavailable", message: "ESET Connect failed" },
  502: { code: "unavailable", message: "ESET Connect failed" },
  503: {
    code: "unavailable",
    message: "ESET Connect is under maintenance, or its Fair Use Policy refused the call",
  },
  504: outOfTime,
};

/** gRPC codes, where a body carries one. They tell the several meanings of 400 apart. */
const byRpcCode: Readonly<Record<number, Meaning>> = {
  3: invalid,
  4: outOfTime,
  5: unknownResource,
  7: denied,
  9: { code: "failed-precondition", message: "ESET Connect cannot do this in the present state" },
  11: { ...invalid, message: "ESET Connect took a number as out of its range" },
  14: { code: "unavailable", message: "ESET Connect is not available" },
  16: refusedToken,
};

/** A filter in front of the API may reject a request by its content; its answer has no request id. */
const edgeRejection: Meaning = {
  code: "forbidden",
  message: "a filter in front of ESET Connect rejected the request",
  advice: "keep markup and special characters out of names and descriptions, and check the source address",
};

/** What an answer of ESET Connect other than 2xx means. */
export const toError = (answer: ErrorAnswer): VendorError => {
  const rpc = rpcStatusSchema.safeParse(answer.body).data;
  const fromEdge = answer.status === 403 && answer.headers["request-id"] === undefined && answer.text !== "";
  const refined = answer.status === 400 ? byRpcCode[rpc?.code ?? 3] : undefined;
  const meaning = fromEdge ? edgeRejection : (refined ?? byStatus[answer.status] ?? unmapped);
  return {
    ...meaning,
    ...(rpc?.code != null && { vendorCode: rpc.code }),
    ...(rpc?.message !== undefined && { vendorMessage: rpc.message }),
  };
};

const loginAdvice =
  "check username, password and region, the user's Integrations toggle, and that the user completed the " +
  "invitation and logged in to ESET PROTECT Hub once";

/**
 * The token endpoint; its errors are not documented beyond "4xx".
 * https://help.eset.com/eset_connect/en-US/authentication_oauth_token_post.html
 */
const byTokenStatus: Readonly<Record<number, Meaning>> = {
  400: { code: "unauthenticated", message: "ESET Connect refused the login", advice: loginAdvice },
  401: { code: "unauthenticated", message: "ESET Connect refused the login", advice: loginAdvice },
  403: {
    code: "forbidden",
    message: "ESET Connect denied the login",
    advice: `${loginAdvice}; without a request id it was a filter in front of ESET Connect: check the source address`,
  },
  404: {
    code: "invalid-config",
    message: "there is no token endpoint at the configured address",
    advice: "check region and baseUrls.iam",
  },
  415: { code: "protocol", message: "ESET Connect did not read the login as a form" },
};

/** What an answer of the token endpoint other than 2xx means. */
export const toTokenError = (answer: ErrorAnswer): VendorError => {
  const oauth = tokenErrorSchema.safeParse(answer.body).data;
  return {
    ...(byTokenStatus[answer.status] ?? byStatus[answer.status] ?? unmapped),
    ...(oauth?.error !== undefined && { vendorCode: oauth.error }),
    ...(oauth?.error_description !== undefined && { vendorMessage: oauth.error_description }),
  };
};

/**
 * Why an import left one device out: its entry in the answer's `errors`. Not so where time ran out: by the meaning of
 * that gRPC code, the device may be there all the same.
 */
export const importRefusal = (provider: string, { code, message }: RpcStatus): EnrollmentError => {
  const { message: reason, ...meaning } = byRpcCode[code ?? -1] ?? unmapped;
  const lost = code === 4;
  return new EnrollmentError(`${reason}: the device ${lost ? "may have been" : "was not"} imported`, {
    ...meaning,
    ...(lost && { code: "outcome-unknown" as const }),
    provider,
    ...(code != null && { vendorCode: code }),
    ...(message !== undefined && { vendorMessage: redactText(message) }),
  });
};

/** The work's result, or the error it ended with. An abort is no error: it is thrown on. */
export const attempt = async <Result>(
  work: () => Result | Promise<Result>,
  options: CallOptions | undefined,
): Promise<Result | EnrollmentError> => {
  try {
    return await work();
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (!EnrollmentError.is(error)) throw error;
    return error;
  }
};
