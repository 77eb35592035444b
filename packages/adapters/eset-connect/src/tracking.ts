import { EnrollmentError, type EnrollmentStatus, type EnrollmentTracking } from "@enrollkit/core";
import type { Account } from "./account.js";
import { readDevices } from "./devices.js";
import { toStatus } from "./mapping.js";
import { isAboutItems } from "./isolation.js";

/** Reads the device that each link is for. ESET does not tell when a device enrolled. */
export const createTracking = (account: Account): EnrollmentTracking => ({
  getStatuses: async (enrollments, options) => {
    const devices = await readDevices(
      account,
      enrollments.map(({ id }) => id),
      options,
    );
    // One device that may not be seen is a finding; an account that may see none is an error.
    const refusals = [...devices.values()].filter((device) => EnrollmentError.is(device));
    const serious = refusals.find(
      (error) => !isAboutItems(error) || (error.code === "forbidden" && refusals.length === devices.size),
    );
    if (serious !== undefined) throw serious;
    const now = account.clock.now();
    return enrollments.map((enrollment): EnrollmentStatus => {
      const device = devices.get(enrollment.id);
      if (device !== undefined && !EnrollmentError.is(device)) return toStatus(enrollment, device, now);
      const detail =
        device?.code === "forbidden"
          ? "the API user has no right to see the device"
          : "ESET Connect knows no device with this id";
      return { id: enrollment.id, state: "unknown", devices: [], detail };
    });
  },
});
