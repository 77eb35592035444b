/**
 * gRPC codes and the HTTP status each is sent as. The first five are ESET's own words, the rest is what gRPC gateways do.
 * https://help.eset.com/eset_connect/en-US/mobile_device_management_v1_mobile-devices-batchGetEnrollmentLinks_post.html
 */
const codes = {
  INVALID_ARGUMENT: { number: 3, status: 400 },
  FAILED_PRECONDITION: { number: 9, status: 400 },
  OUT_OF_RANGE: { number: 11, status: 400 },
  PERMISSION_DENIED: { number: 7, status: 403 },
  NOT_FOUND: { number: 5, status: 404 },
  DEADLINE_EXCEEDED: { number: 4, status: 504 },
  UNAUTHENTICATED: { number: 16, status: 401 },
  RESOURCE_EXHAUSTED: { number: 8, status: 429 },
  UNAVAILABLE: { number: 14, status: 503 },
} as const;

export type RpcCode = keyof typeof codes;

/** ESET's only documented error object; `batchImport` reports devices with it. */
export interface RpcStatus {
  readonly code: number;
  readonly message: string;
  readonly details: readonly [];
}

export const rpcStatus = (code: RpcCode, message: string): RpcStatus => ({
  code: codes[code].number,
  message,
  details: [],
});

/** A call that ESET would refuse. */
export class RpcFailure extends Error {
  override readonly name = "RpcFailure";
  readonly code: RpcCode;

  constructor(code: RpcCode, message: string) {
    super(message);
    this.code = code;
  }

  get status(): number {
    return codes[this.code].status;
  }
}

const codeForStatus = { 400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND" } as const;

/** For switches that choose between statuses. */
export const failureWithStatus = (status: keyof typeof codeForStatus, message: string): RpcFailure =>
  new RpcFailure(codeForStatus[status], message);
