import nock from "nock";
import { afterEach, beforeEach } from "vitest";

export const origin = "https://api.example.com";
export const url = `${origin}/v1/devices`;

beforeEach(() => {
  nock.disableNetConnect();
  nock.enableNetConnect(/^127\.0\.0\.1/);
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

/** Lets the vendor give the same answer for ever, and counts how often it is asked. */
export const answering = (answer: (interceptor: nock.Interceptor) => nock.Scope) => {
  let asked = 0;
  const scope = nock(origin).persist();
  scope.on("request", () => (asked += 1));
  for (const method of ["GET", "POST"]) answer(scope.intercept("/v1/devices", method));
  return () => asked;
};

/** An answer of this status, with the vendor's code and words. */
export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (interceptor: nock.Interceptor) =>
    interceptor.reply(code, { code: "V7", message: "not today" }, headers);
