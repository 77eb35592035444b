import {
  isExpired,
  instantMilliseconds,
  type CallOptions,
  type Clock,
  type EnrollmentStatus,
  type EnrollmentTracking,
  type TrackedEnrollment,
} from "@enrollkit/core";
import type { AndroidManagementClient } from "./client.js";
import type { CreateJournal } from "./create-journal.js";
import { toDeviceReference } from "./mapping.js";
import { findResourceName } from "./resource-names.js";
import type { ResolvedSettings } from "./settings.js";
import type { Device } from "./wire.js";

const foreign = (id: string, enterprise: string): EnrollmentStatus => ({
  id,
  state: "unknown",
  devices: [],
  detail: `it is no token of enterprises/${enterprise}`,
});

export interface TrackingParts {
  readonly client: AndroidManagementClient;
  readonly settings: ResolvedSettings;
  readonly journal: CreateJournal;
  readonly clock: Clock;
}

/** Devices that Google gives no time for come last. */
const enrollmentTimeOf = ({ enrollmentTime }: Device): number =>
  enrollmentTime === undefined ? Number.MAX_SAFE_INTEGER : instantMilliseconds(enrollmentTime);

/**
 * Google keeps no record of a token's use. What it has are live tokens, and devices that name the token they came in
 * by; a device that was deleted is in neither.
 */
export const createTracking = ({ client, settings, journal, clock }: TrackingParts): EnrollmentTracking => {
  const findLive = async (
    names: ReadonlySet<string>,
    options?: CallOptions,
  ): Promise<ReadonlySet<string>> => {
    const live = new Set<string>();
    for await (const { name } of client.enrollmentTokens.list(options)) if (names.has(name)) live.add(name);
    return live;
  };

  const findDevices = async (
    names: ReadonlySet<string>,
    options?: CallOptions,
  ): Promise<ReadonlyMap<string, Device[]>> => {
    const devices = new Map<string, Device[]>();
    for await (const device of client.devices.list(options)) {
      const name = device.enrollmentTokenName;
      if (name === undefined || !names.has(name)) continue;
      const known = devices.get(name);
      if (known === undefined) devices.set(name, [device]);
      else known.push(device);
    }
    return devices;
  };

  const used = (id: string, devices: readonly Device[], isStillLive: boolean): EnrollmentStatus => {
    const inOrder = devices.toSorted((one, other) => enrollmentTimeOf(one) - enrollmentTimeOf(other));
    const usedAt = inOrder[0]?.enrollmentTime;
    const provisioning = devices.filter(({ state }) => state === "PROVISIONING").length;
    const detail = [
      provisioning === 0
        ? undefined
        : `${provisioning} of ${devices.length} devices have no policy applied yet`,
      isStillLive ? "the token is still live: more devices may come in by it" : undefined,
    ].filter((part) => part !== undefined);
    return {
      id,
      state: "used",
      devices: inOrder.map(toDeviceReference),
      ...(usedAt !== undefined && { usedAt }),
      ...(detail.length > 0 && { detail: detail.join("; ") }),
    };
  };

  const unused = (enrollment: TrackedEnrollment, name: string, isLive: boolean): EnrollmentStatus => {
    const { id, expiresAt = "unknown" } = enrollment;
    if (journal.isRevoked(name)) return { id, state: "revoked", devices: [] };
    if (isExpired({ expiresAt }, clock.now()) === true) return { id, state: "expired", devices: [] };
    if (isLive) return { id, state: "pending", devices: [] };
    const detail =
      expiresAt === "unknown"
        ? "Google has no live token of that name: it never was, has expired, was revoked, or its device was deleted"
        : "the token is gone before its time: it was revoked, or the device that used it was deleted";
    return { id, state: "unknown", devices: [], detail };
  };

  return {
    getStatuses: async (enrollments, options) => {
      if (enrollments.length === 0) return [];
      const tokens = enrollments.map((enrollment) => ({
        enrollment,
        name: findResourceName(settings.enterprise, "enrollmentTokens", enrollment.id),
      }));
      const names = new Set(tokens.flatMap(({ name }) => name ?? []));
      // In this order: a token that is used between the two calls is then found with its device.
      const live = await findLive(names, options);
      const devices = await findDevices(names, options);
      return tokens.map(({ enrollment, name }) => {
        if (name === undefined) return foreign(enrollment.id, settings.enterprise);
        const found = devices.get(name);
        return found === undefined
          ? unused(enrollment, name, live.has(name))
          : used(enrollment.id, found, live.has(name));
      });
    },
  };
};
