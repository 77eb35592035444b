import * as z from "zod";
import { enrollmentSchema, enrollmentWarningSchema } from "./enrollment.js";
import type { CheckReport } from "./provider.js";
import type { DeploymentFile, DeviceGroup, Policy, ReconciledAttempt, VendorRecipient } from "./roles.js";
import { secretSchema } from "./secret.js";

/** Reads a {@link CheckReport} back from JSON. */
export const checkReportSchema: z.ZodType<CheckReport> = z.object({
  provider: z.string(),
  ok: z.boolean(),
  findings: z.array(
    z.object({
      name: z.string(),
      status: z.enum(["passed", "failed", "not-checked"]),
      message: z.string(),
      provider: z.string().optional(),
    }),
  ),
});

/** Reads a {@link ReconciledAttempt} back from JSON. */
export const reconciledAttemptSchema: z.ZodType<ReconciledAttempt> = z.discriminatedUnion("status", [
  z.object({ status: z.literal("created"), enrollment: enrollmentSchema }),
  z.object({ status: z.literal("absent") }),
  z.object({
    status: z.literal("undecided"),
    reason: z.string(),
    checkByHand: z.string(),
    askAgain: z.literal(true).optional(),
  }),
]);

/** Reads a {@link DeploymentFile} back from JSON; its content only if it was written by `content.reveal()`. */
export const deploymentFileSchema: z.ZodType<DeploymentFile> = z.object({
  fileName: z.string(),
  content: secretSchema,
  warnings: z.array(enrollmentWarningSchema),
  requestIds: z.array(z.string()),
});

/** Reads a {@link DeviceGroup} back from JSON. */
export const deviceGroupSchema: z.ZodType<DeviceGroup> = z.object({
  id: z.string(),
  name: z.string(),
  path: z.array(z.string()),
});

/** Reads a {@link Policy} back from JSON. */
export const policySchema: z.ZodType<Policy> = z.object({ id: z.string(), name: z.string() });

/** Reads a {@link VendorRecipient} back from JSON. */
export const vendorRecipientSchema: z.ZodType<VendorRecipient> = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().optional(),
});
