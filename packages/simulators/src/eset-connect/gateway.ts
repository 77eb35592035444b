import { setTimeout as sleep } from "node:timers/promises";
import type { Hono } from "hono";
import type { FaultPlan } from "../base/faults.js";
import type { SimulatorContext, SimulatorEnvironment } from "../base/server.js";
import { checkQuery, domainPaths, invalid, type ApiRoute } from "./call.js";
import { RpcFailure, rpcStatus } from "./failures.js";
import type { Outcome, PendingResults, SlowAnswer } from "./pending-results.js";
import type { CallQuota, FairUse } from "./quota.js";
import type { ApiUserRecord } from "./records.js";
import type { Tenant } from "./tenant.js";
import { answerTokenCall } from "./token-endpoint.js";
import type { TokenIssuer } from "./token-issuer.js";
import { withoutUnset } from "./wire.js";

/** What stands between the network and the routes. */
export interface Gateway {
  readonly tenant: Tenant;
  readonly issuer: TokenIssuer;
  readonly quota: CallQuota;
  readonly fairUse: FairUse;
  readonly pending: PendingResults;
  readonly slow: FaultPlan<SlowAnswer>;
  readonly counts: { rateLimitRefusals: number; tokenCalls: number };
}

interface Arrival {
  readonly context: SimulatorContext;
  readonly url: URL;
  readonly text: string;
  /** "" when the request collects nothing. */
  readonly responseId: string;
}

const longestPathParameter = 100;
const tokenPath = `${domainPaths.businessAccount}/oauth/token`;

const failureOutcome = (failure: RpcFailure, { behavior }: Tenant): Outcome => ({
  status: failure.status,
  body: behavior.errorBodies === "empty" ? "" : JSON.stringify(rpcStatus(failure.code, failure.message)),
  ...(failure.code === "RESOURCE_EXHAUSTED" &&
    behavior.retryAfterSeconds !== undefined && {
      headers: { "retry-after": `${behavior.retryAfterSeconds}` },
    }),
});

const attempt = (tenant: Tenant, act: () => Outcome): Outcome => {
  try {
    return act();
  } catch (error) {
    if (error instanceof RpcFailure) return failureOutcome(error, tenant);
    throw error;
  }
};

const respond = ({ entropy }: Tenant, { status, body, headers }: Outcome): Response =>
  new Response(body === "" ? null : body, {
    status,
    headers: {
      ...(body !== "" && { "content-type": "application/json" }),
      ...headers,
      "request-id": entropy.uuid(),
    },
  });

const edgeRejects = ({ behavior }: Tenant, { context, text }: Arrival): boolean => {
  const tokenCall = context.req.path === tokenPath;
  switch (behavior.edgeRejects) {
    case "nothing":
      return false;
    case "everything":
      return true;
    case "token-calls":
      return tokenCall;
    case "api-calls":
      return !tokenCall;
    case "markup":
      return /<[a-z/!?]/i.test(text);
  }
};

const edgeRejection = (): Response =>
  new Response("<html><body><h1>The requested URL was rejected</h1></body></html>", {
    status: 403,
    headers: { "content-type": "text/html", server: "volt-adc" },
  });

/** The 202 protocol around the work of a call, which is done when the call arrives, however late its result. */
const answerSlowly = (gateway: Gateway, arrival: Arrival, work: () => Outcome): Outcome => {
  const { tenant, pending, slow, fairUse } = gateway;
  const { context, url, text, responseId } = arrival;
  const now = tenant.clock.now();
  const request = `${context.req.method} ${url.pathname}${url.search}\n${text}`;
  if (responseId !== "") return pending.collect(responseId, request, now);
  const planned = slow.take(context.req.method, context.req.path);
  if (planned !== undefined) return pending.hold(request, attempt(tenant, work), planned, now);
  const policy = context.req.path === tokenPath ? "off" : tenant.behavior.fairUse;
  const readyAt = policy === "off" ? undefined : fairUse.admit(policy, now);
  if (readyAt === undefined) return work();
  return pending.hold(request, attempt(tenant, work), {}, now, readyAt);
};

const admit = (gateway: Gateway, { context, responseId }: Arrival, user: ApiUserRecord): void => {
  const { tenant, quota, counts } = gateway;
  const { behavior, clock } = tenant;
  if (behavior.enforceQuota && (responseId === "" || behavior.countPolls)) {
    try {
      quota.admit(behavior.quotaScope === "account" ? "account" : user.uuid, clock.now());
    } catch (error) {
      counts.rateLimitRefusals += 1;
      throw error;
    }
  }
  if (user.access === "denied") throw new RpcFailure("PERMISSION_DENIED", "access denied");
  if (behavior.integrationHeader === "required" && (context.req.header("3rd-integration") ?? "") === "") {
    throw new RpcFailure("PERMISSION_DENIED", "the header 3rd-integration is missing");
  }
};

const answerApiCall = (gateway: Gateway, arrival: Arrival, route: ApiRoute): Outcome => {
  const { tenant, issuer } = gateway;
  const { context, url, text } = arrival;
  const user = issuer.userOf(context.req.header("authorization"));
  admit(gateway, arrival, user);
  return answerSlowly(gateway, arrival, () => {
    checkQuery(url.searchParams, route.query ?? [], tenant.behavior);
    const answer = route.handle({
      user,
      parameter: (name) => {
        const [value = ""] = (context.req.param(name) ?? "").split(":");
        if (value.length > longestPathParameter)
          throw invalid(`${name}: at most ${longestPathParameter} characters`);
        return value;
      },
      query: url.searchParams,
      contentType: context.req.header("content-type") ?? "",
      text,
    });
    return {
      status: 200,
      body: JSON.stringify(tenant.behavior.unsetFields === "absent" ? withoutUnset(answer) : answer),
    };
  });
};

const receive =
  (gateway: Gateway, answer: (arrival: Arrival) => Outcome) =>
  async (context: SimulatorContext): Promise<Response> => {
    const { tenant } = gateway;
    const arrival: Arrival = {
      context,
      url: new URL(context.req.url),
      text: await context.req.text(),
      responseId: context.req.header("response-id") ?? "",
    };
    if (edgeRejects(tenant, arrival)) return edgeRejection();
    const outcome = attempt(tenant, () => answer(arrival));
    const hold = outcome.status === 202 ? tenant.behavior.holdMilliseconds : 0;
    if (hold > 0) await sleep(hold, undefined, { ref: false });
    return respond(tenant, outcome);
  };

/** "/v1/devices/{deviceUuid}:move" as the router has it: "/v1/devices/:deviceUuid{[^/:]+:move}". */
const routerPath = (path: string): string =>
  path.replace(/\{(\w+)\}(:\w+)?/g, (_match, name: string, verb = "") => `:${name}{[^/:]+${verb}}`);

/** Puts the token endpoint and the API behind the gateway; whatever else is asked for is 404. */
export const mountGateway = (
  app: Hono<SimulatorEnvironment>,
  gateway: Gateway,
  routes: readonly ApiRoute[],
): void => {
  app.post(
    tokenPath,
    receive(gateway, (arrival) => {
      gateway.counts.tokenCalls += 1;
      const contentType = arrival.context.req.header("content-type") ?? "";
      return answerSlowly(gateway, arrival, () =>
        answerTokenCall(contentType, arrival.text, gateway.tenant, gateway.issuer),
      );
    }),
  );
  for (const route of routes) {
    app.on(
      route.method,
      `${domainPaths[route.domain]}${routerPath(route.path)}`,
      receive(gateway, (arrival) => answerApiCall(gateway, arrival, route)),
    );
  }
  app.notFound(
    receive(gateway, () => {
      throw new RpcFailure("NOT_FOUND", "no such resource");
    }),
  );
};
