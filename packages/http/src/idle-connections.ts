import type http from "node:http";
import type { Duplex } from "node:stream";

/**
 * Drops a kept connection on which something comes that nobody asked for: it could pass for the answer to the next call.
 */
export const dropTalkative = <Agent extends http.Agent>(agent: Agent): Agent => {
  const watched = new WeakMap<Duplex, () => void>();
  // What it returns says whether the connection is kept, although Node's types call it void.
  const keep: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  agent.keepSocketAlive = (socket): unknown => {
    const drop = () => {
      socket.destroy();
    };
    watched.set(socket, drop);
    socket.once("data", drop);
    return keep(socket);
  };
  agent.reuseSocket = (socket, request) => {
    const drop = watched.get(socket);
    if (drop !== undefined) socket.off("data", drop);
    reuse(socket, request);
  };
  return agent;
};
