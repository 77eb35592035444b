import type { Hono } from "hono";
import type { SimulatorContext, SimulatorEnvironment } from "../base/server.js";
import { sendError, sendJson } from "./answers.js";
import { authenticate, takeQuota } from "./authorization.js";
import { ApiError } from "./errors.js";
import { applyFieldMask, parseFieldMask } from "./field-mask.js";
import { readMessage, type Field } from "./proto-json.js";
import { readQuery, type Parameters, type QueryValues } from "./query.js";
import type { AccountRecord, Vendor } from "./state.js";

/** A request that has passed the front end: the caller is known, query and body have the right types. */
export interface Call<Body, Known extends Parameters> {
  readonly vendor: Vendor;
  readonly account: AccountRecord;
  readonly query: QueryValues<Known>;
  readonly body: Body;
  /** A path parameter, percent-decoded; "+" stands for itself. */
  readonly parameter: (name: string) => string;
}

type Verb = "GET" | "POST" | "PATCH" | "DELETE";

/** One method of the API. */
interface Method<Body, Known extends Parameters> {
  readonly verb: Verb;
  readonly path: string;
  readonly query: Known;
  /** The resource in the body, and what the vendor calls it in its complaints. */
  readonly body?: { readonly message: Field<Body>; readonly root: string };
  /** Answers the resource, or throws an `ApiError`. */
  answer(call: Call<Body, Known>): object;
}

/** Checks the body types here once, so that methods of different bodies fit into one list. */
export const method = <const Known extends Parameters, Body = undefined>(
  definition: Method<Body, Known>,
): Route => ({
  verb: definition.verb,
  path: definition.path,
  handle: (vendor, context, body) => {
    const query = new URL(context.req.url).searchParams;
    const account = authenticate(vendor, context.req.header("authorization"), query);
    takeQuota(vendor, account);
    const mask = parseFieldMask(query.get("fields") || "*");
    const answer = definition.answer({
      vendor,
      account,
      query: readQuery(query, definition.query),
      body: (definition.body === undefined
        ? undefined
        : readMessage(body, definition.body.message, definition.body.root)) as Body,
      parameter: (name) => context.req.param(name) ?? "",
    });
    return applyFieldMask(answer, mask);
  },
});

export interface Route {
  readonly verb: Verb;
  readonly path: string;
  readonly handle: (vendor: Vendor, context: SimulatorContext, body: string) => unknown;
}

/**
 * Binds methods in the order that the vendor checks a request: path, credentials, quota, types of query and body,
 * enterprise, meaning.
 */
export const addMethods = (
  app: Hono<SimulatorEnvironment>,
  vendor: Vendor,
  routes: readonly Route[],
): void => {
  for (const { verb, path, handle } of routes) {
    app.on(verb, path, async (context) => {
      const body = await context.req.text();
      try {
        return sendJson(context, handle(vendor, context, body), 200);
      } catch (error) {
        if (error instanceof ApiError) return sendError(context, error);
        throw error;
      }
    });
  }
};
