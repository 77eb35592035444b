import { Secret, type ProviderRuntime, type VendorCall } from "@enrollkit/core";
import {
  startEsetConnectSimulator,
  type DeviceSeed,
  type EsetConnectBehavior,
  type EsetConnectSimulator,
} from "@enrollkit/simulators/eset-connect";
import { createTestClock, type TestClock } from "@enrollkit/testing";
import { onTestFinished } from "vitest";
import { createEsetConnect, type EsetConnectProvider, type EsetConnectSettings } from "../src/index.js";

export interface SimulatedAccount {
  readonly simulator: EsetConnectSimulator;
  readonly provider: EsetConnectProvider;
  /** Another provider for the same account, with some settings changed. */
  readonly providerWith: (change: Partial<EsetConnectSettings>) => EsetConnectProvider;
  readonly clock: TestClock;
  readonly calls: readonly VendorCall[];
  /** Paths called so far, without those for tokens. */
  readonly paths: () => readonly string[];
  /** Adds one device, and returns its UUID. */
  readonly seedDevice: (seed: Partial<DeviceSeed>) => string;
}

export interface AccountOptions {
  readonly settings?: Partial<EsetConnectSettings>;
  readonly behavior?: Partial<EsetConnectBehavior>;
  /** The settings' default group. Default: the simulator's "Mobile devices". */
  readonly defaultGroup?: "mobile-devices" | "none";
}

/** A simulated ESET Connect account with a provider for it; it ends with the test. */
export const startAccount = async ({
  settings = {},
  behavior = {},
  defaultGroup = "mobile-devices",
}: AccountOptions = {}): Promise<SimulatedAccount> => {
  const clock = createTestClock();
  const simulator = await startEsetConnectSimulator({ clock, behavior });
  onTestFinished(() => simulator.close());
  const { credentials, baseUrls, groupUuids } = simulator;
  const calls: VendorCall[] = [];
  const runtime: ProviderRuntime = {
    clock,
    random: () => 0.5,
    hooks: { onResponse: (call) => calls.push(call) },
  };
  const configured: EsetConnectSettings = {
    name: "phones",
    region: credentials.region,
    username: credentials.username,
    password: new Secret(credentials.password),
    ...(defaultGroup === "mobile-devices" && { group: groupUuids.mobileDevices }),
    baseUrls: {
      iam: baseUrls.businessAccount,
      deviceManagement: baseUrls.deviceManagement,
      mobileDeviceManagement: baseUrls.mobileDeviceManagement,
      installerManagement: baseUrls.installerManagement,
    },
    ...settings,
  };
  let seeded = 0;
  return {
    simulator,
    provider: createEsetConnect(configured, runtime),
    providerWith: (change) => createEsetConnect({ ...configured, ...change }, runtime),
    clock,
    calls,
    paths: () =>
      simulator
        .requests()
        .map(({ path }) => path.replace(/^.*\/v1\//, ""))
        .filter((path) => !path.endsWith("/oauth/token")),
    seedDevice: (seed) => {
      seeded += 1;
      const { devices } = simulator.seed({
        devices: [{ displayName: `seeded-${seeded}`, parentGroupUuid: groupUuids.mobileDevices, ...seed }],
      });
      return devices[0]?.uuid ?? "";
    },
  };
};
