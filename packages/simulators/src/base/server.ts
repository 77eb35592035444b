import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { runningClock, type SimulatorClock } from "./clock.js";
import { disfigure, FaultPlan, type Fault, type FaultTarget } from "./faults.js";

/** One request as it arrived, and what was answered. Bodies and headers are kept whole: a simulator sees test data only. */
export interface RecordedRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
  /** The simulator's time of arrival, milliseconds since the Unix epoch. */
  readonly at: number;
  /** The status answered; absent while it is under way and for a connection that was reset. */
  status?: number;
}

/** Counts since the start, for tests and tables. */
export interface SimulatorStats {
  readonly requests: number;
  /** Answers by HTTP status. */
  readonly byStatus: Readonly<Record<number, number>>;
}

/** What every simulator offers beside its vendor's API: the one control seam. */
export interface Simulator {
  /** Origin, with no slash at the end: "http://127.0.0.1:40123". */
  readonly url: string;
  readonly clock: SimulatorClock;
  /** Plans a fault for coming requests. */
  failNext(fault: Fault, target?: FaultTarget): void;
  /** Forgets planned faults that have not struck. */
  clearFaults(): void;
  /** Everything received so far, oldest first. */
  requests(): readonly RecordedRequest[];
  stats(): SimulatorStats;
  /** Ends open connections and stops listening. */
  close(): Promise<void>;
}

/** What every `start…Simulator` takes. */
export interface SimulatorOptions {
  /** Default: the machine's clock. */
  readonly clock?: SimulatorClock;
  /** Default: 0, a free port. */
  readonly port?: number;
}

/** Environment of a simulator's hono app. */
export interface SimulatorEnvironment {
  Bindings: HttpBindings;
}
export type SimulatorContext = Context<SimulatorEnvironment>;

const answerOf = ({ status, headers, body }: Extract<Fault, { kind: "status" }>): Response => {
  if (typeof body !== "object") return new Response(body ?? null, { status, headers: { ...headers } });
  const json = { "content-type": "application/json; charset=utf-8", ...headers };
  return new Response(JSON.stringify(body), { status, headers: json });
};

const faultInjection =
  (plan: FaultPlan): MiddlewareHandler<SimulatorEnvironment> =>
  async (context, next) => {
    const fault = plan.take(context.req.method, context.req.path);
    if (fault?.kind === "status" && fault.when !== "after") return answerOf(fault);
    if (fault?.kind === "reset" && fault.when === "before") {
      context.env.incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    await next();
    if (fault === undefined) return undefined;
    if (fault.kind === "delay") {
      await sleep(fault.milliseconds, undefined, { ref: false });
    } else if (fault.kind === "reset") {
      context.env.incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    } else if (fault.kind === "status") {
      context.res = answerOf(fault);
    } else {
      const { status, headers } = context.res;
      const changed = new Headers(headers);
      changed.delete("content-length");
      if (fault.kind === "body") changed.set("content-type", fault.contentType);
      const body = disfigure(fault, await context.res.text());
      context.res = undefined;
      context.res = new Response(body, { status: fault.kind === "body" ? 200 : status, headers: changed });
    }
    return undefined;
  };

/**
 * Puts the control seam around a vendor's routes and listens on the loopback interface.
 * `around` works outside of the faults, on the answer as they left it: the place for content encoding.
 */
export const startServer = async (
  routes: (app: Hono<SimulatorEnvironment>, origin: () => string, clock: SimulatorClock) => void,
  { clock = runningClock(), port = 0 }: SimulatorOptions = {},
  around?: MiddlewareHandler<SimulatorEnvironment>,
): Promise<Simulator> => {
  const plan = new FaultPlan();
  const recorded: RecordedRequest[] = [];
  const byStatus: Record<number, number> = {};
  let origin = "";

  const app = new Hono<SimulatorEnvironment>();
  app.use(async (context, next) => {
    const { method, path } = context.req;
    const entry: RecordedRequest = {
      method,
      path,
      query: new URL(context.req.url).searchParams,
      headers: new Headers(context.req.raw.headers),
      body: await context.req.text(),
      at: clock.now(),
    };
    recorded.push(entry);
    await next();
    if (context.env.incoming.socket.destroyed) return;
    entry.status = context.res.status;
    byStatus[entry.status] = (byStatus[entry.status] ?? 0) + 1;
  });
  if (around !== undefined) app.use(around);
  app.use(faultInjection(plan));
  routes(app, () => origin, clock);

  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: origin,
    clock,
    failNext: (fault, target) => {
      plan.add(fault, target);
    },
    clearFaults: () => {
      plan.clear();
    },
    requests: () => recorded,
    stats: () => ({ requests: recorded.length, byStatus: { ...byStatus } }),
    close: () =>
      new Promise<void>((resolve) => {
        // Its only error is that the server has been closed before.
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};
