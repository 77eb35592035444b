import {
  toIsoInstant,
  type DeviceGroup,
  type Enrollment,
  type EnrollmentState,
  type EnrollmentStatus,
  type EnrollmentWarning,
  type ImportedDevice,
  type IsoInstant,
  type ResolvedRequest,
  type Secret,
  type TrackedEnrollment,
  isExpired,
} from "@enrollkit/core";
import type { EsetConnectExtras } from "./settings.js";
import type { EsetDevice, EsetDeviceGroup } from "./wire.js";

/** ESET's `DeviceEnrollmentStatus`. A value that is not here, and UNSPECIFIED, tell nothing. */
const states: Readonly<Record<string, EnrollmentState>> = {
  DEVICE_ENROLLMENT_STATUS_PENDING: "pending",
  DEVICE_ENROLLMENT_STATUS_FINISHED: "used",
  DEVICE_ENROLLMENT_STATUS_FAILED: "failed",
};

export const toState = ({ enrollmentStatus = "" }: EsetDevice): EnrollmentState =>
  states[enrollmentStatus] ?? "unknown";

/** A link as it was issued for one device. */
export interface IssuedLink {
  readonly uri: Secret;
  readonly expireTime?: string | undefined;
  readonly requestIds: readonly string[];
}

const expiryOf = ({ expireTime }: IssuedLink): IsoInstant | "unknown" | "unreadable" => {
  if (expireTime === undefined) return "unknown";
  try {
    return toIsoInstant(expireTime);
  } catch (error) {
    if (error instanceof RangeError) return "unreadable";
    throw error;
  }
};

/** What an enrollment is made of. */
export interface EnrollmentParts {
  readonly provider: string;
  readonly resolved: ResolvedRequest<EsetConnectExtras>;
  /** The device, by its UUID; ids of the calls before the one for the link; what is to be said about the device. */
  readonly target: {
    readonly id: string;
    readonly requestIds: readonly string[];
    readonly warnings: readonly EnrollmentWarning[];
  };
  readonly link: IssuedLink;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** A link has no id of its own: the device's UUID stands for it. */
export const toEnrollment = ({ provider, resolved, target, link, now }: EnrollmentParts): Enrollment => {
  const { request, uses, scope, warnings } = resolved;
  const expiry = expiryOf(link);
  const unreadable: EnrollmentWarning = {
    code: "partial-view",
    message: "ESET Connect gave an expiry that is not an instant; when the link ends is not known",
  };
  return {
    id: target.id,
    provider,
    vendor: "eset-connect",
    ...(request.key !== undefined && { key: request.key }),
    ...scope,
    artifacts: [{ kind: "enrollment-link", value: link.uri }],
    createdAt: toIsoInstant(now),
    expiresAt: expiry === "unreadable" ? "unknown" : expiry,
    uses,
    ...(request.recipient !== undefined && { recipient: request.recipient }),
    device: { ...request.device, id: target.id },
    warnings: [...warnings, ...target.warnings, ...(expiry === "unreadable" ? [unreadable] : [])],
    requestIds: [...target.requestIds, ...link.requestIds],
  };
};

export const toImportedDevice = (
  provider: string,
  device: EsetDevice,
  name: string,
  requestIds: readonly string[],
): ImportedDevice => ({
  id: device.uuid,
  provider,
  vendor: "eset-connect",
  name,
  state: toState(device),
  requestIds,
});

/** What became of an enrollment, read from the device that its link is for. */
export const toStatus = (
  enrollment: TrackedEnrollment,
  device: EsetDevice,
  now: number,
): EnrollmentStatus => {
  const { id, expiresAt = "unknown" } = enrollment;
  const state = toState(device);
  if (state === "used") {
    const { uuid, displayName: name, description } = device;
    return { id, state, devices: [{ id: uuid, ...(name && { name }), ...(description && { description }) }] };
  }
  // Other links of the same device may still work; this one does not.
  if (state === "pending" && isExpired({ expiresAt }, now) === true)
    return { id, state: "expired", devices: [] };
  if (state === "unknown") {
    return {
      id,
      state,
      devices: [],
      detail: "ESET Connect gives the device an enrollment status that says nothing",
    };
  }
  return { id, state, devices: [] };
};

/** Static groups with their paths, from ESET's flat list of all groups. */
export const toDeviceGroups = (groups: readonly EsetDeviceGroup[]): readonly DeviceGroup[] => {
  const byId = new Map(groups.map((group) => [group.uuid, group]));
  const nameOf = ({ displayName, uuid }: EsetDeviceGroup) => displayName ?? uuid;
  const pathOf = (group: EsetDeviceGroup): readonly string[] => {
    const path: string[] = [];
    const seen = new Set<string>();
    let current: EsetDeviceGroup | undefined = group;
    while (current !== undefined && !seen.has(current.uuid)) {
      seen.add(current.uuid);
      path.unshift(nameOf(current));
      current = byId.get(current.parentGroupUuid ?? "");
    }
    return path;
  };
  return groups
    .filter(({ isSecurityGroup }) => isSecurityGroup === true)
    .map((group) => ({ id: group.uuid, name: nameOf(group), path: pathOf(group) }));
};
