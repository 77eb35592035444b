import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createFaultPlan,
  createMemoryProvider,
  createTestClock,
  loadFixture,
  promisedDescriptor,
} from "@enrollkit/testing";
import type * as testing from "@enrollkit/testing";
import { Secret } from "@enrollkit/core";
import { planted } from "../canaries.js";
import { attempts, CONSTANT, withPasted, type Drives } from "./drive.js";

const fixture = (text: string) => {
  const path = join(mkdtempSync(join(tmpdir(), "enrollkit-secrets-")), "fixture.json");
  writeFileSync(path, text);
  return path;
};

export const drives: Drives<typeof testing> = {
  createTestClock: withPasted((text) => createTestClock(text)),
  describeEnrollmentProvider: "it declares tests; its own rule secrets/* says what they print",
  promisedDescriptor: withPasted((text) =>
    promisedDescriptor(createMemoryProvider(), { profile: text, recipient: { email: planted.email } }),
  ),
  loadFixture: [
    ...withPasted((text) => loadFixture(fixture(`{"source": ${text}`))),
    ...withPasted((text) => loadFixture(fixture(JSON.stringify({ source: text, capturedOn: text })))),
  ],
  memoryDescriptor: CONSTANT,
  createFaultPlan: attempts(() => {
    const faults = createFaultPlan();
    faults.add({ kind: "status", status: 500, body: planted.accessToken }, "any", 8);
    return createMemoryProvider({ faults }).createEnrollment({ recipient: { email: planted.email } });
  }),
  createMemoryProvider: attempts(() =>
    createMemoryProvider({ accessToken: new Secret(planted.accessToken) }),
  ),
};
