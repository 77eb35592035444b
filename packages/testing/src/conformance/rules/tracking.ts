import assert from "node:assert/strict";
import { enrollmentStatusSchema, type EnrollmentStatus, type TrackedEnrollment } from "@enrollkit/core";
import { roleOf, type Rule, type RuleContext } from "../rule.js";
import { otherId } from "./lifecycle.js";

const statusOf = async (context: RuleContext, enrollment: TrackedEnrollment): Promise<EnrollmentStatus> => {
  const [status, ...others] = await roleOf(context, "tracking").getStatuses([enrollment]);
  assert.ok(status !== undefined && others.length === 0, "there must be one status for each enrollment");
  assert.equal(status.id, enrollment.id);
  const json: unknown = JSON.parse(JSON.stringify(status));
  assert.deepEqual(
    enrollmentStatusSchema.parse(json),
    json,
    "a status must survive JSON, and have no other members",
  );
  return status;
};

/** What became of an enrollment, as far as the vendor can tell: never more than is so. */
export const trackingRules: readonly Rule[] = [
  {
    name: "tracking/pending",
    needs: ["tracking"],
    check: async (context) => {
      const enrollment = await context.provider.createEnrollment(context.vendor.request(1));
      const status = await statusOf(context, enrollment);
      assert.equal(status.state, "pending", "an enrollment that nobody has used is pending");
      assert.deepEqual(status.devices, [], "an enrollment that nobody has used has no devices");
    },
  },
  {
    name: "tracking/used",
    needs: ["tracking"],
    check: async (context) => {
      const { provider, vendor, descriptor } = context;
      const uses = descriptor.uses.allowed.includes("one") ? { uses: "one" as const } : {};
      const other = await provider.createEnrollment({ ...vendor.request(2), ...uses });
      const enrollment = await provider.createEnrollment({ ...vendor.request(1), ...uses });
      const device = await vendor.consume(enrollment);
      const status = await statusOf(context, enrollment);
      assert.equal(status.state, "used", "an enrollment by which a device came in is used");
      assert.equal(status.devices.length, 1, "the device that came in by it must be told");
      if (device !== undefined)
        assert.equal(status.devices[0]?.id, device, "it must be the device that came in");
      assert.equal((await statusOf(context, other)).state, "pending", "another enrollment is still pending");
    },
  },
  {
    name: "tracking/expired",
    needs: ["tracking"],
    check: async (context) => {
      const enrollment = await context.provider.createEnrollment(context.vendor.request(1));
      const { expiresAt } = enrollment;
      if (expiresAt === "never" || expiresAt === "unknown") return;
      context.vendor.advance(Date.parse(expiresAt) - context.clock.now() + 60_000);
      const { state } = await statusOf(context, enrollment);
      assert.ok(
        state === "expired" || state === "unknown",
        `an expired enrollment is expired, or unknown if the vendor cannot tell; not ${state}`,
      );
    },
  },
  {
    name: "tracking/unknown",
    needs: ["tracking"],
    check: async (context) => {
      const { id } = await context.provider.createEnrollment(context.vendor.request(1));
      const { state } = await statusOf(context, { id: otherId(id) });
      assert.equal(state, "unknown", "of an enrollment that the vendor does not know nothing can be told");
    },
  },
  {
    name: "tracking/many-in-order",
    needs: ["tracking"],
    check: async (context) => {
      const { provider, vendor } = context;
      const enrollments: TrackedEnrollment[] = [];
      for (let number = 1; number <= 5; number += 1) {
        enrollments.push(await provider.createEnrollment(vendor.request(number)));
      }
      const asked = [...enrollments.slice(2), ...enrollments.slice(0, 2)];
      const statuses = await roleOf(context, "tracking").getStatuses(asked);
      assert.deepEqual(
        statuses.map(({ id }) => id),
        asked.map(({ id }) => id),
        "statuses must come in the order in which they were asked for",
      );
    },
  },
  {
    name: "tracking/none",
    needs: ["tracking"],
    check: async (context) => {
      assert.deepEqual(await roleOf(context, "tracking").getStatuses([]), []);
    },
  },
];
