import assert from "node:assert/strict";
import { enrollmentSummarySchema, supports } from "@enrollkit/core";
import { collect, rejectionOf } from "../expectations.js";
import { roleOf, type Rule, type RuleContext } from "../rule.js";

const createMany = async ({ provider, vendor }: RuleContext, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const { id } = await provider.createEnrollment(vendor.request(number));
    ids.push(id);
  }
  return ids;
};

/** What fills more than two pages fills more than one with its half. */
const overOnePage = ({ listingSize }: RuleContext) => Math.ceil(listingSize / 2);

const assertAllOnce = (listed: readonly string[], wanted: readonly string[]) => {
  assert.equal(new Set(listed).size, listed.length, "no enrollment may be listed twice");
  const missing = wanted.filter((id) => !listed.includes(id));
  assert.equal(missing.length, 0, `${missing.length} of ${wanted.length} enrollments are not listed`);
};

/** How often one is added while a listing runs. */
const additions = 5;

/** A listing is complete, in order and lazy. */
export const listingRules: readonly Rule[] = [
  {
    name: "listing/summaries",
    needs: ["listing"],
    check: async (context) => {
      const { provider, vendor, descriptor } = context;
      const enrollment = await provider.createEnrollment(vendor.request(1));
      const [summary, ...others] = await collect(roleOf(context, "listing").list());
      assert.ok(summary !== undefined && others.length === 0, "one enrollment makes a listing of one");
      assert.deepEqual(
        enrollmentSummarySchema.parse(JSON.parse(JSON.stringify(summary))),
        JSON.parse(JSON.stringify(summary)),
        "a summary must survive JSON, and have no members but those of the contract",
      );
      assert.equal(summary.id, enrollment.id);
      assert.equal(summary.provider, enrollment.provider);
      assert.equal(summary.vendor, descriptor.vendor);
      assert.equal(summary.state, "pending", "an enrollment that nobody has used is pending");
      assert.equal(summary.expiresAt, enrollment.expiresAt);
    },
  },
  {
    name: "listing/empty",
    needs: ["listing"],
    check: async (context) => {
      assert.deepEqual(await collect(roleOf(context, "listing").list()), []);
    },
  },
  {
    name: "listing/all-pages",
    needs: ["listing"],
    check: async (context) => {
      const ids = await createMany(context, context.listingSize);
      const listed = await collect(roleOf(context, "listing").list());
      assertAllOnce(
        listed.map(({ id }) => id),
        ids,
      );
      assert.equal(listed.length, ids.length, "nothing may be listed that does not exist");
    },
  },
  {
    name: "listing/while-others-are-added",
    needs: ["listing"],
    check: async (context) => {
      const { vendor, listingSize } = context;
      assert.ok(vendor.addElsewhere !== undefined, "a vendor that can list needs addElsewhere()");
      const ids = await createMany(context, listingSize);
      const listed: string[] = [];
      for await (const { id } of roleOf(context, "listing").list()) {
        listed.push(id);
        if (listed.length % Math.ceil(listingSize / additions) === 0) await vendor.addElsewhere();
        assert.ok(listed.length <= 2 * listingSize + additions, "the listing does not end");
      }
      assertAllOnce(listed, ids);
    },
  },
  {
    name: "listing/page-by-page",
    needs: ["listing"],
    check: async (context) => {
      const { vendor } = context;
      await createMany(context, overOnePage(context));
      const callsOf = async (most: number) => {
        const before = vendor.callCount();
        let seen = 0;
        for await (const summary of roleOf(context, "listing").list()) {
          assert.ok(summary.id !== "");
          seen += 1;
          if (seen === most) break;
        }
        return vendor.callCount() - before;
      };
      const some = await callsOf(1);
      const all = await callsOf(Number.POSITIVE_INFINITY);
      assert.ok(
        some < all,
        `the first item took ${some} calls and all of them ${all}: pages must be read as they are consumed`,
      );
    },
  },
  {
    name: "listing/live-ones-only",
    needs: ["listing"],
    check: async (context) => {
      const { provider, vendor } = context;
      const listing = roleOf(context, "listing");
      const pending = async () => (await collect(listing.list())).filter(({ state }) => state === "pending");
      const enrollment = await provider.createEnrollment(vendor.request(1));
      const revoked = await provider.createEnrollment(vendor.request(2));
      if (supports(provider, "revocation")) {
        await provider.revocation.revoke(revoked.id);
        assert.deepEqual(
          (await pending()).map(({ id }) => id),
          [enrollment.id],
          "a revoked enrollment must not be listed as pending",
        );
      }
      if (enrollment.expiresAt === "never" || enrollment.expiresAt === "unknown") return;
      vendor.advance(Date.parse(enrollment.expiresAt) - context.clock.now() + 60_000);
      assert.deepEqual(await pending(), [], "an expired enrollment must not be listed as pending");
    },
  },
  {
    name: "listing/abort-on-the-way",
    needs: ["listing"],
    check: async (context) => {
      await createMany(context, overOnePage(context));
      const reason = new Error("enough seen");
      const controller = new AbortController();
      const read = async () => {
        for await (const { id } of roleOf(context, "listing").list({ signal: controller.signal })) {
          assert.notEqual(id, "");
          controller.abort(reason);
        }
      };
      assert.equal(await rejectionOf(read, "a listing that is aborted"), reason);
    },
  },
];
