import assert from "node:assert/strict";
import { enrollmentSchema, supports, type Enrollment } from "@enrollkit/core";
import { collect, expectCode, expectDeviceRefused } from "../expectations.js";
import { roleOf, type Rule, type RuleContext } from "../rule.js";

const createOne = ({ provider, vendor }: RuleContext, number = 1): Promise<Enrollment> =>
  provider.createEnrollment(vendor.request(number));

/** An id of the same form that nothing has: the last character is another one. */
export const otherId = (id: string): string => id.slice(0, -1) + (id.endsWith("0") ? "1" : "0");

/** Getting an enrollment again, and taking it back. */
export const lifecycleRules: readonly Rule[] = [
  {
    name: "retrieval/same-enrollment",
    needs: ["retrieval"],
    check: async (context) => {
      await createOne(context, 2);
      const enrollment = await createOne(context);
      const again = await roleOf(context, "retrieval").get(enrollment.id);
      assert.equal(again.id, enrollment.id);
      assert.equal(again.provider, enrollment.provider);
      assert.equal(again.vendor, enrollment.vendor);
      assert.equal(again.expiresAt, enrollment.expiresAt);
      assert.equal(again.uses, enrollment.uses);
      enrollmentSchema.parse(JSON.parse(JSON.stringify(again)));
      for (const artifact of again.artifacts) {
        const first = enrollment.artifacts.find(({ kind }) => kind === artifact.kind);
        assert.ok(first !== undefined, `a ${artifact.kind} came only when the enrollment was got again`);
        if (!("value" in artifact) || !("value" in first) || !artifact.value.isKnown) continue;
        assert.ok(artifact.value.equals(first.value), `the ${artifact.kind} must be the one that was issued`);
      }
    },
  },
  {
    name: "retrieval/not-found",
    needs: ["retrieval"],
    check: async (context) => {
      const { id } = await createOne(context);
      const get = () => roleOf(context, "retrieval").get(otherId(id));
      await expectCode(get, "not-found", "getting an enrollment that does not exist");
    },
  },
  {
    name: "retrieval/not-found-once-expired",
    needs: ["retrieval"],
    check: async (context) => {
      const { id, expiresAt } = await createOne(context);
      if (expiresAt === "never" || expiresAt === "unknown") return;
      context.vendor.advance(Date.parse(expiresAt) - context.clock.now() + 60_000);
      const get = () => roleOf(context, "retrieval").get(id);
      await expectCode(get, "not-found", "getting an enrollment that has expired");
    },
  },
  {
    name: "revocation/ends-it",
    needs: ["revocation"],
    check: async (context) => {
      const kept = await createOne(context, 2);
      const enrollment = await createOne(context);
      await roleOf(context, "revocation").revoke(enrollment.id);
      assert.equal(await context.vendor.liveCount(), 1, "a revoke must end the one enrollment, and no other");
      await expectDeviceRefused(context, enrollment, "a revoked enrollment");
      await context.vendor.consume(kept);
    },
  },
  {
    name: "revocation/idempotent",
    needs: ["revocation"],
    check: async (context) => {
      const { id } = await createOne(context);
      const revocation = roleOf(context, "revocation");
      await revocation.revoke(id);
      await revocation.revoke(id);
      assert.equal(await context.vendor.liveCount(), 0);
    },
  },
  {
    name: "revocation/after-a-lost-answer",
    needs: ["revocation"],
    check: async (context) => {
      const { id } = await createOne(context);
      context.vendor.failNext({ kind: "reset", when: "after" }, "any");
      await roleOf(context, "revocation").revoke(id);
      assert.equal(await context.vendor.liveCount(), 0);
    },
  },
  {
    name: "revocation/told-by-the-other-roles",
    needs: ["revocation"],
    check: async (context) => {
      const { provider } = context;
      const enrollment = await createOne(context);
      await roleOf(context, "revocation").revoke(enrollment.id);
      if (supports(provider, "retrieval")) {
        const get = () => provider.retrieval.get(enrollment.id);
        await expectCode(get, "not-found", "getting an enrollment that has been revoked");
      }
      if (supports(provider, "tracking")) {
        const [status] = await provider.tracking.getStatuses([enrollment]);
        assert.ok(
          status?.state === "revoked" || status?.state === "unknown",
          `a revoked enrollment is revoked, or unknown if the vendor cannot tell; not ${status?.state}`,
        );
      }
      if (supports(provider, "listing")) {
        const listed = await collect(provider.listing.list());
        const states = listed.filter(({ id }) => id === enrollment.id).map(({ state }) => state);
        assert.ok(!states.includes("pending"), "a revoked enrollment must not be listed as pending");
      }
    },
  },
];
