import { Secret } from "@enrollkit/core";
import { createMemoryProvider, createTestClock } from "@enrollkit/testing";
import { planted } from "../canaries.js";

/** A person whose address and name are canaries. */
export const recipient = { email: planted.email, name: planted.name };

/** A provider whose access token is one. */
export const memory = () => {
  const clock = createTestClock();
  return createMemoryProvider({ accessToken: new Secret(planted.accessToken), runtime: { clock } });
};

/** The same, whose first answer gets lost, and whose later ones repeat a secret. */
export const lost = () => {
  const provider = memory();
  provider.failNext({ kind: "reset", when: "after" }, "create");
  provider.failNext({ kind: "status", status: 500, body: planted.accessToken }, "any", 8);
  return provider;
};
