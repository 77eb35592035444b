// Enrollments as vendors issue them: two for Android, one for Apple.
import { createEnrollments, type Enrollment } from "@enrollkit/core";
import { readProvisioningExtras } from "@enrollkit/provisioning";
import { apple, people, phones, requests } from "./providers.js";

export { finish } from "./providers.js";

const issued: Enrollment[] = [];
for (const [provider, wanted] of [
  [phones, requests.slice(0, 2)],
  [apple, people.slice(0, 1)],
] as const) {
  for await (const outcome of createEnrollments(provider, wanted)) {
    if (outcome.status !== "created") throw outcome.error;
    issued.push(outcome.enrollment);
  }
}

export const enrollments: readonly Enrollment[] = issued;
const [first] = issued;
if (first === undefined) throw new Error("nothing was issued");
export const enrollment: Enrollment = first;
export const extras = readProvisioningExtras({ locale: "de_DE" });
