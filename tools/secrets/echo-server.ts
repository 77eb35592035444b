import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { planted } from "./canaries.js";

/** One answer of a server that repeats everything it was told. */
export interface Echo {
  readonly status: number;
  /** `error`: the vendor's own shape; `code`: where the vendor has its code; `cut`: it breaks off. */
  readonly shape: "error" | "code" | "html" | "text" | "cut";
  /** What is repeated first: only so much of a vendor's words is kept. */
  readonly first: "authorization" | "body" | "path";
}

const shapes = ["error", "code", "html", "text", "cut"] as const;
const firsts = ["authorization", "body", "path"] as const;

/** Every status in the vendor's shape; the other shapes with a few of them. */
export const echoes: readonly Echo[] = [
  ...[400, 500].flatMap((status) => firsts.map((first): Echo => ({ status, shape: "error", first }))),
  ...[401, 403, 404, 409, 422, 429, 503, 200, 202].map((status, place): Echo => {
    const first = firsts[place % firsts.length] ?? "body";
    return { status, shape: "error", first };
  }),
  ...[200, 403].flatMap((status) =>
    shapes.slice(1).map((shape): Echo => ({ status, shape, first: "authorization" })),
  ),
];

const repeated = ({ first }: Echo, { headers, url = "" }: IncomingMessage, body: string): string => {
  const parts = { authorization: headers.authorization ?? "", body, path: decodeURIComponent(url) };
  const { [first]: start, ...others } = parts;
  return [start, ...Object.values(others), JSON.stringify(headers)].join(" ");
};

/** The shapes of all three vendors at once: each reads its own. */
const errorBody = (words: string, code: string | number) => ({
  code: typeof code === "number" ? 3 : code,
  message: words,
  details: [{ reason: code, fieldViolations: [{ field: words, description: words }] }],
  status: false,
  error: {
    code: typeof code === "number" ? 5001 : code,
    status: code,
    message: words,
    errors: [{ reason: code, message: words }],
    details: [{ reason: code, fieldViolations: [{ field: words, description: words }] }],
  },
  error_description: words,
});

const contentOf = (echo: Echo, words: string): readonly [type: string, content: string] => {
  switch (echo.shape) {
    case "error":
      return ["application/json", JSON.stringify(errorBody(words, echo.status))];
    case "code":
      return ["application/json", JSON.stringify(errorBody("refused", words))];
    case "html":
      return ["text/html", `<html><title>${words}</title><h1>${words}</h1></html>`];
    case "text":
      return ["text/plain", words];
    case "cut":
      return ["application/json", JSON.stringify(errorBody(words, echo.status)).slice(0, -20)];
  }
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

const grant = JSON.stringify({
  access_token: planted.accessToken,
  refresh_token: planted.refreshToken,
  token_type: "Bearer",
  expires_in: 3600,
});

/** A vendor that answers whatever it is told to, with all that it has received. */
export interface EchoServer {
  readonly url: string;
  /** @param logins - whether the token endpoint echoes as well; else it grants {@link planted.accessToken}. */
  answer(echo: Echo, logins: "granted" | "echoed"): void;
  /** Requests so far. */
  readonly requests: number;
  close(): Promise<void>;
}

export const startEchoServer = async (): Promise<EchoServer> => {
  let current: Echo = { status: 500, shape: "error", first: "body" };
  let grants = true;
  let requests = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const body = await bodyOf(request);
    if (grants && /\/token$/.test(request.url ?? "")) {
      response.writeHead(200, { "content-type": "application/json" }).end(grant);
      return;
    }
    const words = repeated(current, request, body);
    const [type, content] = contentOf(current, words);
    const id = words.replaceAll(/[^\x21-\x7e]+/g, "-").slice(0, 200);
    response.writeHead(current.status, { "content-type": type, "request-id": id, "x-request-id": id });
    response.end(content);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answer: (echo, logins) => {
      current = echo;
      grants = logins === "granted";
    },
    get requests() {
      return requests;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
