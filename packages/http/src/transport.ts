import http from "node:http";
import https from "node:https";
import axios, { type AxiosResponse } from "axios";
import { onAbort } from "./abort.js";
import { routeTo } from "./agents.js";
import { nothingSent } from "./connections.js";
import { describeFailure, type TransportFailure } from "./transport-errors.js";
import type { WireRequest } from "./wire-request.js";

/** Whatever the vendor answered, whatever its status. */
export interface RawAnswer {
  readonly kind: "answer";
  readonly status: number;
  /** Names in lower case; without `set-cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The bounds of one try. */
export interface ExchangeLimits {
  /** Milliseconds without a sign of life. */
  readonly timeout: number;
  /** Milliseconds for everything. */
  readonly total: number;
  /** After decompression. */
  readonly maxResponseBytes: number;
}

/** Everything that axios would do on its own is off: it sends bytes and returns bytes. */
const client = axios.create({
  adapter: "http",
  maxRedirects: 0,
  proxy: false,
  responseType: "arraybuffer",
  transformRequest: [],
  transformResponse: [],
  transitional: { clarifyTimeoutError: true },
  validateStatus: () => true,
});

/** Node's own http, seen at work. */
const observed = (
  secure: boolean,
  onRequest: (request: http.ClientRequest) => void,
  onHeaders: (answer: http.IncomingMessage) => void,
) => ({
  request: (options: http.RequestOptions, onAnswer: (message: http.IncomingMessage) => void) => {
    const request = (secure ? https : http).request(options, (message) => {
      onHeaders(message);
      onAnswer(message);
    });
    onRequest(request);
    return request;
  },
});

const plainHeaders = (headers: AxiosResponse["headers"] | http.IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => name !== "set-cookie" && value !== undefined && value !== null)
      .map(([name, value]) => [name.toLowerCase(), String(value)]),
  );

/** Beyond this, Node's timers fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Sends a request once and waits for the whole answer.
 *
 * @returns the answer, or why there is none. Rejects only with the signal's reason.
 */
export const exchange = async (
  request: WireRequest,
  limits: ExchangeLimits,
  signal: AbortSignal | undefined,
): Promise<RawAnswer | TransportFailure> => {
  signal?.throwIfAborted();
  const total = Math.min(limits.total, LONGEST_TIMER);
  const timeout = Math.ceil(Math.min(limits.timeout, total));
  const url = new URL(request.url);
  const { agent, proxy } = routeTo(url);
  let wire: http.ClientRequest | undefined;
  const onRequest = (created: http.ClientRequest) => {
    wire = created;
  };
  let expired = false;
  const stop = new AbortController();
  const expire = () => {
    expired = true;
    stop.abort();
  };
  // The socket's own timeout starts when it is connected and at every byte again. This timer bounds what it does not
  // see: the wait for a connection, and an answer that trickles in for ever.
  const started = performance.now();
  let timer = setTimeout(expire, timeout);
  let headed: http.IncomingMessage | undefined;
  const onHeaders = (message: http.IncomingMessage) => {
    headed = message;
    clearTimeout(timer);
    timer = setTimeout(expire, Math.max(0, total - (performance.now() - started)));
  };
  const release = onAbort(signal, () => {
    stop.abort();
  });
  try {
    const answer = await client.request<Buffer>({
      method: request.method,
      url: request.url,
      // Without this, axios calls a POST that has no body a form.
      headers: { "content-type": false, ...request.headers },
      data: request.body,
      httpAgent: agent,
      httpsAgent: agent,
      maxContentLength: limits.maxResponseBytes,
      timeout,
      signal: stop.signal,
      transport: observed(url.protocol === "https:", onRequest, onHeaders),
    });
    const { status, data } = answer;
    return { kind: "answer", status, headers: plainHeaders(answer.headers), text: data.toString("utf8") };
  } catch (error) {
    signal?.throwIfAborted();
    // The status of a refusal counts, whatever became of its words.
    if (headed?.statusCode !== undefined && headed.statusCode >= 300) {
      return { kind: "answer", status: headed.statusCode, headers: plainHeaders(headed.headers), text: "" };
    }
    return describeFailure(error, { sent: wire !== undefined && !nothingSent(wire), expired, proxy });
  } finally {
    clearTimeout(timer);
    release();
  }
};
