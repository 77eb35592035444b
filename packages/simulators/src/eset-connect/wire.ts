import type { DevicePlatform, DeviceRecord, GroupRecord, InstallerRecord } from "./records.js";
import { enrollmentStatusOf, type Tenant } from "./tenant.js";

/** A JSON object as ESET sends it. */
export type WireObject = Readonly<Record<string, unknown>>;

export const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

const operatingSystems: Record<DevicePlatform, WireObject> = {
  android: { displayName: "Android", familyId: 4, editionId: 3 },
  ios: { displayName: "iOS", familyId: 3, editionId: 3 },
  windows: { displayName: "Windows", familyId: 1, editionId: 2 },
  macos: { displayName: "macOS", familyId: 3, editionId: 2 },
  linux: { displayName: "Linux", familyId: 2, editionId: 2 },
};

const deviceTypeOf = ({ platform, isMobile }: DeviceRecord) => {
  if (platform === undefined) return "DEVICE_TYPE_UNSPECIFIED";
  return isMobile ? "DEVICE_TYPE_SMARTPHONE" : "DEVICE_TYPE_DESKTOP";
};

/** `v1Device`: https://help.eset.com/eset_connect/en-US/device_management_v1_devices_deviceUuid_get.html */
export const deviceOnWire = (tenant: Tenant, device: DeviceRecord): WireObject => ({
  uuid: device.uuid,
  displayName: device.displayName,
  originalDisplayName: "",
  description: device.description,
  isMobile: device.isMobile,
  parentGroupUuid: device.groupUuid,
  managementDomain: "",
  enrollmentStatus: enrollmentStatusOf(tenant, device),
  deviceToken: device.deviceToken,
  deviceType: deviceTypeOf(device),
  operatingSystem:
    device.platform === undefined
      ? null
      : {
          ...operatingSystems[device.platform],
          version: { id: "1", major: 1, minor: 0, patch: 0, name: "1.0" },
        },
  functionalityStatus: functionalityStatusOf(device),
  functionalityProblemCount: 0,
  isMuted: false,
  lastSyncTime: device.enrolledAt === undefined ? null : instant(device.enrolledAt),
  deployedComponents: [],
  hardwareProfiles: [],
  tags: [],
  activeProducts: device.activeProducts,
  primaryLocalIpAddress: "",
  publicIpAddress: "",
  isMaster: false,
  cloningConfiguration: null,
  ownerUuid: "",
  etag: `"${device.version}"`,
});

export const functionalityStatusOf = (device: DeviceRecord): string =>
  `DEVICE_FUNCTIONALITY_STATUS_${device.enrolledAt === undefined ? "UNSPECIFIED" : "OK"}`;

const linkedEntityType = (group: GroupRecord) => `DEVICE_GROUP_ENTITY_TYPE_${group.linkedEntity}`;

/** A group as device-management tells of it. https://help.eset.com/eset_connect/en-US/device_management_v1_device_groups_get.html */
export const deviceGroupOnWire = (group: GroupRecord): WireObject => ({
  uuid: group.uuid,
  displayName: group.displayName,
  isSecurityGroup: group.membership === "static",
  linkedEntityType: linkedEntityType(group),
  parentGroupUuid: group.parentGroupUuid,
  etag: `"${group.version}"`,
});

/** The same group as asset-management tells of it. https://help.eset.com/eset_connect/en-US/asset_management_v1_groups_post.html */
export const assetGroupOnWire = (group: GroupRecord): WireObject => ({
  uuid: group.uuid,
  displayName: group.displayName,
  description: group.description,
  parentGroupUuid: group.parentGroupUuid,
  linkedEntityType: linkedEntityType(group),
  ownerUuid: "",
});

/** `v1Installer`: https://help.eset.com/eset_connect/en-US/installer_management_v1_installers_post.html */
export const installerOnWire = (installer: InstallerRecord, now: number): WireObject => ({
  uuid: installer.uuid,
  displayName: installer.displayName,
  operatingSystemFamilyId: installer.operatingSystemFamilyId,
  deviceEnrollment:
    installer.securityGroupUuid === "" ? null : { securityGroupUuid: installer.securityGroupUuid },
  enablePuaDetection: installer.enablePuaDetection,
  enableCloudScannerFeedback: installer.enableCloudScannerFeedback,
  sendAnonymousDiagnosticData: installer.sendAnonymousDiagnosticData,
  preferredLanguageCode: installer.preferredLanguageCode,
  createTime: instant(installer.createdAt),
  expireTime: instant(installer.expiresAt),
  usable: now < installer.expiresAt,
  downloadUrl: installer.downloadUrl,
  activatedProducts: [],
  installedComponents: installer.componentIds.map((id) => ({ id })),
});

/** Leaves out every member that has no value, as protobuf JSON may. */
export const withoutUnset = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutUnset);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withoutUnset(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isUnset(member)));
};

const isUnset = (value: unknown) =>
  value === "" ||
  value === 0 ||
  value === false ||
  value === null ||
  (typeof value === "object" && Object.keys(value).length === 0);
