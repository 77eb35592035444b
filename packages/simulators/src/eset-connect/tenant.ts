import type { SimulatorClock } from "../base/clock.js";
import type { EsetConnectBehavior } from "./behavior.js";
import { DeviceStore } from "./device-store.js";
import type { Entropy } from "./entropy.js";
import { RpcFailure } from "./failures.js";
import { GroupTree } from "./group-tree.js";
import { LinkStore } from "./link-store.js";
import type {
  ApiUserRecord,
  DeploymentFileRecord,
  DeviceRecord,
  DirectoryUserRecord,
  GroupRecord,
  InstallerRecord,
} from "./records.js";

/** One customer's ESET PROTECT: all that exists, and what decides over it. */
export interface Tenant {
  readonly clock: SimulatorClock;
  readonly entropy: Entropy;
  readonly behavior: EsetConnectBehavior;
  readonly groups: GroupTree;
  readonly devices: DeviceStore;
  readonly links: LinkStore;
  readonly installers: Map<string, InstallerRecord>;
  /** By content. */
  readonly deploymentFiles: Map<string, DeploymentFileRecord>;
  readonly directoryUsers: Map<string, DirectoryUserRecord>;
  /** By user name. */
  readonly apiUsers: Map<string, ApiUserRecord>;
  readonly lostAndFoundUuid: string;
}

export const emptyTenant = (
  clock: SimulatorClock,
  entropy: Entropy,
  behavior: EsetConnectBehavior,
): Tenant => ({
  clock,
  entropy,
  behavior,
  groups: new GroupTree(),
  devices: new DeviceStore(),
  links: new LinkStore(),
  installers: new Map(),
  deploymentFiles: new Map(),
  directoryUsers: new Map(),
  apiUsers: new Map(),
  lostAndFoundUuid: entropy.uuid(),
});

export const hasRights = ({ groups }: Tenant, user: ApiUserRecord, groupUuid: string): boolean =>
  user.rights === "all" || user.rights.some((granted) => groups.isWithin(groupUuid, granted));

export const demandRights = (tenant: Tenant, user: ApiUserRecord, groupUuid: string): void => {
  if (!hasRights(tenant, user, groupUuid)) {
    throw new RpcFailure("PERMISSION_DENIED", `no rights on the group ${groupUuid}`);
  }
};

/** The device, if it exists and the user may see it. */
export const deviceFor = (tenant: Tenant, user: ApiUserRecord, uuid: string): DeviceRecord => {
  const device = tenant.devices.find(uuid);
  if (device === undefined) throw new RpcFailure("NOT_FOUND", `no device ${uuid}`);
  demandRights(tenant, user, device.groupUuid);
  return device;
};

/** What a group shows, without the groups below it. */
export const membersOf = ({ groups, devices }: Tenant, group: GroupRecord): DeviceRecord[] => {
  if (group.membership === "static") return devices.inGroup(group.uuid);
  const parent = groups.find(group.parentGroupUuid);
  const around = parent === undefined ? [] : groups.subtree(parent);
  const mobile = group.membership === "mobile-devices";
  return around.flatMap(({ uuid }) => devices.inGroup(uuid)).filter((device) => device.isMobile === mobile);
};

/** The status as the API shows it, which may lag behind. */
export const enrollmentStatusOf = ({ clock, behavior }: Tenant, device: DeviceRecord): string =>
  device.enrolledAt !== undefined && clock.now() < device.enrolledAt + behavior.enrollmentLagMilliseconds
    ? "DEVICE_ENROLLMENT_STATUS_PENDING"
    : device.enrollmentStatus;
