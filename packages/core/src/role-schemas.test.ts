import { describe, expect, it } from "vitest";
import type * as z from "zod";
import {
  checkReportSchema,
  deploymentFileSchema,
  deviceGroupSchema,
  policySchema,
  reconciledAttemptSchema,
  vendorRecipientSchema,
} from "./role-schemas.js";
import { Secret } from "./secret.js";

const enrollment = {
  id: "e",
  provider: "p",
  vendor: "v",
  artifacts: [],
  createdAt: "2026-09-20T10:00:00Z",
  expiresAt: "never",
  uses: "one",
  warnings: [],
  requestIds: [],
};

describe("what roles return survives JSON", () => {
  it.each<[string, z.ZodType, object]>([
    [
      "a check report",
      checkReportSchema,
      { provider: "p", ok: false, findings: [{ name: "credentials", status: "failed", message: "no" }] },
    ],
    ["an attempt that happened", reconciledAttemptSchema, { status: "created", enrollment }],
    ["an absent attempt", reconciledAttemptSchema, { status: "absent" }],
    [
      "an undecided attempt",
      reconciledAttemptSchema,
      { status: "undecided", reason: "two look alike", checkByHand: "look" },
    ],
    [
      "an undecided attempt that may be asked about again",
      reconciledAttemptSchema,
      { status: "undecided", reason: "the vendor was busy", checkByHand: "look", askAgain: true },
    ],
    ["a device group", deviceGroupSchema, { id: "g", name: "Phones", path: ["All", "Phones"] }],
    ["a policy", policySchema, { id: "p", name: "Standard" }],
    ["a recipient", vendorRecipientSchema, { id: "r", email: "ana@example.com", name: "Ana" }],
  ])("%s", (_, schema, value) => {
    expect(schema.parse(JSON.parse(JSON.stringify(value)))).toEqual(value);
    expect(schema.safeParse({ ...value, status: "gone", id: 7, provider: 7 }).success).toBe(false);
  });

  it("a deployment file, without its content unless that was revealed", () => {
    const file = {
      fileName: "install_config.ini",
      content: new Secret("Q0FOQVJZ"),
      warnings: [],
      requestIds: [],
    };
    const text = JSON.stringify(file);
    expect(text).not.toContain("Q0FOQVJZ");
    expect(deploymentFileSchema.parse(JSON.parse(text)).content.isKnown).toBe(false);
    const revealed = JSON.stringify({ ...file, content: file.content.reveal() });
    expect(deploymentFileSchema.parse(JSON.parse(revealed)).content.reveal()).toBe("Q0FOQVJZ");
  });
});
