import * as z from "zod";
import { readBody, type ApiCall, type ApiRoute } from "./call.js";
import { RpcFailure } from "./failures.js";
import { pageOf, pagingParameters } from "./paging.js";
import type { DirectoryUserRecord } from "./records.js";
import type { Tenant } from "./tenant.js";

const largestBatch = 1000;
const batchSchema = z.strictObject({ usersUuids: z.array(z.string()) });

const userFor = ({ directoryUsers }: Tenant, uuid: string): DirectoryUserRecord => {
  const user = directoryUsers.get(uuid);
  if (user === undefined) throw new RpcFailure("NOT_FOUND", `no user ${uuid}`);
  return user;
};

const contains = (value: string, part: string | null) =>
  value.toLowerCase().includes((part ?? "").toLowerCase());

const listUsers = ({ directoryUsers }: Tenant, { query }: ApiCall) => {
  const found = [...directoryUsers.values()].filter(
    ({ email, displayName }) =>
      contains(email, query.get("email")) && contains(displayName, query.get("displayName")),
  );
  const { items, nextPageToken } = pageOf(found, query, "users");
  return { users: items, nextPageToken };
};

const batchGetUsers = (tenant: Tenant, call: ApiCall) => {
  const { usersUuids } = readBody(call, batchSchema, tenant.behavior);
  if (usersUuids.length > largestBatch) {
    throw new RpcFailure("OUT_OF_RANGE", `usersUuids: at most ${largestBatch}`);
  }
  return { users: usersUuids.map((uuid) => userFor(tenant, uuid)) };
};

/**
 * Users of a cloud office or directory; nothing links them to devices.
 * https://help.eset.com/eset_connect/en-US/user_management_v1_users_get.html
 */
export const userRoutes = (tenant: Tenant): readonly ApiRoute[] => [
  {
    domain: "userManagement",
    method: "GET",
    path: "/v1/users",
    query: ["email", "displayName", ...pagingParameters],
    handle: (call) => listUsers(tenant, call),
  },
  {
    domain: "userManagement",
    method: "GET",
    path: "/v1/users/{userUuid}",
    handle: (call) => ({ user: userFor(tenant, call.parameter("userUuid")) }),
  },
  {
    domain: "userManagement",
    method: "POST",
    path: "/v1/users:batchGetUsers",
    handle: (call) => batchGetUsers(tenant, call),
  },
];
