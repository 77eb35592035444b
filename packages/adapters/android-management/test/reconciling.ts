import {
  EnrollmentError,
  Secret,
  type EnrollmentRequest,
  type IsoInstant,
  type ReconcileOptions,
} from "@enrollkit/core";
import { createTestClock } from "@enrollkit/testing";
import { expect } from "vitest";
import { CreateJournal } from "../src/create-journal.js";
import { androidManagementDescriptorFor } from "../src/descriptor.js";
import { planEnrollment } from "../src/plan.js";
import { createReconciliation } from "../src/reconciliation.js";
import {
  settingsSchema,
  type AndroidManagementExtras,
  type AndroidManagementSettings,
} from "../src/settings.js";
import { createMemoryGoogle } from "./memory-google.js";

export type Request = EnrollmentRequest<AndroidManagementExtras>;

export const sentAt: IsoInstant = "2026-09-20T10:00:00.000Z";
/** An hour after the request was sent, as Google understood it half a second later. */
export const due: IsoInstant = "2026-09-20T11:00:00.500Z";
export const issued = (id: string) => ({ id, createdAt: sentAt, expiresAt: due, uses: "one" as const });
export const lostError = new EnrollmentError("lost", { code: "outcome-unknown" });

/**
 * A reconciliation over a Google in memory, an hour before tokens of the default lifetime are due.
 *
 * @param google - one that another process uses too; default: one of its own.
 */
export const start = (changes: Partial<AndroidManagementSettings> = {}, google = createMemoryGoogle()) => {
  const settings = settingsSchema.parse({ enterprise: "LC1", credentials: new Secret("{}"), ...changes });
  const descriptor = androidManagementDescriptorFor(settings);
  const clock = createTestClock(Date.parse("2026-09-20T10:01:00Z"));
  const journal = new CreateJournal(() => clock.now());
  const reconciliation = createReconciliation({
    client: google.client,
    settings,
    journal,
    clock,
    planAt: (request, now) => planEnrollment(request, { settings, descriptor, onUnsupported: "warn", now }),
  });
  const reconcile = (...requests: Request[]) =>
    reconciliation.reconcile(requests.map((request) => ({ request, sentAt })));
  const reconcileKnowing = (recorded: ReconcileOptions["recorded"], ...requests: Request[]) =>
    reconciliation.reconcile(
      requests.map((request) => ({ request, sentAt })),
      { recorded },
    );
  return { google, clock, journal, reconciliation, reconcile, reconcileKnowing };
};

export const lose = async (journal: CreateJournal, key: string, error = lostError, lifetime = 3_600_000) => {
  await expect(journal.follow(key, lifetime, () => Promise.reject(error))).rejects.toBe(error);
};
