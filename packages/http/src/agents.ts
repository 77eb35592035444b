import http from "node:http";
import https from "node:https";
import { EnrollmentError } from "@enrollkit/core";
import type { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { watchConnections } from "./connections.js";
import { dropTalkative } from "./idle-connections.js";

/** The code of the error that a refusing proxy raises. */
export const PROXY_REFUSED = "EPROXYREFUSED";

/**
 * Milliseconds that an idle connection is kept. Shorter than what servers keep theirs: a connection that the server
 * closes at the very moment we send on it loses the answer of a call that must not be repeated.
 */
const IDLE_TIME = 4000;

/** Checked whatever NODE_TLS_REJECT_UNAUTHORIZED says: the proxy's own certificate here, the vendor's with each request. */
const keepAlive = { keepAlive: true, scheduling: "lifo", rejectUnauthorized: true } as const;

/** As an option of the agent, `timeout` would cut connections short that are still being made. */
const withIdleTime = <Agent extends http.Agent>(agent: Agent): Agent => {
  const idle = Object.assign(Object.create(agent) as Agent, { options: { timeout: IDLE_TIME } });
  // Node takes the shorter of this and what the server announces.
  agent.keepSocketAlive = agent.keepSocketAlive.bind(idle);
  return agent;
};

const prepared = <Agent extends http.Agent>(agent: Agent): Agent =>
  watchConnections(dropTalkative(withIdleTime(agent)));

/** A proxy that never answers must not keep the connection when the request has been given up. */
const lettingGo = <Agent extends HttpsProxyAgent<string>>(agent: Agent): Agent => {
  const connect = agent.connect.bind(agent);
  agent.connect = async (request, options) => {
    const given = new AbortController();
    const destroy = request.destroy.bind(request);
    request.destroy = (error) => {
      given.abort();
      return destroy(error);
    };
    if (request.destroyed) given.abort();
    // Read at once, before anybody else can set it.
    Object.assign(agent.connectOpts, { signal: given.signal });
    try {
      return await connect(request, options);
    } finally {
      Reflect.deleteProperty(request, "destroy");
    }
  };
  return agent;
};

/** A tunnel that the proxy refuses must look like a failed connection, not like the vendor's answer. */
const refusingOutLoud = <Agent extends http.Agent>(agent: Agent): Agent => {
  agent.on("proxyConnect", ({ statusCode }: { statusCode: number }, request: http.ClientRequest) => {
    if (statusCode === 200) return;
    const refusal = new Error(`the proxy answered ${statusCode}`);
    request.destroy(Object.assign(refusal, { code: PROXY_REFUSED }));
  });
  return agent;
};

/** How to reach a host. */
export interface Route {
  readonly agent: http.Agent;
  /** The proxy on the way, if there is one. */
  readonly proxy?: string;
}

const direct: Route = { agent: prepared(new http.Agent(keepAlive)) };
const directSecure: Route = { agent: prepared(new https.Agent(keepAlive)) };

const proxied = new Map<string, Promise<Route>>();

const isLoopback = (hostname: string) =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  /^127(?:\.\d+){3}$/.test(hostname);

const parseProxy = (text: string): URL => {
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol === "http:" || proxy?.protocol === "https:") return proxy;
  throw new EnrollmentError("the proxy that the environment names is not an http or https URL", {
    code: "invalid-config",
    advice: "Correct HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or except the host with NO_PROXY.",
  });
};

/** The agents are loaded when they are needed: most machines have no proxy. */
const agentFor = async (proxy: URL, secure: boolean): Promise<http.Agent> => {
  if (!secure) return new (await import("http-proxy-agent")).HttpProxyAgent(proxy, keepAlive);
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  return lettingGo(refusingOutLoud(new HttpsProxyAgent(proxy, keepAlive)));
};

const routeThrough = async (proxyUrl: string, secure: boolean): Promise<Route> => {
  const proxy = parseProxy(proxyUrl);
  return { agent: prepared(await agentFor(proxy, secure)), proxy: proxy.host };
};

/**
 * The way to a URL: through the proxy that `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` name, else direct.
 * This machine itself is never looked for behind a proxy. Connections are kept alive and shared by all clients of
 * the process; idle ones do not keep it running.
 *
 * @throws EnrollmentError `invalid-config` if the environment names a proxy that is none.
 */
export const routeTo = async (url: URL): Promise<Route> => {
  const secure = url.protocol === "https:";
  const proxyUrl = isLoopback(url.hostname) ? "" : getProxyForUrl(url.href);
  if (proxyUrl === "") return secure ? directSecure : direct;
  const key = `${url.protocol} ${proxyUrl}`;
  const route = proxied.get(key) ?? routeThrough(proxyUrl, secure);
  proxied.set(key, route);
  return route;
};
