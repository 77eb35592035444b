import { builtInNames } from "./asset-management.js";
import { allGroupUuid } from "./group-tree.js";
import type {
  ApiUserRecord,
  DeviceRecord,
  DirectoryUserRecord,
  GroupMembership,
  GroupRecord,
  LinkedEntity,
} from "./records.js";
import type { Tenant } from "./tenant.js";

export interface GroupSeed {
  readonly displayName: string;
  /** Default: a new one. */
  readonly uuid?: string;
  readonly description?: string;
  /** Default: the group "All". */
  readonly parentGroupUuid?: string;
  /** Default: "static". The others are dynamic groups, which find their devices around them, below the same parent. */
  readonly membership?: GroupMembership;
  /** Default: "UNSPECIFIED". */
  readonly linkedEntity?: LinkedEntity;
  /** Whether products can be activated for devices here and below. Default: false. */
  readonly subscription?: boolean;
}

export interface DeviceSeed {
  readonly displayName: string;
  /** Default: a new one. */
  readonly uuid?: string;
  readonly description?: string;
  /** Default: true. */
  readonly isMobile?: boolean;
  /** Default: Lost&Found. */
  readonly parentGroupUuid?: string;
  /**
   * As the API spells it; others than ESET's own are possible. Default: "DEVICE_ENROLLMENT_STATUS_PENDING".
   * "DEVICE_ENROLLMENT_STATUS_FINISHED" makes an enrolled device.
   */
  readonly enrollmentStatus?: string;
}

export interface DirectoryUserSeed {
  readonly displayName: string;
  readonly email: string;
  /** Default: a new one. */
  readonly uuid?: string;
}

export interface ApiUserSeed {
  readonly username: string;
  /** Default: a new one. */
  readonly password?: string;
  /** Groups, each with all below it. Default: "all". */
  readonly rights?: "all" | readonly string[];
  /** Default: "granted". */
  readonly access?: "granted" | "denied";
}

/** What to put into the simulated account; groups first, so that devices may name them. */
export interface EsetConnectSeed {
  readonly groups?: readonly GroupSeed[];
  readonly devices?: readonly DeviceSeed[];
  readonly directoryUsers?: readonly DirectoryUserSeed[];
  readonly apiUsers?: readonly ApiUserSeed[];
}

/** What was created, in the order of the seed. */
export interface EsetConnectSeeded {
  readonly groups: readonly Readonly<GroupRecord>[];
  readonly devices: readonly Readonly<DeviceRecord>[];
  readonly directoryUsers: readonly DirectoryUserRecord[];
  readonly apiUsers: readonly ApiUserRecord[];
}

const addGroup = (tenant: Tenant, seed: GroupSeed): GroupRecord => {
  const parentGroupUuid = seed.parentGroupUuid ?? allGroupUuid;
  if (parentGroupUuid !== "" && tenant.groups.find(parentGroupUuid) === undefined) {
    throw new Error(`the group "${seed.displayName}" names a parent that does not exist`);
  }
  const group: GroupRecord = {
    uuid: seed.uuid ?? tenant.entropy.uuid(),
    displayName: seed.displayName,
    description: seed.description ?? "",
    parentGroupUuid,
    membership: seed.membership ?? "static",
    linkedEntity: seed.linkedEntity ?? "UNSPECIFIED",
    subscription: seed.subscription ?? false,
    version: 1,
  };
  tenant.groups.add(group);
  return group;
};

const addDevice = (tenant: Tenant, seed: DeviceSeed): DeviceRecord => {
  const groupUuid = seed.parentGroupUuid ?? tenant.lostAndFoundUuid;
  if (tenant.groups.find(groupUuid)?.membership !== "static") {
    throw new Error(`the device "${seed.displayName}" names a group that is not static or does not exist`);
  }
  const enrollmentStatus = seed.enrollmentStatus ?? "DEVICE_ENROLLMENT_STATUS_PENDING";
  const enrolled = enrollmentStatus === "DEVICE_ENROLLMENT_STATUS_FINISHED";
  const isMobile = seed.isMobile ?? true;
  const platform = isMobile ? "android" : "windows";
  const now = tenant.clock.now();
  return tenant.devices.add({
    uuid: seed.uuid ?? tenant.entropy.uuid(),
    displayName: seed.displayName,
    description: seed.description ?? "",
    isMobile,
    groupUuid,
    enrollmentStatus,
    createdAt: now,
    enrolledAt: enrolled ? now : undefined,
    platform: enrolled ? platform : undefined,
    deviceToken: enrolled ? tenant.entropy.token(40) : "",
  });
};

const addDirectoryUser = (tenant: Tenant, seed: DirectoryUserSeed): DirectoryUserRecord => {
  const user = { uuid: seed.uuid ?? tenant.entropy.uuid(), displayName: seed.displayName, email: seed.email };
  tenant.directoryUsers.set(user.uuid, user);
  return user;
};

const addApiUser = (tenant: Tenant, seed: ApiUserSeed): ApiUserRecord => {
  const user: ApiUserRecord = {
    uuid: tenant.entropy.uuid(),
    username: seed.username,
    password: seed.password ?? tenant.entropy.token(20),
    rights: seed.rights ?? "all",
    access: seed.access ?? "granted",
  };
  tenant.apiUsers.set(user.username, user);
  return user;
};

export const plantSeed = (tenant: Tenant, seed: EsetConnectSeed): EsetConnectSeeded => ({
  groups: (seed.groups ?? []).map((group) => ({ ...addGroup(tenant, group) })),
  devices: (seed.devices ?? []).map((device) => ({ ...addDevice(tenant, device) })),
  directoryUsers: (seed.directoryUsers ?? []).map((user) => addDirectoryUser(tenant, user)),
  apiUsers: (seed.apiUsers ?? []).map((user) => addApiUser(tenant, user)),
});

/** What every account starts with: the two groups of ESET PROTECT, a static one to enroll into, a dynamic one, an API user. */
export const plantDefaults = (tenant: Tenant): { mobileDevicesUuid: string; apiUser: ApiUserRecord } => {
  const mobileDevices = {
    uuid: tenant.entropy.uuid(),
    displayName: "Mobile devices",
    subscription: true,
  };
  plantSeed(tenant, {
    groups: [
      { uuid: allGroupUuid, displayName: builtInNames.all, parentGroupUuid: "" },
      { uuid: tenant.lostAndFoundUuid, displayName: builtInNames.lostAndFound },
      mobileDevices,
      { displayName: "Android and iOS", membership: "mobile-devices" },
    ],
  });
  // Form-encoding turns a bare "+" into a space: a client that forgets to encode the password cannot log in.
  const password = `${tenant.entropy.token(16)}+${tenant.entropy.token(4)}=`;
  const apiUser = addApiUser(tenant, { username: "api-user@simulator.invalid", password });
  return { mobileDevicesUuid: mobileDevices.uuid, apiUser };
};
