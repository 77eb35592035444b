import { randomUUID } from "node:crypto";
import { findArtifact, type Enrollment } from "@enrollkit/core";
import { runningClock, type SimulatorClock } from "@enrollkit/simulators";
import {
  startAndroidManagementSimulator,
  type AndroidManagementSimulator,
} from "@enrollkit/simulators/android-management";
import { startAppliverySimulator, type AppliverySimulator } from "@enrollkit/simulators/applivery";
import { startEsetConnectSimulator, type EsetConnectSimulator } from "@enrollkit/simulators/eset-connect";

/** What stands in for the vendors, and for the devices. */
export interface Simulation {
  readonly android: AndroidManagementSimulator;
  readonly applivery: AppliverySimulator;
  readonly eset: EsetConnectSimulator;
  /** What the config would take from the environment: addresses, users, secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * A device comes in by an enrollment, as if somebody had scanned its code.
   *
   * @throws Error that says why the vendor refuses it.
   */
  enrollDevice(enrollment: Enrollment): void;
  close(): Promise<void>;
}

/** As in `enrollkit.config.json`. */
const group = "6f1c2b7e-0d1a-4c55-9a52-3f6f7a1d0c01";

/** What a device reads: a payload, else a link. */
const readBy = (enrollment: Enrollment): string => {
  const artifact = findArtifact(enrollment, "provisioning-qr") ?? findArtifact(enrollment, "enrollment-link");
  if (artifact === undefined) throw new Error("there is nothing that a device could scan or open");
  return artifact.value.reveal();
};

/** Starts a local simulator of each vendor of the config. */
export const startSimulation = async (clock: SimulatorClock = runningClock()): Promise<Simulation> => {
  const [android, applivery, eset] = await Promise.all([
    startAndroidManagementSimulator({ clock }),
    startAppliverySimulator({ clock }),
    startEsetConnectSimulator({ clock }),
  ]);
  android.seed({ policies: [{ id: "staff" }] });
  eset.seed({ groups: [{ uuid: group, displayName: "Field devices" }] });
  return {
    android,
    applivery,
    eset,
    environment: {
      ANDROID_MANAGEMENT_URL: android.url,
      GOOGLE_SERVICE_ACCOUNT_KEY: JSON.stringify(android.credentials),
      APPLIVERY_URL: applivery.credentials.baseUrl,
      APPLIVERY_TOKEN: applivery.credentials.token,
      ESET_CONNECT_USERNAME: eset.credentials.username,
      ESET_CONNECT_PASSWORD: eset.credentials.password,
      ESET_CONNECT_IAM_URL: eset.baseUrls.businessAccount,
      ESET_CONNECT_DEVICES_URL: eset.baseUrls.deviceManagement,
      ESET_CONNECT_MOBILE_URL: eset.baseUrls.mobileDeviceManagement,
      ESET_CONNECT_INSTALLERS_URL: eset.baseUrls.installerManagement,
    },
    enrollDevice: (enrollment) => {
      const read = readBy(enrollment);
      const serialNumber = `SIM-${randomUUID().slice(0, 8).toUpperCase()}`;
      if (enrollment.vendor === "android-management") android.enrollDevice(read, { serialNumber });
      else if (enrollment.vendor === "applivery") applivery.enrollDevice({ linkOrCode: read, serialNumber });
      else eset.enrollDevice({ link: read, platform: "android" });
    },
    close: async () => {
      await Promise.all([android.close(), applivery.close(), eset.close()]);
    },
  };
};
