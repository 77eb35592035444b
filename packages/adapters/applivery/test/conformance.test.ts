import { findArtifact, Secret, type VendorCall } from "@enrollkit/core";
import { startAppliverySimulator } from "@enrollkit/simulators/applivery";
import { describeEnrollmentProvider } from "@enrollkit/testing";
import { describe, it } from "vitest";
import { appliveryDescriptor, createApplivery } from "../src/index.js";

const tokensPath = /\/mdm\/apple\/enterprise\/enrollment-tokens(\/bulk)?$/;

describeEnrollmentProvider(
  "applivery",
  {
    descriptor: { ...appliveryDescriptor, profiles: ["policy-gone"] },
    async start({ clock, random }) {
      const simulator = await startAppliverySimulator({ clock, random });
      // The adapter asks for pages of 100, and takes what it gets.
      Object.assign(simulator.behavior, { maximumPageSize: 10, pageSizeAboveMaximum: "clamp" });
      const { baseUrl, organization, token } = simulator.credentials;
      const calls: VendorCall[] = [];
      const runtime = { clock, random, hooks: { onResponse: (call: VendorCall) => calls.push(call) } };
      const profiles = { "policy-gone": { policyId: "0123456789abcdef01234567" } };
      const settings = { baseUrl, organization, token: new Secret(token), profiles };
      let elsewhere = 0;
      return {
        provider: createApplivery(settings, runtime),
        withWrongCredentials: createApplivery({ ...settings, token: new Secret("no-such-token") }, runtime),
        request: (number) => ({ key: `key-${number}`, recipient: { email: `person-${number}@example.com` } }),
        refusedRequest: () => ({ profile: "policy-gone", recipient: { email: "refused@example.com" } }),
        failNext: (fault, target, times = 1) => {
          simulator.failNext(
            fault,
            target === "create" ? { method: "POST", path: tokensPath, times } : { times },
          );
        },
        enforceQuota: () => {
          simulator.behavior.enforceQuota = true;
        },
        callCount: () => simulator.stats().requests,
        advance: (milliseconds) => {
          clock.advance(milliseconds);
        },
        consume: (enrollment) => {
          const link = findArtifact(enrollment, "enrollment-link");
          if (link === undefined) return Promise.reject(new Error("the enrollment has no link"));
          const serialNumber = `SERIAL-${simulator.devices().length}`;
          const device = () => simulator.enrollDevice({ linkOrCode: link.value.reveal(), serialNumber });
          return Promise.resolve().then(() => device().id);
        },
        liveCount: () => simulator.enrollments().filter(({ state }) => state === "PENDING").length,
        addElsewhere: () => {
          simulator.seed({ enrollments: [{ email: `elsewhere-${elsewhere++}@example.com` }] });
          return Promise.resolve();
        },
        plantedSecrets: [token],
        log: () => JSON.stringify(calls),
        stop: () => simulator.close(),
      };
    },
  },
  { describe, it },
);
