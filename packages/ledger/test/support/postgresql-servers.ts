import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const listen = async (onConnection: (socket: Socket) => void): Promise<number> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // A client that gives up is none of the test's business.
    socket.on("error", () => socket.destroy());
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portOf(server);
};

/** The port of nobody. */
export const closedPort = async (): Promise<number> => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
};

/** A message of the protocol. https://www.postgresql.org/docs/current/protocol-message-formats.html */
const message = (type: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};

const integer = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

/** What a server says to a client that wants to come in. */
export const refusal = (sqlState: string, text: string): Buffer =>
  message("E", Buffer.from(`SFATAL\0C${sqlState}\0M${text}\0\0`));

const authentication = (kind: number, text: string): Buffer =>
  message("R", Buffer.concat([integer(kind), Buffer.from(text)]));

/** Asks for a password, which must not go over the line: what the server says, and says to what it hears next. */
export const passwordQuestions: readonly Buffer[] = [
  authentication(10, "SCRAM-SHA-256\0\0"),
  authentication(11, "r=nonce,s=c2FsdA==,i=4096"),
];

const tlsRequest = 80_877_103;

/**
 * A server that has no TLS, says the same to everyone who wants to come in, and then nothing more.
 *
 * @returns its port.
 */
export const startServer = (...answers: readonly Buffer[]): Promise<number> =>
  listen((socket) => {
    const left = [...answers];
    socket.on("data", (bytes) => {
      const asksForTls = bytes.length === 8 && bytes.readInt32BE(4) === tlsRequest;
      socket.write(asksForTls ? "N" : (left.shift() ?? ""));
    });
  });

/**
 * Stands between a client and a server.
 *
 * @param cuts - whether what a client says must not pass: then its connection breaks.
 * @returns its port.
 */
export const startProxy = (url: string, cuts: (text: string) => boolean): Promise<number> => {
  const { hostname, port } = new URL(url);
  return listen((socket) => {
    const server = connect(Number(port === "" ? 5432 : port), hostname);
    server.on("error", () => socket.destroy());
    socket.on("close", () => server.destroy());
    server.pipe(socket);
    socket.on("data", (bytes) => {
      if (cuts(bytes.toString("latin1"))) socket.destroy();
      else server.write(bytes);
    });
  });
};
