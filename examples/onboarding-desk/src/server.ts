import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { createApp } from "./app.js";

/** The only address it listens on: nobody else on the network sees the desk. */
const ownAddress = "127.0.0.1";

/** Serves an app to this machine. `port`: 0 takes a free one. */
export const startServer = async ({ fetch }: ReturnType<typeof createApp>, port: number) => {
  const answer = getRequestListener(fetch);
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, ownAddress, resolve);
  });
  let isClosing = false;
  // Kept connections would hold the server open: each goes once it has its answer.
  server.on("request", (_, response) =>
    response.on("close", () => {
      if (isClosing) server.closeIdleConnections();
    }),
  );
  return {
    url: `http://${ownAddress}:${(server.address() as AddressInfo).port}`,
    /** Lets requests that are under way come to their end. */
    close: () =>
      new Promise<void>((resolve) => {
        isClosing = true;
        // Its only error is that the server has been closed before.
        server.close(() => {
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};
