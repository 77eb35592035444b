import type { DeviceReference, IsoInstant } from "@enrollkit/core";
import { learnStatuses } from "../records/learn.js";
import type { Storage } from "../storage/storage.js";

/** A vendor's message that a device has come in. */
export interface EnrollmentUse {
  /** The provider's name. */
  readonly provider: string;
  /** The vendor's id of the enrollment that the device came in by; a device may have come in by none. */
  readonly enrollmentId: string | undefined;
  readonly device: DeviceReference;
  /** When it came in. */
  readonly usedAt?: IsoInstant | undefined;
}

/** Notes a use. @returns whether the enrollment is on record. */
export const noteUse = async (
  storage: Storage,
  { provider, enrollmentId, device, usedAt }: EnrollmentUse,
): Promise<boolean> => {
  if (enrollmentId === undefined) return false;
  const used = { id: enrollmentId, state: "used", devices: [device], usedAt } as const;
  const { known } = await learnStatuses(storage, { provider, heard: [used], by: "message", isAnswer: false });
  return known > 0;
};
