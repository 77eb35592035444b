import { createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** What a server does on a connection, from when something of a request has come; `sent` counts requests on it from 1. */
export type Attack = (socket: Socket, sent: number) => void;

/** A plain socket on loopback until the test ends: it says what no HTTP library would. */
export const startHostile = async (attack: Attack, onConnection?: (socket: Socket) => void) => {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client that gives up resets the connection: that is what is wanted of it.
    socket.on("error", () => undefined);
    onConnection?.(socket);
    let sent = 0;
    let pending = "";
    socket.on("data", (chunk: Buffer) => {
      pending += chunk.toString("latin1");
      // Requests of these tests fit into one chunk or two: head, and a body of known length.
      const end = pending.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? 0);
      if (end === -1 || pending.length < end + 4 + length) return;
      received.push(pending);
      pending = "";
      sent += 1;
      attack(socket, sent);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    connections: () => connections,
    open: () => sockets.size,
  };
};

/** The bytes of an answer. */
export const answer = (body: string | Buffer, headers: readonly string[] = [], status = "200 OK"): Buffer => {
  const content = Buffer.from(body as string);
  const lines = [`HTTP/1.1 ${status}`, `content-length: ${content.length}`, ...headers];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), content]);
};

/** A good answer. */
export const good = answer('{"name":"pixel"}', ["content-type: application/json"]);

/** Writes a head, and then one block again and again for as long as the other side takes it. */
export const endless = (head: string, block: Buffer | string): Attack => {
  return (socket) => {
    socket.write(head);
    const pump = () => {
      while (!socket.destroyed && socket.write(block));
      if (!socket.destroyed) socket.once("drain", pump);
    };
    pump();
  };
};
