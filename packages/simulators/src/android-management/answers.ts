import { gzipSync } from "node:zlib";
import type { MiddlewareHandler } from "hono";
import type { SimulatorContext, SimulatorEnvironment } from "../base/server.js";
import type { ApiError } from "./errors.js";

/** What the vendor's front end puts on every answer. */
export const frontEndHeaders: Readonly<Record<string, string>> = {
  Server: "ESF",
  Vary: "Origin, X-Origin, Referer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
  "X-Xss-Protection": "0",
};
const jsonHeaders = { ...frontEndHeaders, "Content-Type": "application/json; charset=UTF-8" };

const isOff = (value: string | undefined) => value === "false" || value === "0";

interface Answer {
  readonly body: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What untouched answers are made of, so that compressing one need not read it back from its stream. */
const sent = new WeakMap<Response, Answer>();

const send = (
  context: SimulatorContext,
  body: string,
  status: 200 | 400 | 404 | ApiError["status"],
  headers: Answer["headers"],
): Response => {
  const response = context.body(body, status, headers);
  sent.set(response, { body, status, headers });
  return response;
};

export const sendJson = (
  context: SimulatorContext,
  body: unknown,
  status: 200 | ApiError["status"],
  headers: Readonly<Record<string, string>> = {},
): Response => {
  const indent = isOff(context.req.query("prettyPrint")) ? 0 : 2;
  const text = `${JSON.stringify(body, undefined, indent)}\n`;
  return send(context, text, status, { ...jsonHeaders, ...headers });
};

export const sendError = (context: SimulatorContext, error: ApiError): Response => {
  const legacy = context.req.query("$.xgafv") === "1";
  return sendJson(context, error.body({ legacy }), error.status, error.headers);
};

/** The token endpoint speaks OAuth, not google.rpc: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
export const sendOAuth = (context: SimulatorContext, body: object, status: 200 | 400): Response =>
  send(context, JSON.stringify(body, undefined, 2), status, {
    ...jsonHeaders,
    "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate",
  });

/** A path or verb that no method has never reaches the API: the front end answers with a page. */
export const notFoundPage = (method: string, path: string): string =>
  `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 404 (Not Found)!!1</title>
  <p><b>404.</b> <ins>That’s an error.</ins>
  <p>The requested URL <code>${path.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)}</code> was not found on this server (${method}).
`;

export const sendNotFoundPage = (context: SimulatorContext): Response =>
  send(context, notFoundPage(context.req.method, context.req.path), 404, {
    ...frontEndHeaders,
    "Content-Type": "text/html; charset=UTF-8",
  });

const smallestCompressed = 256;

/** A small window: these bodies are short, and clearing zlib's usual 256 kB would cost more than compressing them. */
const gzipSettings = { level: 1, memLevel: 4, windowBits: 12, chunkSize: 4096 };

const readBack = async (response: Response): Promise<Answer> => {
  const headers = Object.fromEntries(response.headers);
  delete headers["content-length"];
  return { body: await response.text(), status: response.status, headers };
};

/** Compresses for callers that accept gzip; outside of fault injection, which works on plain bodies. */
export const gzipWhenAsked: MiddlewareHandler<SimulatorEnvironment> = async (context, next) => {
  await next();
  if (context.env.incoming.socket.destroyed) return;
  if (!/\bgzip\b/.test(context.req.header("accept-encoding") ?? "")) return;
  const { body, status, headers } = sent.get(context.res) ?? (await readBack(context.res));
  context.res = undefined;
  context.res =
    body.length < smallestCompressed
      ? new Response(body === "" ? null : body, { status, headers })
      : new Response(gzipSync(body, gzipSettings), {
          status,
          headers: { ...headers, "content-encoding": "gzip" },
        });
};
