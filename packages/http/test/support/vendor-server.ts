import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Answer = (response: ServerResponse, request: SeenRequest) => void;

const readAll = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
};

/** Listens on loopback until the test ends. */
export const listen = async (onRequest: RequestListener) => {
  const server = createServer(onRequest);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
};

/** A vendor on loopback that gives the answers in turn, and the last one for ever. */
export const startVendor = async (...answers: readonly Answer[]) => {
  const requests: SeenRequest[] = [];
  let connections = 0;
  const { server, url, port } = await listen((message, response) => {
    void readAll(message).then((body) => {
      const { method = "", url: path = "", headers } = message;
      const request = { method, path, headers, body };
      requests.push(request);
      answers[Math.min(requests.length, answers.length) - 1]?.(response, request);
    });
  });
  server.on("connection", () => {
    connections += 1;
  });
  return { server, url, port, requests, connections: () => connections };
};

/** Answers with JSON. */
export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };

/** Answers without a body. */
export const empty =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers);
    response.end();
  };

/** Ends the connection without an answer. */
export const reset: Answer = (response) => {
  response.socket?.resetAndDestroy();
};

/** Promises more than it sends. */
export const truncated: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.write('{"name":', () => response.socket?.destroy());
};

/** Never answers. */
export const silent: Answer = () => undefined;
