import type { Organization } from "./organization.js";
import { stateAt, type AppliveryPlatform, type DeviceRecord, type EnrollmentRecord } from "./records.js";
import { ownedBy, type AppliveryDevice } from "./snapshots.js";
import type { Vendor } from "./vendor.js";

/** A device in front of its user, with an invitation at hand. */
export interface AppliveryEnrollingDevice {
  /** The enrollment link, or the code that it carries. */
  readonly linkOrCode: string;
  readonly serialNumber: string;
  readonly model?: string;
  readonly imei?: string;
  readonly osVersion?: string;
  /** What the device is. Default: what the token is for. */
  readonly platform?: AppliveryPlatform;
  /** AOSP: how the device wants to be managed. Default: as the token says. */
  readonly managementMode?: string;
}

/** Why a device was not let in. The message carries neither the link nor the code. */
export class EnrollmentRefused extends Error {
  constructor(reason: string) {
    super(`Enrollment refused: ${reason}`);
  }
}

const reasons = {
  DONE: "the token was used",
  EXPIRED: "the token has expired",
  DELETED: "the token was deleted",
} as const;

const codeIn = (linkOrCode: string): string | undefined => {
  if (!URL.canParse(linkOrCode)) return linkOrCode;
  const { searchParams, pathname } = new URL(linkOrCode);
  return searchParams.get("token") ?? pathname.split("/").at(-1);
};

const requireUsable = (
  vendor: Vendor,
  enrollment: EnrollmentRecord,
  { platform, managementMode }: AppliveryEnrollingDevice,
) => {
  const state = stateAt(enrollment, vendor.clock.now());
  if (state !== "PENDING") throw new EnrollmentRefused(reasons[state]);
  if (platform !== undefined && platform !== enrollment.platform) {
    throw new EnrollmentRefused(`the token is for ${enrollment.platform}, the device is ${platform}`);
  }
  const mode = enrollment.aosp?.managementMode ?? "MANAGEMENT_MODE_UNSPECIFIED";
  if (managementMode !== undefined && mode !== "MANAGEMENT_MODE_UNSPECIFIED" && mode !== managementMode) {
    throw new EnrollmentRefused(`the token is for ${mode}, the device wants ${managementMode}`);
  }
};

const recordOf = (
  { clock, identifiers, behavior }: Vendor,
  enrollment: EnrollmentRecord,
  { serialNumber, model, imei, osVersion }: AppliveryEnrollingDevice,
): DeviceRecord => ({
  id: identifiers.id(),
  platform: enrollment.platform,
  serialNumber,
  model,
  imei,
  osVersion,
  automated: false,
  displayName: enrollment.displayName,
  tags: behavior.deviceKeepsTags ? enrollment.tags : [],
  user: enrollment.user,
  policyId: enrollment.policyId,
  assignments: enrollment.assignments,
  segmentId: enrollment.segmentId,
  enrollmentId: enrollment.id,
  createdAt: clock.now(),
  updatedAt: clock.now(),
});

/** The device under its serial number: a new record, or the old one of a device that was wiped and comes again. */
const admitted = (organization: Organization, device: DeviceRecord): DeviceRecord => {
  const known = organization.deviceBySerialNumber(device.serialNumber);
  if (known === undefined) {
    organization.addDevice(device);
    return device;
  }
  if (known.platform !== device.platform) {
    throw new EnrollmentRefused("the serial number belongs to a device of another platform");
  }
  organization.devices.change(known, () => {
    Object.assign(known, device, { id: known.id, createdAt: known.createdAt });
  });
  return known;
};

/** Lets a device use a token. Throws {@link EnrollmentRefused}. */
export const enrollDevice = (vendor: Vendor, device: AppliveryEnrollingDevice): AppliveryDevice => {
  const found = vendor.codes.get(codeIn(device.linkOrCode) ?? "");
  if (found === undefined) throw new EnrollmentRefused("no such token");
  if (device.serialNumber === "") throw new EnrollmentRefused("the device has no serial number");
  const { organization, enrollment } = found;
  requireUsable(vendor, enrollment, device);
  const record = admitted(organization, recordOf(vendor, enrollment, device));
  if (enrollment.aosp?.perpetual !== true) enrollment.stored = "DONE";
  enrollment.deviceId = record.id;
  enrollment.updatedAt = vendor.clock.now();
  return ownedBy(organization, record);
};
