// What a program has before it opens a ledger: a config, a key, people, and a place for outcomes.
import { randomBytes } from "node:crypto";
import { Secret, type EnrollmentOutcome, type EnrollmentRequest } from "@enrollkit/core";

export { config, finish } from "./config.js";

export const key = new Secret(randomBytes(32).toString("base64"));
export const people: readonly EnrollmentRequest[] = [1, 2, 3].map((number) => ({
  key: `person-${number}`,
  profile: "sales",
}));
export const saved: EnrollmentOutcome[] = [];
export const save = (outcomes: readonly EnrollmentOutcome[]): Promise<void> => {
  saved.push(...outcomes);
  return Promise.resolve();
};
