import { createTestClock, createMemoryProvider } from "@enrollkit/testing";
import { expect, it } from "vitest";
import { telemetryHooks } from "../src/index.js";

it("works without an SDK", async () => {
  const provider = createMemoryProvider({ runtime: { clock: createTestClock(), hooks: telemetryHooks() } });
  expect(await provider.createEnrollment({})).toMatchObject({ provider: "memory" });
});
