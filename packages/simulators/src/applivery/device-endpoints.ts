import type { Call, Endpoint } from "./endpoint.js";
import { requireEnterprise } from "./enrollments.js";
import { InvalidInput, refusal } from "./errors.js";
import type { Organization } from "./organization.js";
import { pageOf, readId, readSegments, readTags } from "./paging.js";
import type { DeviceRecord } from "./records.js";
import {
  deviceState,
  hardwareMembers,
  holdsPolicy,
  linkMembers,
  policyIn,
  sharedMembers,
} from "./rendering.js";
import { listDevicesAndTokens } from "./unified-list.js";
import type { Vendor } from "./vendor.js";

const renderAppleDevice = (vendor: Vendor, organization: Organization, device: DeviceRecord): object => {
  const enrollment =
    device.enrollmentId === undefined ? undefined : organization.enrollments.get(device.enrollmentId);
  return {
    id: device.id,
    admDevice: device.id,
    type: "apple",
    subType: "device",
    state: deviceState,
    ...sharedMembers(organization, device),
    ...hardwareMembers(device),
    ...(enrollment === undefined ? {} : { enroll: {}, ...linkMembers(vendor, enrollment) }),
    admPolicy: policyIn(organization, device.policyId),
    admPolicyAssignments: device.assignments.map(({ policyId, priority }) => ({
      admPolicyId: policyId,
      priority,
    })),
  };
};

const listAppleDevices = (vendor: Vendor, { organization, query }: Call) => {
  const { behavior } = vendor;
  const policyId = readId(query, "adm-policy", behavior);
  const segments = readSegments(query, organization, behavior);
  const userId = readId(query, "mdm-user", behavior);
  const tags = readTags(query, behavior);
  requireEnterprise(organization, "apple");
  const matches = organization.devices
    .matching({ platform: "apple", userId, tags })
    .filter(
      (device) =>
        (policyId === undefined || holdsPolicy(device, policyId)) &&
        (segments?.has(device.segmentId) ?? true),
    );
  return pageOf(matches, query, behavior, (device) => renderAppleDevice(vendor, organization, device));
};

const appleDevice = (vendor: Vendor, { organization, parameter }: Call) => {
  if (!/^\w+$/.test(parameter)) throw new InvalidInput('"id" fails to match the required pattern');
  requireEnterprise(organization, "apple");
  const device = organization.devices.get(parameter, "apple") ?? organization.deviceBySerialNumber(parameter);
  if (device?.platform !== "apple") throw refusal("not found");
  return renderAppleDevice(vendor, organization, device);
};

/** Devices. The permission of the list of everything is on no page. */
export const deviceEndpoints = (vendor: Vendor): readonly Endpoint[] => [
  {
    method: "GET",
    path: "/mdm/devices",
    permission: "mdm.global.device.list",
    answer: (call) => listDevicesAndTokens(vendor, call),
  },
  {
    method: "GET",
    path: "/mdm/apple/enterprise/devices",
    permission: "mdm.apple.device.list",
    answer: (call) => listAppleDevices(vendor, call),
  },
  {
    method: "GET",
    path: "/mdm/apple/enterprise/devices/:id",
    permission: "mdm.apple.device.get",
    answer: (call) => appleDevice(vendor, call),
  },
];
