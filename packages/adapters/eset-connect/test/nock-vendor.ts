import { EnrollmentError, Secret, type ProviderRuntime } from "@enrollkit/core";
import { createTestClock, loadFixture, type TestClock } from "@enrollkit/testing";
import nock from "nock";
import type { EsetConnectSettings } from "../src/index.js";

export const hosts = {
  iam: "https://eu.business-account.iam.eset.systems",
  devices: "https://eu.device-management.eset.systems",
  mobile: "https://eu.mobile-device-management.eset.systems",
  installers: "https://eu.installer-management.eset.systems",
} as const;

export const group = "4f0d0000-0000-4000-8000-00000000000a";
export const device = "9a6e0000-0000-4000-8000-000000000001";

export const settings: EsetConnectSettings = {
  region: "eu",
  username: "api.user@example.com",
  password: new Secret("p&ss=w+rd %"),
  group,
};

/** A clock that takes no time, and no jitter. */
export const createRuntime = (): ProviderRuntime & { readonly clock: TestClock } => ({
  clock: createTestClock("2026-09-20T10:00:00Z"),
  random: () => 0.5,
});

/** The documented sample of an answer. */
export const sampleBody = (name: string): object =>
  loadFixture(new URL(`../fixtures/${name}.json`, import.meta.url))["body"] as object;

/** The documented sample of a request. */
export const sampleRequest = (name: string): object =>
  loadFixture(new URL(`../fixtures/${name}.json`, import.meta.url))["request"] as object;

/** Lets the provider log in, any number of times. */
export const allowLogin = (): void => {
  nock(hosts.iam).persist().post("/oauth/token").reply(200, sampleBody("token"));
};

/** The EnrollmentError that a call ended with. */
export const errorOf = async (work: Promise<unknown>): Promise<EnrollmentError> => {
  const reason: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (EnrollmentError.is(reason)) return reason;
  throw new Error("there was no EnrollmentError", { cause: reason });
};
