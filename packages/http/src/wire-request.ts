import { EnrollmentError, Secret } from "@enrollkit/core";
import type { HttpCall } from "./contract.js";
import { redactText } from "./redaction.js";

/** A call as it goes over the wire: every try sends the same bytes. */
export interface WireRequest {
  readonly method: HttpCall["method"];
  /** With the query. */
  readonly url: string;
  readonly host: string;
  /** Without the query; fit for a log. */
  readonly path: string;
  /** `POST api.example.com/v1/devices`: how messages name the call. */
  readonly place: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** What was sent in confidence, and must not come back in the vendor's words. */
  readonly secrets: readonly Secret[];
}

const parseUrl = (text: string, provider: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new EnrollmentError("the URL of a call is not absolute; the base URL must start with https://", {
    code: "invalid-config",
    provider,
  });
};

const queryText = (query: NonNullable<HttpCall["query"]>): string =>
  Object.entries(query)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((item) => [name, item] as const))
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`)
    .join("&");

const formText = (form: NonNullable<HttpCall["form"]>): string =>
  new URLSearchParams(
    Object.entries(form).map(([name, value]): [string, string] => [
      name,
      Secret.is(value) ? value.reveal() : value,
    ]),
  ).toString();

const bodyOf = ({ json, form }: HttpCall): { readonly type: string; readonly text: string } | undefined => {
  if (form !== undefined) return { type: "application/x-www-form-urlencoded", text: formText(form) };
  if (json !== undefined) return { type: "application/json", text: JSON.stringify(json) };
  return undefined;
};

const lowerCaseNames = (headers: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * Prepares a call.
 *
 * @throws EnrollmentError `invalid-config` if its URL is not an absolute http or https URL.
 */
export const toWireRequest = (
  call: HttpCall,
  provider: string,
  headers: Readonly<Record<string, string>> | undefined,
): WireRequest => {
  const { host, pathname } = parseUrl(call.url, provider);
  const query = queryText(call.query ?? {});
  const body = bodyOf(call);
  const path = pathname
    .split("/")
    .map((segment) => redactText(segment))
    .join("/");
  return {
    method: call.method,
    url: query === "" ? call.url : `${call.url}?${query}`,
    host,
    path,
    place: `${call.method} ${host}${path}`,
    headers: {
      accept: "application/json",
      "user-agent": "enrollkit",
      ...(body && { "content-type": body.type }),
      ...lowerCaseNames(headers),
      ...lowerCaseNames(call.headers),
    },
    ...(body && { body: Buffer.from(body.text, "utf8") }),
    secrets: Object.values(call.form ?? {}).filter((value) => Secret.is(value)),
  };
};
