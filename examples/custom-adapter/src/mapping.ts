import {
  isExpired,
  Secret,
  type DeviceReference,
  type Enrollment,
  type EnrollmentState,
  type EnrollmentStatus,
  type EnrollmentSummary,
  type ResolvedRequest,
} from "@enrollkit/core";
import { acmeDescriptor } from "./descriptor.js";
import type { ResolvedSettings } from "./settings.js";
import type { NewPass, Pass } from "./wire.js";

// The vendor says "pass" for what is an enrollment here, and "group" for what a profile stands for.

const { vendor } = acmeDescriptor;

/** A request that passed `resolveRequest`, in the vendor's words. */
export const toNewPass = (
  { request, lifetime, uses }: ResolvedRequest,
  { profiles }: Pick<ResolvedSettings, "profiles">,
): NewPass => {
  const { key, profile, recipient, device } = request;
  const group = profile === undefined ? undefined : profiles[profile]?.group;
  return {
    ...(key !== undefined && { reference: key }),
    ...(group !== undefined && { group }),
    ...(recipient?.email !== undefined && { email: recipient.email }),
    ...(device?.serialNumber !== undefined && { serial: device.serialNumber }),
    ...(lifetime !== undefined && { seconds: lifetime / 1000 }),
    reuse: uses === "unlimited",
  };
};

const states: ReadonlyMap<string, EnrollmentState> = new Map([
  ["open", "pending"],
  ["used", "used"],
  ["expired", "expired"],
]);

/** @param now - milliseconds since the Unix epoch: the vendor's state may lag behind the expiry. */
export const toState = ({ state, expires }: Pass, now: number): EnrollmentState => {
  const neutral = states.get(state) ?? "unknown";
  return neutral === "pending" && isExpired({ expiresAt: expires }, now) === true ? "expired" : neutral;
};

const toDevice = ({ id, serial }: Pass["devices"][number]): DeviceReference => ({
  id,
  ...(serial !== undefined && { serialNumber: serial }),
});

/** What every view of a pass has. */
const commonOf = (pass: Pass, provider: string) => ({
  id: pass.id,
  provider,
  vendor,
  createdAt: pass.created,
  expiresAt: pass.expires,
  uses: pass.reuse ? ("unlimited" as const) : ("one" as const),
  ...(pass.email !== undefined && { recipient: { email: pass.email } }),
  ...(pass.serial !== undefined && { device: { serialNumber: pass.serial } }),
});

/** A pass as it is read again. */
export const toEnrollment = (
  pass: Pass,
  provider: string,
  requestIds: readonly string[] = [],
): Enrollment => ({
  ...commonOf(pass, provider),
  artifacts: [{ kind: "enrollment-code", value: new Secret(pass.code) }],
  warnings: [],
  requestIds,
});

/** A pass as the answer to the request that made it. */
export const toCreated = (
  pass: Pass,
  provider: string,
  { request, scope, warnings }: ResolvedRequest,
  requestIds: readonly string[] = [],
): Enrollment => {
  const { key, recipient, device } = request;
  return {
    ...toEnrollment(pass, provider, requestIds),
    ...(key !== undefined && { key }),
    ...scope,
    ...(recipient && { recipient }),
    ...(device && { device }),
    warnings,
  };
};

export const toSummary = (pass: Pass, provider: string, now: number): EnrollmentSummary => ({
  ...commonOf(pass, provider),
  state: toState(pass, now),
});

export const toStatus = (pass: Pass, now: number): EnrollmentStatus => ({
  id: pass.id,
  state: toState(pass, now),
  devices: pass.devices.map(toDevice),
});
