// A ledger that is open, and two providers: one with an enrollment that lives, and one that is to have it.
import { randomBytes } from "node:crypto";
import { EnrollmentService, Secret, type EnrollmentOutcome } from "@enrollkit/core";
import { openLedger } from "@enrollkit/ledger";
import { apple, finish as closeVendors, phones } from "./providers.js";

export const service = new EnrollmentService({ providers: [apple, phones] });
await service.create({ recipient: { email: "ana@example.com" } }, { provider: "apple" });
export const ledger = await openLedger({
  folder: "ledger",
  keys: [new Secret(randomBytes(32).toString("base64"))],
});
export const deliver = (outcomes: readonly EnrollmentOutcome[]): Promise<void> => {
  if (outcomes.some(({ status }) => status !== "created")) throw new Error("a move failed");
  return Promise.resolve();
};

export const finish = async (): Promise<void> => {
  await ledger.close();
  await closeVendors();
};
