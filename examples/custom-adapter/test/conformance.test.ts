import { findArtifact, Secret, type VendorCall } from "@enrollkit/core";
import { describeEnrollmentProvider } from "@enrollkit/testing";
import { describe, it } from "vitest";
import { startAcmeSimulator } from "../simulator/acme-simulator.js";
import { acmeDescriptor, createAcme } from "../src/index.js";

describeEnrollmentProvider(
  "acme",
  {
    descriptor: { ...acmeDescriptor, profiles: ["lost"] },
    showsStored: true,
    async start({ clock, random }) {
      const simulator = await startAcmeSimulator({ clock });
      const calls: VendorCall[] = [];
      const runtime = { clock, random, hooks: { onResponse: (call: VendorCall) => calls.push(call) } };
      const settings = { baseUrl: simulator.url, profiles: { lost: { group: "gone" } } };
      const providerWith = (apiKey: string) =>
        createAcme({ ...settings, apiKey: new Secret(apiKey) }, runtime);
      return {
        provider: providerWith(simulator.apiKey),
        withWrongCredentials: providerWith("a-key-that-nobody-knows"),
        request: (number) => ({ key: `key-${number}` }),
        refusedRequest: () => ({ profile: "lost" }),
        failNext: (fault, target, times = 1) => {
          simulator.failNext(fault, target === "create" ? { method: "POST", times } : { times });
        },
        enforceQuota: () => {
          simulator.enforceQuota = true;
        },
        callCount: () => simulator.stats().requests,
        advance: (milliseconds) => {
          clock.advance(milliseconds);
        },
        consume: async (enrollment) => {
          const code = findArtifact(enrollment, "enrollment-code")?.value.reveal() ?? "none";
          return Promise.resolve().then(() => simulator.enrollDevice(code).id);
        },
        liveCount: () => simulator.livePasses().length,
        addElsewhere: () => {
          simulator.seedPass();
          return Promise.resolve();
        },
        stored: ({ id }) => JSON.stringify(simulator.passes().find((pass) => pass.id === id)),
        plantedSecrets: [simulator.apiKey],
        log: () => JSON.stringify(calls),
        stop: () => simulator.close(),
      };
    },
  },
  { describe, it },
);
