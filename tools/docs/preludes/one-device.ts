// A vendor of one device, for pages that call an API of their own.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export const token = "a-token-of-the-page";

const server = createServer((request, response) => {
  const isKnown = request.headers.authorization === `Bearer ${token}`;
  response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
  response.end(JSON.stringify({ name: "Scanner 7" }));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

export const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

export const finish = (): void => {
  server.close();
  server.closeAllConnections();
};
