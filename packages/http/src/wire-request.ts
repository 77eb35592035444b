import { EnrollmentError, isName, REDACTED, Secret } from "@enrollkit/core";
import type { HttpCall } from "./contract.js";
import { redactText } from "./redaction.js";

/** A call as it goes over the wire: every try sends the same bytes. */
export interface WireRequest {
  readonly method: HttpCall["method"];
  /** With the query. */
  readonly url: URL;
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

const parseUrl = (text: string, query: string, provider: string): URL => {
  // An id of ".." would turn the call into one for something else: servers and clients resolve it away.
  if (/[/\\](?:\.|%2e){1,2}(?:[/\\?#]|$)/i.test(text)) {
    throw new EnrollmentError('the URL of a call has "." or ".." in its path: no id can be that', {
      code: "invalid-request",
      provider,
    });
  }
  const whole = query === "" ? text : `${text}?${query}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new EnrollmentError("the URL of a call is not absolute; the base URL must start with https://", {
    code: "invalid-config",
    provider,
  });
};

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
};

/** An id may be a token that somebody took for one, and nobody can tell: of ids only those that read as a name are shown. */
const present = (segment: string): string => (isName(decoded(segment)) ? redactText(segment) : REDACTED);

/** The words of a vendor's paths are few, and come with every call. What must not be shown is not remembered either. */
const MOST_WORDS = 1000;
const words = new Set<string>();

const presentable = (segment: string): string => {
  if (words.has(segment)) return segment;
  const shown = present(segment);
  if (shown === segment && words.size < MOST_WORDS) words.add(segment);
  return shown;
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

/** A Secret in it would be written as `[redacted]`: it is revealed, and noted. */
const jsonText = (json: unknown, secrets: Secret[]): string =>
  JSON.stringify(json, function (this: Readonly<Record<string, unknown>>, name, written: unknown) {
    const value = this[name];
    if (!Secret.is(value)) return written;
    secrets.push(value);
    return value.reveal();
  });

const bodyOf = ({ json, form }: HttpCall) => {
  const secrets: Secret[] = Object.values(form ?? {}).filter((value) => Secret.is(value));
  if (form !== undefined) {
    return { type: "application/x-www-form-urlencoded", text: formText(form), secrets };
  }
  if (json !== undefined) return { type: "application/json", text: jsonText(json, secrets), secrets };
  return undefined;
};

/**
 * Refuses what a header cannot carry. axios would leave such characters out and send the rest.
 *
 * @param what - names the value, which itself is not shown.
 */
export const requireHeaderValue = (what: string, value: string, provider: string): void => {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value.trim())) return;
  throw new EnrollmentError(`${what} has a character that no HTTP header can carry`, {
    code: "invalid-config",
    provider,
    advice: "Look for line ends and typographic characters in it.",
  });
};

const lowerCaseNames = (headers: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * Prepares a call.
 *
 * @throws EnrollmentError `invalid-config` if its URL is not an absolute http or https URL, or a header cannot be
 *   sent; `invalid-request` if an id in its URL is a dot segment.
 */
export const toWireRequest = (
  call: HttpCall,
  provider: string,
  headers: Readonly<Record<string, string>> | undefined,
): WireRequest => {
  const url = parseUrl(call.url, queryText(call.query ?? {}), provider);
  const body = bodyOf(call);
  const path = url.pathname.split("/").map(presentable).join("/");
  const own = { ...lowerCaseNames(headers), ...lowerCaseNames(call.headers) };
  for (const [name, value] of Object.entries(own)) requireHeaderValue(`the header ${name}`, value, provider);
  return {
    method: call.method,
    url,
    host: url.host,
    path,
    place: `${call.method} ${url.host}${path}`,
    headers: {
      accept: "application/json",
      "user-agent": "enrollkit",
      ...(body && { "content-type": body.type }),
      ...own,
    },
    ...(body && { body: Buffer.from(body.text, "utf8") }),
    secrets: body?.secrets ?? [],
  };
};
