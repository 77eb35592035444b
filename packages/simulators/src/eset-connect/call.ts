import type * as z from "zod";
import type { EsetConnectBehavior } from "./behavior.js";
import { RpcFailure } from "./failures.js";
import type { ApiUserRecord } from "./records.js";
import type { WireObject } from "./wire.js";

/**
 * ESET's domains, each a host of its own, by the path prefix that stands for the host here.
 * https://help.eset.com/eset_connect/en-US/authenticate_api_user.html
 */
export const domainPaths = {
  businessAccount: "/business-account.iam",
  deviceManagement: "/device-management",
  mobileDeviceManagement: "/mobile-device-management",
  installerManagement: "/installer-management",
  assetManagement: "/asset-management",
  userManagement: "/user-management",
} as const;

export type Domain = keyof typeof domainPaths;

/** A call of an authenticated user, as a route sees it. */
export interface ApiCall {
  readonly user: ApiUserRecord;
  /** By the name in the route's path. */
  readonly parameter: (name: string) => string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly text: string;
}

/** One operation of the API; it answers, or throws an {@link RpcFailure}. */
export interface ApiRoute {
  readonly domain: Domain;
  readonly method: "GET" | "POST" | "DELETE";
  /** In ESET's notation: "/v1/devices/{deviceUuid}:move". */
  readonly path: string;
  /** The query parameters that exist. Default: none. */
  readonly query?: readonly string[];
  readonly handle: (call: ApiCall) => WireObject;
}

export const invalid = (message: string): RpcFailure => new RpcFailure("INVALID_ARGUMENT", message);

type Issue = z.core.$ZodIssue;

const withoutUnknown = (body: unknown, issues: readonly Issue[]): unknown => {
  const pruned = structuredClone(body);
  for (const issue of issues) {
    if (issue.code !== "unrecognized_keys") continue;
    let place = pruned;
    for (const step of issue.path) place = (place as Record<PropertyKey, unknown>)[step];
    for (const key of issue.keys) Reflect.deleteProperty(place as object, key);
  }
  return pruned;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(invalid("the body is not JSON"), { cause });
  }
};

/** The body, checked; in `unknownFields: "ignore"` without what the schema does not know. */
export const readBody = <Body>(
  call: ApiCall,
  schema: z.ZodType<Body>,
  { unknownFields }: EsetConnectBehavior,
): Body => {
  if (!/^application\/json\b/i.test(call.contentType))
    throw invalid("the content type is not application/json");
  const body = parseJson(call.text);
  const first = schema.safeParse(body);
  if (first.success) return first.data;
  const result =
    unknownFields === "ignore" ? schema.safeParse(withoutUnknown(body, first.error.issues)) : first;
  if (result.success) return result.data;
  throw invalid(result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
};

/** Refuses misspelt parameters, if the simulator is to. */
export const checkQuery = (
  query: URLSearchParams,
  known: readonly string[],
  { unknownFields }: EsetConnectBehavior,
): void => {
  const unknown =
    unknownFields === "refuse" ? [...query.keys()].find((name) => !known.includes(name)) : undefined;
  if (unknown !== undefined) throw invalid(`unknown query parameter "${unknown}"`);
};

/** A boolean parameter; absent or empty means undefined. */
export const readFlag = (query: URLSearchParams, name: string): boolean | undefined => {
  const value = query.get(name) ?? "";
  if (value === "") return undefined;
  if (value !== "true" && value !== "false") throw invalid(`${name}: "true" or "false"`);
  return value === "true";
};
