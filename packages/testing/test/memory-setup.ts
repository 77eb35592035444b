import { Secret, type ProviderDescriptor, type VendorCall } from "@enrollkit/core";
import {
  createMemoryProvider,
  type ConformanceSetup,
  type ConformanceStart,
  type ConformanceVendor,
} from "../src/index.js";

/** The in-memory provider as the suite wants it. */
const startMemory = (
  { clock, random }: ConformanceStart,
  descriptor: Partial<ProviderDescriptor> = {},
): ConformanceVendor => {
  const calls: VendorCall[] = [];
  const accessToken = "canary-of-the-access-token";
  const provider = createMemoryProvider({
    descriptor,
    accessToken: new Secret(accessToken),
    runtime: { clock, random, hooks: { onResponse: (call) => calls.push(call) } },
  });
  return {
    provider,
    request: (number) => ({ device: { name: `Phone ${number}` } }),
    refusedRequest: () => ({ device: { id: "no-such-device" } }),
    withWrongCredentials: provider.withAccessToken(new Secret("canary-of-a-wrong-token")),
    failNext: (fault, target, times) => {
      provider.failNext(fault, target, times);
    },
    callCount: () => provider.callCount(),
    advance: (milliseconds) => {
      clock.advance(milliseconds);
    },
    consume: (enrollment) => Promise.resolve().then(() => provider.enrollDevice(enrollment).id),
    liveCount: () => provider.liveCount(),
    stored: ({ id }) => JSON.stringify(provider.enrollments().find((each) => each.id === id)),
    addElsewhere: async () => {
      await provider.createEnrollment({ device: { name: "Added elsewhere" } });
    },
    plantedSecrets: [accessToken, "canary-of-a-wrong-token"],
    log: () => JSON.stringify(calls),
    stop: () => Promise.resolve(),
  };
};

export const memorySetup = (descriptor: Partial<ProviderDescriptor> = {}): ConformanceSetup => ({
  descriptor: createMemoryProvider({ descriptor }).descriptor,
  showsStored: true,
  start: (options) => Promise.resolve(startMemory(options, descriptor)),
});
