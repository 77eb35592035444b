import * as z from "zod";
import { invalid, readBody, readFlag, type ApiCall, type ApiRoute } from "./call.js";
import { failureWithStatus } from "./failures.js";
import { pageOf, pagingParameters } from "./paging.js";
import type { DeviceRecord, GroupRecord } from "./records.js";
import { demandRights, deviceFor, hasRights, type Tenant } from "./tenant.js";
import { deviceOnWire, functionalityStatusOf } from "./wire.js";

const moveSchema = z.strictObject({ newParentUuid: z.string() });
const renameSchema = z.strictObject({ displayName: z.string().min(1) });

const functionalityStatuses = ["UNSPECIFIED", "OK", "ATTENTION_RECOMMENDED", "ATTENTION_REQUIRED"].map(
  (status) => `DEVICE_FUNCTIONALITY_STATUS_${status}`,
);

/** The static group that a device is to be put into. */
export const targetGroup = (tenant: Tenant, call: ApiCall, uuid: string): GroupRecord => {
  const group = tenant.groups.find(uuid);
  if (group === undefined) throw failureWithStatus(tenant.behavior.unknownGroupStatus, `no group ${uuid}`);
  demandRights(tenant, call.user, uuid);
  if (group.membership !== "static") throw invalid(`the group ${uuid} is dynamic`);
  return group;
};

const devicesNamed = (tenant: Tenant, names: readonly string[]): DeviceRecord[] =>
  [...new Set(names)]
    .flatMap((name) => tenant.devices.named(name))
    .sort((first, second) => first.sequence - second.sequence);

/** https://help.eset.com/eset_connect/en-US/device_management_v1_devices_get.html */
const listDevices = (tenant: Tenant, { user, query }: ApiCall) => {
  const names = query.getAll("displayNames");
  const isMuted = readFlag(query, "isMuted");
  const status = query.get("functionalityStatus") ?? "";
  if (status !== "" && !functionalityStatuses.includes(status)) {
    throw invalid(`functionalityStatus: one of ${functionalityStatuses.join(", ")}`);
  }
  const found = (names.length > 0 ? devicesNamed(tenant, names) : tenant.devices.all()).filter(
    (device) =>
      isMuted !== true &&
      (status === "" || functionalityStatusOf(device) === status) &&
      (tenant.behavior.placeholdersInDeviceList === "shown" || device.enrolledAt !== undefined) &&
      hasRights(tenant, user, device.groupUuid),
  );
  const { items, nextPageToken } = pageOf(found, query, "devices");
  return { devices: items.map((device) => deviceOnWire(tenant, device)), nextPageToken };
};

/** All or nothing, in the order of the request. https://help.eset.com/eset_connect/en-US/device_management_v1_devices-batchGet_get.html */
const batchGetDevices = (tenant: Tenant, { user, query }: ApiCall) => {
  const uuids = query.getAll("devicesUuids").filter((uuid) => uuid !== "");
  if (uuids.length === 0) throw invalid("devicesUuids: at least one");
  const missing = uuids.find((uuid) => tenant.devices.find(uuid) === undefined);
  if (missing !== undefined) {
    throw failureWithStatus(tenant.behavior.unknownBatchDeviceStatus, `no device ${missing}`);
  }
  return { devices: uuids.map((uuid) => deviceOnWire(tenant, deviceFor(tenant, user, uuid))) };
};

/** https://help.eset.com/eset_connect/en-US/device_management_v1_devices_deviceUuid-move_post.html */
const moveDevice = (tenant: Tenant, call: ApiCall) => {
  const { newParentUuid } = readBody(call, moveSchema, tenant.behavior);
  const device = deviceFor(tenant, call.user, call.parameter("deviceUuid"));
  tenant.devices.move(device, targetGroup(tenant, call, newParentUuid).uuid);
  return { device: deviceOnWire(tenant, device) };
};

const renameDevice = (tenant: Tenant, call: ApiCall) => {
  const { displayName } = readBody(call, renameSchema, tenant.behavior);
  const device = deviceFor(tenant, call.user, call.parameter("deviceUuid"));
  tenant.devices.rename(device, displayName);
  return { device: deviceOnWire(tenant, device) };
};

/** Devices, without their import. There is no call that deletes a device or makes it a mobile one. */
export const deviceRoutes = (tenant: Tenant): readonly ApiRoute[] => [
  {
    domain: "deviceManagement",
    method: "GET",
    path: "/v1/devices",
    query: ["displayNames", "functionalityStatus", "isMuted", ...pagingParameters],
    handle: (call) => listDevices(tenant, call),
  },
  {
    domain: "deviceManagement",
    method: "GET",
    path: "/v1/devices:batchGet",
    query: ["devicesUuids"],
    handle: (call) => batchGetDevices(tenant, call),
  },
  {
    domain: "deviceManagement",
    method: "GET",
    path: "/v1/devices/{deviceUuid}",
    handle: (call) => ({
      device: deviceOnWire(tenant, deviceFor(tenant, call.user, call.parameter("deviceUuid"))),
    }),
  },
  {
    domain: "deviceManagement",
    method: "POST",
    path: "/v1/devices/{deviceUuid}:move",
    handle: (call) => moveDevice(tenant, call),
  },
  {
    domain: "deviceManagement",
    method: "POST",
    path: "/v1/devices/{deviceUuid}:rename",
    handle: (call) => renameDevice(tenant, call),
  },
];
