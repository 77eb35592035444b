import type { Context, Hono } from "hono";
import type { SimulatorEnvironment } from "../base/server.js";
import { errorBody, InvalidInput, Refusal, refusal } from "./errors.js";
import type { Organization } from "./organization.js";
import type { CredentialRecord } from "./records.js";
import { id, type Rule } from "./rules.js";
import type { Vendor } from "./vendor.js";

/** One authorized request. */
export interface Call {
  readonly organization: Organization;
  readonly query: URLSearchParams;
  /** The path's last parameter as it came. */
  readonly parameter: string;
  /** The path's last parameter, refused unless it is an id. */
  id(): string;
  /** The JSON body, read by a rule. */
  body<Value>(rule: Rule<Value>): Promise<Value>;
}

export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Behind `/v1/organizations/{organization}`. */
  readonly path: string;
  /** Absent where any credential of the organization will do. */
  readonly permission?: string;
  /** Whether success is the making of one record. */
  readonly creates?: true;
  /** What the envelope's `data` shall be. */
  readonly answer: (call: Call) => unknown;
}

const organizationPattern = /^([a-fA-F0-9]{24}|[a-zA-Z0-9-]{3,})$/;

const authenticate = (vendor: Vendor, header: string | undefined): CredentialRecord => {
  const bearer = header === undefined ? undefined : /^bearer +(\S+)$/i.exec(header)?.[1];
  if (bearer === undefined) throw refusal("no token");
  const credential = vendor.credentials.get(bearer);
  if (credential === undefined) throw refusal("invalid token");
  return credential;
};

const takeFromQuota = ({ quota, behavior }: Vendor, { bearer, organizationId }: CredentialRecord) => {
  if (!quota.take(behavior.quotaScope === "credential" ? bearer : organizationId)) {
    throw new Refusal(429, behavior.throttledErrorCode, "Too Many Requests");
  }
};

const covers = (granted: string, permission: string) =>
  granted === permission ||
  granted === "*" ||
  (granted.startsWith("*") && permission.endsWith(granted.slice(1)));

const authorize = ({ behavior }: Vendor, credential: CredentialRecord, permission: string | undefined) => {
  const granted = credential.permissions ?? behavior.rolePermissions[credential.role];
  if (permission !== undefined && !granted.some((one) => covers(one, permission))) {
    throw refusal(behavior.missingPermission);
  }
};

const organizationOf = (vendor: Vendor, credential: CredentialRecord, name: string): Organization => {
  if (!organizationPattern.test(name))
    throw new InvalidInput('"organizationId" fails to match the required pattern');
  const organization = vendor.organizations.get(name);
  if (organization === undefined) throw refusal("not found");
  if (organization.traits.id !== credential.organizationId) throw refusal(vendor.behavior.missingPermission);
  return organization;
};

/** The JSON of a body. Throws {@link InvalidInput}. */
export const readJson = (contentType: string | undefined, body: string): unknown => {
  // A body of another type is not read at all, as with the usual JSON body parsers.
  if (contentType?.toLowerCase().startsWith("application/json") !== true) return {};
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new InvalidInput("the body is not JSON", { cause: error });
  }
};

const callOf = (
  { behavior }: Vendor,
  organization: Organization,
  { req: request }: Context<SimulatorEnvironment>,
): Call => {
  const parameter = request.param("id") ?? "";
  return {
    organization,
    query: new URL(request.url).searchParams,
    parameter,
    id: () => id()(parameter, "id", behavior),
    body: async (rule) =>
      rule(readJson(request.header("content-type"), await request.text()), "body", behavior),
  };
};

const asRefusal = ({ behavior }: Vendor, error: unknown): Refusal => {
  if (error instanceof InvalidInput) return new Refusal(400, behavior.validationErrorCode, error.message);
  if (error instanceof Refusal) return error;
  throw error;
};

/** Answers an error in the vendor's envelope; anything but a refusal is a mistake in the simulator, and thrown on. */
export const answerError = (
  context: Context<SimulatorEnvironment>,
  vendor: Vendor,
  error: unknown,
): Response => {
  const refused = asRefusal(vendor, error);
  if (refused.status === 429) context.header("retry-after", String(vendor.behavior.retryAfterSeconds));
  return context.json(errorBody(refused), refused.status);
};

/**
 * Serves endpoints. The order of the checks is a choice, for the vendor names none: credential, quota, permission,
 * organization, then whatever the endpoint looks at.
 */
export const serve = (
  app: Hono<SimulatorEnvironment>,
  vendor: Vendor,
  endpoints: readonly Endpoint[],
): void => {
  for (const { method, path, permission, creates, answer } of endpoints) {
    const fullPath = `/v1/organizations/:organization${path}`;
    app.on(method, [fullPath, `${fullPath}/`], async (context) => {
      try {
        const credential = authenticate(vendor, context.req.header("authorization"));
        takeFromQuota(vendor, credential);
        authorize(vendor, credential, permission);
        const organization = organizationOf(vendor, credential, context.req.param("organization") ?? "");
        const data = await answer(callOf(vendor, organization, context));
        return context.json({ status: true, data }, creates === true ? vendor.behavior.createdStatus : 200);
      } catch (error) {
        return answerError(context, vendor, error);
      }
    });
  }
};
