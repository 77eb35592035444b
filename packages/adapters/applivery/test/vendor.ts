import { parseInput, Secret, type ProviderRuntime } from "@enrollkit/core";
import { startAppliverySimulator, type AppliverySimulatorOptions } from "@enrollkit/simulators/applivery";
import { createTestClock } from "@enrollkit/testing";
import nock from "nock";
import { createAppliveryClient } from "../src/client.js";
import { createApplivery } from "../src/index.js";
import { settingsSchema, type AppliverySettings } from "../src/settings.js";

/** No network but what a test has planned; loopback is for simulators. */
export const onlyPlannedCalls = () => {
  nock.disableNetConnect();
  nock.enableNetConnect(/^127\.0\.0\.1(:\d+)?$/);
};

/** The documented host, where a test plans the answers itself. */
export const plannedVendor = (more: Partial<AppliverySettings> = {}) => {
  const settings: AppliverySettings = { organization: "acme", token: new Secret("planted-token"), ...more };
  const clock = createTestClock("2026-05-04T10:00:00Z");
  const runtime: ProviderRuntime = { clock, random: () => 0.5 };
  return {
    clock,
    api: nock("https://api.applivery.io", { reqheaders: { authorization: "Bearer planted-token" } }),
    client: createAppliveryClient(parseInput(settingsSchema, settings, "invalid-config"), "apple", runtime),
    provider: createApplivery({ ...settings, name: "apple" }, runtime),
  };
};

/** A whole local vendor, and a provider that shares its clock. */
export const simulatedVendor = async (
  more: Partial<AppliverySettings> = {},
  options: AppliverySimulatorOptions = {},
) => {
  const clock = createTestClock("2026-05-04T10:00:00Z");
  const simulator = await startAppliverySimulator({ clock, ...options });
  const { baseUrl, organization, token } = simulator.credentials;
  const settings: AppliverySettings = { baseUrl, organization, token: new Secret(token), ...more };
  return { clock, simulator, settings, provider: createApplivery(settings, { clock, random: () => 0.5 }) };
};

export type SimulatedVendor = Awaited<ReturnType<typeof simulatedVendor>>;
