import { EnrollmentError, type Enrollment } from "@enrollkit/core";
import {
  readProvisioningExtras,
  withProvisioningExtras,
  type ProvisioningExtras,
} from "@enrollkit/provisioning";
import type { Terminal } from "../terminal.js";
import { readSettings } from "./settings-file.js";

/**
 * Reads a file of Android provisioning extras.
 *
 * @throws EnrollmentError that names the file and every field at fault, and repeats no value.
 */
export const readExtras = (path: string, terminal: Terminal): ProvisioningExtras =>
  readSettings(path, terminal, readProvisioningExtras, "correct the file and try again");

/** The enrollment with extras in its payload; nothing if it has no payload that could take them. */
export const mergeExtras = (enrollment: Enrollment, extras: ProvisioningExtras): Enrollment | undefined => {
  try {
    return withProvisioningExtras(enrollment, extras);
  } catch (error) {
    if (EnrollmentError.is(error) && error.code === "unsupported") return undefined;
    throw error;
  }
};
