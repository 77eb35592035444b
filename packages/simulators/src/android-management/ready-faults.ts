import type { Fault } from "../base/faults.js";
import { frontEndHeaders, notFoundPage } from "./answers.js";
import { notAuthorized, quotaExceeded, type ApiError } from "./errors.js";

const refused = (error: ApiError): Fault => ({
  kind: "status",
  status: error.status,
  headers: { ...frontEndHeaders, "content-type": "application/json; charset=UTF-8" },
  body: error.body({ legacy: false }),
});

const failed = (status: number, code: string, message: string): Fault => ({
  kind: "status",
  status,
  headers: { ...frontEndHeaders, "content-type": "application/json; charset=UTF-8" },
  body: { error: { code: status, message, status: code } },
});

/** The vendor's failures with the bodies it is known to send, ready for `failNext`. */
export const androidManagementFaults = {
  quotaExceeded: refused(quotaExceeded("123456789012", 1000, undefined)),
  /** What an enterprise answers that was deleted or unbound. */
  enterpriseGone: refused(notAuthorized("enterprise")),
  internal: failed(500, "INTERNAL", "Internal error encountered."),
  badGateway: {
    kind: "status",
    status: 502,
    headers: { ...frontEndHeaders, "content-type": "text/html; charset=UTF-8" },
    body: "<!DOCTYPE html>\n<html lang=en>\n  <title>Error 502 (Server Error)!!1</title>\n",
  },
  unavailable: failed(503, "UNAVAILABLE", "The service is currently unavailable."),
  deadlineExceeded: failed(504, "DEADLINE_EXCEEDED", "Deadline exceeded."),
  /** The page of the front end instead of JSON. */
  notFoundPage: {
    kind: "status",
    status: 404,
    headers: { ...frontEndHeaders, "content-type": "text/html; charset=UTF-8" },
    body: notFoundPage("GET", "/v1"),
  },
} as const satisfies Readonly<Record<string, Fault>>;
