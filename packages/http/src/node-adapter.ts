import http from "node:http";
import https from "node:https";
import type { AxiosAdapter, InternalAxiosRequestConfig } from "axios";
import { onAbort } from "./abort.js";
import { WithheldRequest } from "./before-send.js";
import { bodyText } from "./body-text.js";
import { nothingSent, whenConnected } from "./connections.js";
import { decoded, failureWith, OVERSIZED, UNREADABLE } from "./content-encoding.js";

/** Whatever the vendor answered, whatever its status. */
export interface RawAnswer {
  readonly kind: "answer";
  readonly status: number;
  /** Names in lower case; without `set-cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Why the body must not be read as JSON, if so. */
  readonly unreadable?: string;
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

/** Beyond this, Node's timers fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

type Head = Pick<RawAnswer, "status" | "headers">;

/** Why there is no whole answer, and how far things had gone. */
export class BrokenExchange extends Error {
  /** Whether the vendor may have got something: a connection stood, TLS included. */
  readonly sent: boolean;
  /** Whether the time was up. */
  readonly expired: boolean;
  /** What had come of the answer. */
  readonly head: Head | undefined;

  constructor(cause: unknown, progress: Pick<BrokenExchange, "sent" | "expired" | "head">) {
    super("no whole answer came", { cause });
    this.name = "BrokenExchange";
    this.sent = progress.sent;
    this.expired = progress.expired;
    this.head = progress.head;
  }
}

/** Calls `expire` when nothing was heard for too long, or at the very end; one timer for both. */
const watchTime = ({ timeout, total }: ExchangeLimits, expire: () => void) => {
  const started = performance.now();
  let heard = started;
  const left = () => Math.min(heard + timeout, started + total) - performance.now();
  const wait = () => setTimeout(look, Math.min(Math.ceil(left()), LONGEST_TIMER));
  const look = () => {
    if (left() <= 0) expire();
    else timer = wait();
  };
  let timer = wait();
  return {
    hear: () => {
      heard = performance.now();
    },
    stop: () => {
      clearTimeout(timer);
    },
  };
};

/** Of all headers, only `set-cookie` is an array. */
const headOf = ({ statusCode = 0, headers }: http.IncomingMessage): Head => {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (typeof value === "string") plain[name] = value;
  return { status: statusCode, headers: plain };
};

/** What no variable of the environment may loosen: NODE_TLS_REJECT_UNAUTHORIZED and NODE_OPTIONS would. */
const safeguards = { rejectUnauthorized: true, maxHeaderSize: 16 * 1024 };
/** Interim answers to one request; a server that sends more sends them for ever. */
const MOST_INTERIM_ANSWERS = 100;

const open = ({ method, headers }: InternalAxiosRequestConfig, url: URL, agent: http.Agent) =>
  (url.protocol === "https:" ? https : http).request({
    agent,
    method: method?.toUpperCase(),
    protocol: url.protocol,
    // An IPv6 address stands in brackets in a URL, and nowhere else.
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    path: url.pathname + url.search,
    headers: { ...headers.toJSON() } as http.OutgoingHttpHeaders,
    ...safeguards,
  });

interface Received {
  readonly head: Head;
  readonly body: Buffer;
  readonly sent: boolean;
}

const receive = (
  config: InternalAxiosRequestConfig<Buffer | undefined>,
  { url, agent, limits, signal, beforeSend }: NodeExchange,
): Promise<Received> =>
  new Promise((resolve, reject) => {
    const request = open(config, url, agent);
    let head: Head | undefined;
    let over = false;
    let ended = false;
    const finish = (settle: () => void) => {
      if (over) return;
      over = true;
      time.stop();
      release();
      settle();
    };
    const fail = (cause: Error, expired = false) => {
      finish(() => {
        reject(new BrokenExchange(cause, { sent: ended && !nothingSent(request), expired, head }));
        request.destroy();
      });
    };
    const lose = () => {
      if (!over) fail(failureWith("ECONNRESET", "the connection was closed"));
    };
    const time = watchTime(limits, () => {
      fail(new Error("the time is up"), true);
    });
    const release = onAbort(signal, () => {
      fail(new Error("the call was aborted"));
    });
    let interim = 0;
    request.on("information", () => {
      interim += 1;
      if (interim > MOST_INTERIM_ANSWERS) fail(failureWith(UNREADABLE, "there are too many interim answers"));
    });
    request.on("upgrade", (_, socket) => {
      socket.destroy();
      fail(failureWith(UNREADABLE, "the server switched to another protocol"));
    });
    request.on("response", (message) => {
      const received = headOf(message);
      if (received.status < 200 || received.status > 599) {
        fail(failureWith(UNREADABLE, "no such status exists"));
        return;
      }
      head = received;
      const chunks: Buffer[] = [];
      let size = 0;
      time.hear();
      message.on("data", (chunk: Buffer) => {
        time.hear();
        size += chunk.length;
        if (size <= limits.maxResponseBytes) chunks.push(chunk);
        else fail(failureWith(OVERSIZED, "the answer is too large"));
      });
      message.on("end", () => {
        finish(() => {
          resolve({ head: received, body: Buffer.concat(chunks, size), sent: true });
        });
      });
      message.on("error", fail);
      message.on("close", lose);
    });
    request.on("error", fail);
    request.on("close", () => {
      if (head === undefined) lose();
    });
    const end = () => {
      ended = true;
      request.end(config.data);
    };
    if (beforeSend === undefined) {
      end();
      return;
    }
    const ask = () => {
      try {
        beforeSend();
      } catch (reason) {
        finish(() => {
          reject(new WithheldRequest(reason));
          request.destroy();
        });
      }
    };
    // Node sends nothing of a request, not even its headers, before it is ended.
    whenConnected(request, () => {
      if (!over) ask();
      // The guard may have aborted the call, too.
      if (!over) end();
    });
  });

/** One request, as axios's config does not say it. */
export interface NodeExchange {
  readonly url: URL;
  readonly agent: http.Agent;
  readonly limits: ExchangeLimits;
  readonly signal: AbortSignal | undefined;
  /** Asked when the connection stands; if it throws, nothing is sent. */
  readonly beforeSend: (() => void) | undefined;
}

/**
 * An axios adapter straight over Node's http, cheaper than axios's own. It takes method, headers and body from
 * axios, follows no redirect, and gives a {@link RawAnswer} as the data. Rejects with a {@link BrokenExchange}, or with
 * a {@link WithheldRequest}.
 */
export const overNode =
  (exchange: NodeExchange): AxiosAdapter =>
  async (config: InternalAxiosRequestConfig<Buffer | undefined>) => {
    const { head, body } = await receive(config, exchange);
    const { status, headers } = head;
    try {
      const data = await decoded(body, headers["content-encoding"], exchange.limits.maxResponseBytes);
      const answer: RawAnswer = { kind: "answer", ...head, ...bodyText(data, headers["content-type"]) };
      return { data: answer, status, statusText: "", headers: {}, config };
    } catch (cause) {
      throw new BrokenExchange(cause, { sent: true, expired: false, head });
    }
  };
