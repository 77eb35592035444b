import { findArtifact, Secret, type ProviderRuntime, type VendorCall } from "@enrollkit/core";
import { startEsetConnectSimulator } from "@enrollkit/simulators/eset-connect";
import { describeEnrollmentProvider, type ConformanceSetup } from "@enrollkit/testing";
import { describe, it } from "vitest";
import { createEsetConnect, esetConnectDescriptor } from "../src/index.js";

/** ESET needs two calls for one enrollment: the import of a placeholder, and the one for its link. */
const callFor = { placeholder: /:batchImport$/, link: /:batchGetEnrollmentLinks$/ };

/** @param struck - which of the two calls faults on a create strike. */
const setupWithFaultsOn = (struck: keyof typeof callFor): ConformanceSetup => ({
  descriptor: { ...esetConnectDescriptor, profiles: ["everyone"] },
  showsStored: true,
  start: async ({ clock, random }) => {
    const simulator = await startEsetConnectSimulator({ clock, random });
    const { credentials, baseUrls, groupUuids } = simulator;
    const calls: VendorCall[] = [];
    const runtime: ProviderRuntime = { clock, random, hooks: { onResponse: (call) => calls.push(call) } };
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
      ...(struck === "link" && { createsInSteps: true }),
      withWrongCredentials: providerWith(wrongPassword),
      request: (number) => ({ device: { name: `phone-${number}` } }),
      refusedRequest: () => ({ device: { id: "00000000-0000-4000-8000-000000000404" } }),
      failNext: (fault, target, times = 1) => {
        simulator.failNext(fault, { path: target === "create" ? callFor[struck] : /\/v1\//, times });
      },
      enforceQuota: () => {
        simulator.behavior.enforceQuota = true;
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
      stored: ({ id }) => JSON.stringify(simulator.devices().find(({ uuid }) => uuid === id)),
      plantedSecrets: [credentials.password, wrongPassword, credentials.username],
      log: () => JSON.stringify(calls),
      stop: () => simulator.close(),
    };
  },
});

describe("with faults on the import", () => {
  describeEnrollmentProvider("eset-connect", setupWithFaultsOn("placeholder"), { describe, it });
});

/** The rules that strike the create; all others would find the same once more. */
const strikesCreate = /^(faults|reconciliation|secrets)\/|^truth\/(?!.*-on-any-)/;

const whereTheyStrikeCreate = Object.assign(
  (name: string, body: () => Promise<void> | void) => {
    if (strikesCreate.test(name)) it(name, body);
  },
  { skip: () => undefined },
);

describe("with faults on the links", () => {
  describeEnrollmentProvider("eset-connect", setupWithFaultsOn("link"), {
    describe,
    it: whereTheyStrikeCreate,
  });
});
