// Two providers, some requests, and an app that takes what becomes of them.
import { createAndroidManagement } from "@enrollkit/android-management";
import { createApplivery } from "@enrollkit/applivery";
import { Secret, type Enrollment, type EnrollmentProvider, type EnrollmentRequest } from "@enrollkit/core";
import { readFileSync } from "node:fs";
import "./at-vendors.js";

export { finish } from "./at-vendors.js";

export const phones: EnrollmentProvider = createAndroidManagement({
  name: "phones",
  enterprise: "LC01abcdef",
  credentials: new Secret(readFileSync("service-account.json", "utf8")),
  profiles: { sales: { policy: "sales" } },
});
export const apple: EnrollmentProvider = createApplivery({
  name: "apple",
  organization: "acme",
  token: new Secret(process.env["APPLIVERY_TOKEN"] ?? ""),
  profiles: { sales: { tags: ["sales"] } },
});
export const requests: readonly EnrollmentRequest[] = Array.from({ length: 5 }, (_, index) => ({
  key: `row-${index + 1}`,
  profile: "sales",
}));
export const people: readonly EnrollmentRequest[] = ["ana@example.com", "luis@example.com"].map(
  (email, index) => ({
    key: `person-${index + 1}`,
    profile: "sales",
    recipient: { email },
  }),
);
export const store = (key: string | undefined, enrollment: Enrollment): unknown => [key, enrollment.id];
export const report = (...words: readonly unknown[]): unknown => words;
