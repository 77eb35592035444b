import { readFlag, type ApiCall, type ApiRoute } from "./call.js";
import { RpcFailure } from "./failures.js";
import { pageOf, pagingParameters } from "./paging.js";
import { demandRights, hasRights, membersOf, type Tenant } from "./tenant.js";
import { deviceGroupOnWire } from "./wire.js";

const listGroups = (tenant: Tenant, { user, query }: ApiCall) => {
  const visible = tenant.groups.all().filter(({ uuid }) => hasRights(tenant, user, uuid));
  const { items, nextPageToken } = pageOf(visible, query, "device_groups");
  return { deviceGroups: items.map(deviceGroupOnWire), nextPageToken };
};

/** A device that several of the groups show is listed once for each. */
const listMembers = (tenant: Tenant, { user, query, parameter }: ApiCall) => {
  const { groups, clock, behavior } = tenant;
  const uuid = parameter("groupUuid");
  const group = groups.find(uuid);
  if (group === undefined) throw new RpcFailure("NOT_FOUND", `no group ${uuid}`);
  demandRights(tenant, user, uuid);
  const searched = readFlag(query, "recurseSubgroups") === true ? groups.subtree(group) : [group];
  const visibleSince = clock.now() - behavior.groupListingLagMilliseconds;
  const members = searched.flatMap((holder) =>
    membersOf(tenant, holder)
      .filter(({ createdAt }) => createdAt <= visibleSince)
      .map((device) => ({ device, groupUuid: holder.uuid })),
  );
  const { items, nextPageToken } = pageOf(members, query, `device_groups/${uuid}/devices`);
  return {
    devices: items.map(({ device, groupUuid }) => ({
      uuid: device.uuid,
      displayName: device.displayName,
      groupUuid,
    })),
    nextPageToken,
    totalSize: members.length,
  };
};

/** https://help.eset.com/eset_connect/en-US/device_management_v1_device_groups_groupUuid_devices_get.html */
export const deviceGroupRoutes = (tenant: Tenant): readonly ApiRoute[] => [
  {
    domain: "deviceManagement",
    method: "GET",
    path: "/v1/device_groups",
    query: pagingParameters,
    handle: (call) => listGroups(tenant, call),
  },
  {
    domain: "deviceManagement",
    method: "GET",
    path: "/v1/device_groups/{groupUuid}/devices",
    query: ["recurseSubgroups", ...pagingParameters],
    handle: (call) => listMembers(tenant, call),
  },
];
