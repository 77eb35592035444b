import type http from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

/** Connections that are still being made, or never came about. */
const unopened = new WeakSet<Duplex>();

const opening = (socket: Duplex) => (socket instanceof TLSSocket ? "secureConnect" : "connect");

const watch = (socket: Duplex) => {
  const secure = socket instanceof TLSSocket;
  if (!secure && !(socket instanceof Socket && socket.connecting)) return;
  unopened.add(socket);
  socket.once(opening(socket), () => {
    unopened.delete(socket);
  });
};

/** Watches the connections that an agent makes, so that {@link nothingSent} can tell. */
export const watchConnections = <Agent extends http.Agent>(agent: Agent): Agent => {
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (...parameters) => {
    const socket = createConnection(...parameters);
    if (socket) watch(socket);
    return socket;
  };
  return agent;
};

/**
 * Whether it is certain that nothing of a request left this machine: it never had a connection, TLS included. Of a
 * connection that no watched agent made, nothing is certain.
 */
export const nothingSent = (request: http.ClientRequest): boolean =>
  request.socket === null || unopened.has(request.socket);

/** Calls back when a request has its connection, TLS included. Of one that no watched agent made, TLS is not waited for. */
export const whenConnected = (request: http.ClientRequest, proceed: () => void): void => {
  request.once("socket", (socket) => {
    if (unopened.has(socket)) socket.once(opening(socket), proceed);
    else proceed();
  });
};
