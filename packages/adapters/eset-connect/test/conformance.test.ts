import { findArtifact, Secret, type ProviderRuntime, type VendorCall } from "@enrollkit/core";
import { startEsetConnectSimulator } from "@enrollkit/simulators/eset-connect";
import { describeEnrollmentProvider, type ConformanceSetup } from "@enrollkit/testing";
import { describe, it } from "vitest";
import { createEsetConnect, esetConnectDescriptor } from "../src/index.js";

/** ESET needs two calls for one enrollment; the suite runs once with faults on each. */
const setupWithFaultsOn = (creating: RegExp): ConformanceSetup => ({
  descriptor: { ...esetConnectDescriptor, profiles: ["everyone"] },
  start: async ({ clock, random }) => {
    const simulator = await startEsetConnectSimulator({ clock, random });
    const { credentials, baseUrls, groupUuids } = simulator;
    const calls: VendorCall[] = [];
    const runtime: ProviderRuntime = { clock, random, onCall: (call) => calls.push(call) };
    const providerWith = (password: string) =>
      createEsetConnect(
        {
          region: credentials.region,
          username: credentials.username,
          password: new Secret(password),
          group: groupUuids.mobileDevices,
          profiles: { everyone: {} },
          baseUrls: {
            iam: baseUrls.businessAccount,
            deviceManagement: baseUrls.deviceManagement,
            mobileDeviceManagement: baseUrls.mobileDeviceManagement,
            installerManagement: baseUrls.installerManagement,
          },
        },
        runtime,
      );
    const wrongPassword = "a-password-that-nobody-has";
    return {
      provider: providerWith(credentials.password),
      withWrongCredentials: providerWith(wrongPassword),
      request: (number) => ({ device: { name: `phone-${number}` } }),
      refusedRequest: () => ({ device: { id: "00000000-0000-4000-8000-000000000404" } }),
      failNext: (fault, target, times = 1) => {
        simulator.failNext(fault, { path: target === "create" ? creating : /\/v1\//, times });
      },
      callCount: () => simulator.stats().requests,
      advance: (milliseconds) => {
        clock.advance(milliseconds);
      },
      consume: (enrollment) => {
        const link = findArtifact(enrollment, "enrollment-link")?.value.reveal() ?? "";
        return Promise.resolve(simulator.enrollDevice({ link, platform: "android" }).uuid);
      },
      // Any number of links may lead to one device, and let it in once.
      liveCount: () => {
        const live = simulator.enrollmentLinks().filter(({ state }) => state === "valid");
        return new Set(live.map(({ deviceUuid }) => deviceUuid)).size;
      },
      plantedSecrets: [credentials.password, wrongPassword, credentials.username],
      log: () => JSON.stringify(calls),
      stop: () => simulator.close(),
    };
  },
});

describe("with faults on the import", () => {
  describeEnrollmentProvider("eset-connect", setupWithFaultsOn(/:batchImport$/), { describe, it });
});

/** The rule takes a create for one call; here the import before it has been carried out, and must not be repeated. */
const importIsNotRepeatable = {
  rule: "faults/create-429-for-ever",
  issue: "https://help.eset.com/eset_connect/en-US/device_management_v1_devices-batchImport_post.html",
};

describe("with faults on the links", () => {
  const setup = setupWithFaultsOn(/:batchGetEnrollmentLinks$/);
  describeEnrollmentProvider(
    "eset-connect",
    { ...setup, knownDeviations: [importIsNotRepeatable] },
    { describe, it },
  );
});
