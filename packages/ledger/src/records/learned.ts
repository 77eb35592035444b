import {
  instantMilliseconds,
  type DeviceReference,
  type EnrollmentState,
  type EnrollmentStatus,
  type IsoInstant,
} from "@enrollkit/core";
import { canonicalJson } from "./canonical.js";

/** What is known of the use of an enrollment. */
export interface Knowledge {
  readonly state: EnrollmentState;
  readonly devices: readonly DeviceReference[];
  readonly usedAt: IsoInstant | undefined;
  readonly detail: string | undefined;
}

/** One that more than one device may come in by goes on after it was used. */
type Kind = "one-use" | "many-uses";

const nameOf = (device: DeviceReference): string => device.id ?? canonicalJson(device);

/** Devices by their ids: each once, in the order in which they were first heard of, as they were last described. */
export const mergeDevices = (
  known: readonly DeviceReference[],
  heard: readonly DeviceReference[],
): readonly DeviceReference[] => {
  const devices = new Map<string, DeviceReference>();
  for (const device of [...known, ...heard]) {
    const name = nameOf(device);
    const given = Object.entries(device).filter(([, value]) => value !== undefined);
    devices.set(name, { ...devices.get(name), ...(Object.fromEntries(given) as DeviceReference) });
  }
  return [...devices.values()];
};

/** A device that has come in stays in, and what was taken back stays so, whatever a list shows later or not yet. */
const mergeStates = (known: EnrollmentState, heard: EnrollmentState, kind: Kind): EnrollmentState => {
  if (heard === "unknown") return known;
  const last = kind === "one-use" ? (["used", "revoked"] as const) : (["revoked", "used"] as const);
  return last.find((state) => state === known || state === heard) ?? heard;
};

const earlier = (known: IsoInstant | undefined, heard: IsoInstant | undefined): IsoInstant | undefined => {
  if (known === undefined || heard === undefined) return known ?? heard;
  return instantMilliseconds(heard) < instantMilliseconds(known) ? heard : known;
};

/** @returns what is known now, and whether that is anything new. */
export const mergeKnowledge = (
  known: Knowledge,
  heard: Omit<EnrollmentStatus, "id">,
  kind: Kind,
): Knowledge & { readonly isNew: boolean } => {
  const state = mergeStates(known.state, heard.state, kind);
  const merged = {
    state,
    devices: mergeDevices(known.devices, heard.devices),
    usedAt: earlier(known.usedAt, heard.usedAt),
    // What a vendor says of another state than the one that holds would contradict it; why it cannot tell is worth knowing.
    detail: state === heard.state || known.state === "pending" ? heard.detail : known.detail,
  };
  return { ...merged, isNew: canonicalJson(merged) !== canonicalJson(known) };
};
