import * as z from "zod";
import { invalid, readBody, type ApiCall, type ApiRoute } from "./call.js";
import { RpcFailure } from "./failures.js";
import type { DeviceRecord } from "./records.js";
import { demandRights, type Tenant } from "./tenant.js";
import { instant } from "./wire.js";

const largestBatch = 1000;
const batchSchema = z.strictObject({ deviceUuids: z.array(z.string()) });

const readUuids = (tenant: Tenant, call: ApiCall): string[] => {
  const { deviceUuids } = readBody(call, batchSchema, tenant.behavior);
  if (deviceUuids.length === 0 && tenant.behavior.emptyBatches === "refuse") {
    throw invalid("deviceUuids: at least one");
  }
  return [...new Set(deviceUuids)];
};

/** ESET looks at the devices in no set order, so which of several failures wins is left to chance here too. */
const eachDevice = (
  tenant: Tenant,
  call: ApiCall,
  uuids: readonly string[],
  check: (device: DeviceRecord) => void = () => undefined,
): DeviceRecord[] =>
  tenant.entropy.shuffled(uuids).map((uuid) => {
    const device = tenant.devices.find(uuid);
    if (device === undefined) throw new RpcFailure("NOT_FOUND", `no device ${uuid}`);
    demandRights(tenant, call.user, device.groupUuid);
    check(device);
    return device;
  });

const checkLinkable = ({ uuid, isMobile, enrolledAt }: DeviceRecord): void => {
  if (enrolledAt !== undefined) throw new RpcFailure("FAILED_PRECONDITION", `${uuid} is enrolled already`);
  if (!isMobile) throw new RpcFailure("FAILED_PRECONDITION", `${uuid} is not a mobile device`);
};

const issueLinks = (tenant: Tenant, call: ApiCall) => {
  const { entropy, links, clock, behavior } = tenant;
  const uuids = readUuids(tenant, call);
  if (uuids.length > largestBatch) throw invalid(`deviceUuids: at most ${largestBatch}`);
  const devices = eachDevice(tenant, call, uuids, checkLinkable);
  const issuedAt = clock.now();
  const issued = devices.map((device) => {
    const link = {
      uri: `https://mdm.simulator.invalid/e/${entropy.token(32)}`,
      deviceUuid: device.uuid,
      issuedAt,
      expiresAt: issuedAt + behavior.linkMilliseconds,
      usedAt: undefined,
      endedAt: undefined,
    };
    links.add(link);
    return [device.uuid, { uri: link.uri, expireTime: instant(link.expiresAt) }] as const;
  });
  return { enrollmentLinks: Object.fromEntries(issued) };
};

const activateProduct = (tenant: Tenant, call: ApiCall) => {
  const devices = eachDevice(tenant, call, readUuids(tenant, call));
  const groups = [...new Set(devices.map(({ groupUuid }) => groupUuid))];
  if (groups.length > 1)
    throw new RpcFailure("FAILED_PRECONDITION", "the devices have several parent groups");
  if (!groups.every((uuid) => tenant.groups.hasSubscription(uuid))) {
    throw new RpcFailure("FAILED_PRECONDITION", "the parent group has no subscription");
  }
  for (const device of devices) {
    device.activeProducts = [{ id: "mobile", name: "ESET Endpoint Security" }];
    device.version += 1;
  }
  return { [tenant.behavior.activationField]: tenant.entropy.uuid() };
};

/**
 * Links and activation: one bad device fails the whole call, and nothing in the answer says which.
 * https://help.eset.com/eset_connect/en-US/mobile_device_management_v1_mobile-devices-batchGetEnrollmentLinks_post.html
 * https://help.eset.com/eset_connect/en-US/mobile_device_management_v1_mobile-devices-batchActivateProduct_post.html
 */
export const mobileDeviceRoutes = (tenant: Tenant): readonly ApiRoute[] => [
  {
    domain: "mobileDeviceManagement",
    method: "POST",
    path: "/v1/mobile-devices:batchGetEnrollmentLinks",
    handle: (call) => issueLinks(tenant, call),
  },
  {
    domain: "mobileDeviceManagement",
    method: "POST",
    path: "/v1/mobile-devices:batchActivateProduct",
    handle: (call) => activateProduct(tenant, call),
  },
];
