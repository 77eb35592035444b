import { linkStateAt, type LinkState } from "./link-store.js";
import type { DevicePlatform, DeviceRecord, InstallerRecord } from "./records.js";
import type { Tenant } from "./tenant.js";

/** A phone or tablet opens an enrollment link. */
export interface LinkAttempt {
  /** The link as it was handed out. */
  readonly link: string;
  readonly platform: DevicePlatform;
  /** "failed": enrollment starts and breaks off; the device reads FAILED, the link stays good. Default: "finished". */
  readonly outcome?: "finished" | "failed";
}

/** A Windows computer runs the management agent's installer beside a GPO/SCCM file; any number may use one file. */
export interface DeploymentFileAttempt {
  /** Base64, as the API handed it out. */
  readonly gpoSccmFile: string;
  readonly displayName: string;
}

/** A computer runs an installer; any number may, until it expires. */
export interface InstallerAttempt {
  readonly downloadUrl: string;
  readonly displayName: string;
  readonly platform: "windows" | "macos";
}

export type EnrollmentAttempt = LinkAttempt | DeploymentFileAttempt | InstallerAttempt;

const refusals: Record<Exclude<LinkState, "valid">, string> = {
  used: "the link was used already",
  ended: "the link ended: its device enrolled by another link, or was deleted",
  expired: "the link has expired",
};

const finish = ({ clock, entropy }: Tenant, device: DeviceRecord, platform: DevicePlatform): DeviceRecord => {
  device.enrollmentStatus = "DEVICE_ENROLLMENT_STATUS_FINISHED";
  device.enrolledAt = clock.now();
  device.platform = platform;
  device.deviceToken = entropy.token(40);
  device.version += 1;
  return device;
};

const followLink = (
  tenant: Tenant,
  { link: uri, platform, outcome = "finished" }: LinkAttempt,
): DeviceRecord => {
  const { links, devices, clock } = tenant;
  const link = links.find(uri);
  if (link === undefined) throw new Error("enrollment refused: no such link was issued");
  const state = linkStateAt(link, clock.now());
  if (state !== "valid") throw new Error(`enrollment refused: ${refusals[state]}`);
  if (platform !== "android" && platform !== "ios") {
    throw new Error(`enrollment refused: links are for Android and iOS, not ${platform}`);
  }
  const device = devices.find(link.deviceUuid);
  if (device === undefined) throw new Error("enrollment refused: the device was deleted");
  if (outcome === "failed") {
    device.enrollmentStatus = "DEVICE_ENROLLMENT_STATUS_FAILED";
    device.version += 1;
    return device;
  }
  link.usedAt = clock.now();
  links.endAll(device.uuid, clock.now());
  return finish(tenant, device, platform);
};

/** Without a security group a device joins the group of the one that has its name, or goes to Lost & found. */
const addComputer = (
  tenant: Tenant,
  displayName: string,
  platform: DevicePlatform,
  securityGroupUuid: string,
): DeviceRecord => {
  const groupUuid =
    securityGroupUuid !== ""
      ? securityGroupUuid
      : (tenant.devices.named(displayName)[0]?.groupUuid ?? tenant.lostAndFoundUuid);
  if (tenant.groups.find(groupUuid) === undefined) {
    throw new Error("enrollment refused: the security group was deleted");
  }
  const device = tenant.devices.add({
    uuid: tenant.entropy.uuid(),
    displayName,
    description: "",
    isMobile: false,
    groupUuid,
    enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_PENDING",
    createdAt: tenant.clock.now(),
  });
  return finish(tenant, device, platform);
};

const runInstaller = (tenant: Tenant, { downloadUrl, displayName, platform }: InstallerAttempt) => {
  const matching = (installer: InstallerRecord) => installer.downloadUrl === downloadUrl;
  const installer = [...tenant.installers.values()].find(matching);
  if (installer === undefined) throw new Error("enrollment refused: no such installer");
  if (tenant.clock.now() >= installer.expiresAt)
    throw new Error("enrollment refused: the installer has expired");
  if (installer.operatingSystemFamilyId !== (platform === "windows" ? 1 : 3)) {
    throw new Error(`enrollment refused: the installer is not for ${platform}`);
  }
  return addComputer(tenant, displayName, platform, installer.securityGroupUuid);
};

/**
 * What happens when a device uses what the API handed out. Works on the simulator's clock, needs no API user.
 *
 * @throws Error saying why ESET would refuse the device, without naming the secret
 */
export const enrollDevice = (tenant: Tenant, attempt: EnrollmentAttempt): Readonly<DeviceRecord> => {
  if ("link" in attempt) return { ...followLink(tenant, attempt) };
  if ("downloadUrl" in attempt) return { ...runInstaller(tenant, attempt) };
  const file = tenant.deploymentFiles.get(attempt.gpoSccmFile);
  if (file === undefined) throw new Error("enrollment refused: no such file was generated");
  return { ...addComputer(tenant, attempt.displayName, "windows", file.securityGroupUuid) };
};
