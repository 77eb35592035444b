import * as z from "zod";
import { invalid, readBody, readFlag, type ApiCall, type ApiRoute } from "./call.js";
import { RpcFailure } from "./failures.js";
import { allGroupUuid } from "./group-tree.js";
import { optionalText } from "./proto-fields.js";
import type { GroupRecord } from "./records.js";
import { demandRights, type Tenant } from "./tenant.js";
import { assetGroupOnWire } from "./wire.js";

/** Names of the groups that ESET PROTECT makes by itself. */
export const builtInNames = { all: "All", lostAndFound: "Lost&Found" } as const;

const createSchema = z.strictObject({
  group: z.strictObject({
    displayName: z.string().min(1),
    parentGroupUuid: optionalText,
    description: optionalText,
    linkedEntityType: optionalText,
  }),
});
const moveSchema = z.strictObject({ newParentUuid: z.string() });
const renameSchema = z.strictObject({ displayName: z.string().min(1) });

const isBuiltInName = (name: string) => Object.values<string>(builtInNames).includes(name);

const groupFor = (tenant: Tenant, call: ApiCall, uuid: string): GroupRecord => {
  const group = tenant.groups.find(uuid);
  if (group === undefined) throw new RpcFailure("NOT_FOUND", `no group ${uuid}`);
  demandRights(tenant, call.user, uuid);
  return group;
};

const parentFor = (tenant: Tenant, call: ApiCall, uuid: string): GroupRecord => {
  const parent = groupFor(tenant, call, uuid);
  if (parent.membership !== "static") throw invalid(`the group ${uuid} is dynamic`);
  return parent;
};

/** The group of the path, unless it belongs to ESET PROTECT or stands for an entity. */
const changeableGroup = (tenant: Tenant, call: ApiCall): GroupRecord => {
  const group = groupFor(tenant, call, call.parameter("groupUuid"));
  const builtIn = group.uuid === allGroupUuid || group.uuid === tenant.lostAndFoundUuid;
  if (builtIn || group.linkedEntity !== "UNSPECIFIED") {
    throw new RpcFailure("FAILED_PRECONDITION", "this group cannot be changed");
  }
  return group;
};

const createGroup = (tenant: Tenant, call: ApiCall) => {
  const { group: wish } = readBody(call, createSchema, tenant.behavior);
  const linked = !["", "DEVICE_GROUP_ENTITY_TYPE_UNSPECIFIED"].includes(wish.linkedEntityType);
  if (isBuiltInName(wish.displayName) || linked) {
    throw new RpcFailure("FAILED_PRECONDITION", "such a group cannot be created");
  }
  const parent = parentFor(tenant, call, wish.parentGroupUuid === "" ? allGroupUuid : wish.parentGroupUuid);
  const group: GroupRecord = {
    uuid: tenant.entropy.uuid(),
    displayName: wish.displayName,
    description: wish.description,
    parentGroupUuid: parent.uuid,
    membership: "static",
    linkedEntity: "UNSPECIFIED",
    subscription: false,
    version: 1,
  };
  tenant.groups.add(group);
  return { group: assetGroupOnWire(group) };
};

const moveGroup = (tenant: Tenant, call: ApiCall) => {
  const { newParentUuid } = readBody(call, moveSchema, tenant.behavior);
  const group = changeableGroup(tenant, call);
  const parent = parentFor(tenant, call, newParentUuid);
  if (tenant.groups.isWithin(parent.uuid, group.uuid)) {
    throw new RpcFailure("FAILED_PRECONDITION", "a group cannot be moved into itself");
  }
  tenant.groups.move(group, parent.uuid);
  group.version += 1;
  return { group: assetGroupOnWire(group) };
};

const renameGroup = (tenant: Tenant, call: ApiCall) => {
  const { displayName } = readBody(call, renameSchema, tenant.behavior);
  const group = changeableGroup(tenant, call);
  if (isBuiltInName(displayName)) throw new RpcFailure("FAILED_PRECONDITION", "the name is taken");
  group.displayName = displayName;
  group.version += 1;
  return { group: assetGroupOnWire(group) };
};

const deleteGroup = (tenant: Tenant, call: ApiCall) => {
  readFlag(call.query, "releaseConsumedUnits");
  const { groups, devices, links, clock } = tenant;
  for (const doomed of groups.subtree(changeableGroup(tenant, call))) {
    for (const device of devices.inGroup(doomed.uuid)) {
      links.endAll(device.uuid, clock.now());
      devices.remove(device);
    }
    groups.remove(doomed);
  }
  return {};
};

/**
 * The same tree as the device groups. Deleting a group deletes all below it, devices included: the only way to delete any.
 * https://help.eset.com/eset_connect/en-US/asset_management_v1_groups_post.html
 */
export const assetGroupRoutes = (tenant: Tenant): readonly ApiRoute[] => [
  {
    domain: "assetManagement",
    method: "POST",
    path: "/v1/groups",
    handle: (call) => createGroup(tenant, call),
  },
  {
    domain: "assetManagement",
    method: "POST",
    path: "/v1/groups/{groupUuid}:move",
    handle: (call) => moveGroup(tenant, call),
  },
  {
    domain: "assetManagement",
    method: "POST",
    path: "/v1/groups/{groupUuid}:rename",
    handle: (call) => renameGroup(tenant, call),
  },
  {
    domain: "assetManagement",
    method: "DELETE",
    path: "/v1/groups/{groupUuid}",
    query: ["releaseConsumedUnits"],
    handle: (call) => deleteGroup(tenant, call),
  },
];
