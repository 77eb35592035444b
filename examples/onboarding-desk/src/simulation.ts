import { randomUUID } from "node:crypto";
import { startSimulation, type Simulation } from "@enrollkit/cli";
import { findArtifact, type Enrollment } from "@enrollkit/core";
import type { SimulatorClock } from "@enrollkit/simulators";

/** What stands in for the vendors, and for the devices. */
export interface SimulatedVendors extends Simulation {
  /**
   * A device comes in by an enrollment, as if somebody had scanned its code.
   *
   * @throws Error that says why the vendor refuses it.
   */
  enrollDevice(enrollment: Enrollment): void;
}

/** What a device reads: a payload, else a link. */
const readBy = (enrollment: Enrollment): string => {
  const artifact = findArtifact(enrollment, "provisioning-qr") ?? findArtifact(enrollment, "enrollment-link");
  if (artifact === undefined) throw new Error("there is nothing that a device could scan or open");
  return artifact.value.reveal();
};

/** Starts a local simulator of each vendor of the config. */
export const startVendors = async (clock?: SimulatorClock): Promise<SimulatedVendors> => {
  const simulation = await startSimulation(0, clock);
  const { android, applivery, eset } = simulation;
  android.seed({ policies: [{ id: "staff" }] });
  return {
    ...simulation,
    enrollDevice: (enrollment) => {
      const read = readBy(enrollment);
      const serialNumber = `SIM-${randomUUID().slice(0, 8).toUpperCase()}`;
      if (enrollment.vendor === "android-management") android.enrollDevice(read, { serialNumber });
      else if (enrollment.vendor === "applivery") applivery.enrollDevice({ linkOrCode: read, serialNumber });
      else eset.enrollDevice({ link: read, platform: "android" });
    },
  };
};
