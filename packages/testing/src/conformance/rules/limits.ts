import assert from "node:assert/strict";
import { durationLength, type EnrollmentRequest } from "@enrollkit/core";
import { roleOf, type Rule, type RuleContext } from "../rule.js";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const assertAllCreated = (results: readonly { readonly status: string }[], count: number) => {
  assert.equal(results.length, count, "there must be one result for each item");
  const others = results.filter(({ status }) => status !== "created");
  assert.equal(others.length, 0, `all ${count} items of a full batch must be created`);
};

/** Enough creates to leave any burst behind, and few enough to be quick. */
const creates = 30;

const callsIn = async ({ vendor, provider }: RuleContext): Promise<number> => {
  const before = vendor.callCount();
  for (const number of numbers(creates)) await provider.createEnrollment(vendor.request(number));
  return vendor.callCount() - before;
};

/** The numbers of the descriptor that only many calls can show. */
export const limitRules: readonly Rule[] = [
  {
    name: "limits/full-batch",
    needs: ["bulk"],
    check: async (context) => {
      const { vendor, descriptor } = context;
      const size = descriptor.batch?.maxItems ?? 1;
      const requests = numbers(size).map((number): EnrollmentRequest => ({
        ...vendor.request(number),
        key: `key-${number}`,
      }));
      assertAllCreated(await roleOf(context, "bulk").createBatch(requests), size);
      assert.equal(await vendor.liveCount(), size);
    },
  },
  {
    name: "limits/full-import-batch",
    needs: ["deviceImport"],
    check: async (context) => {
      const size = context.descriptor.importBatch?.maxItems ?? 1;
      const devices = numbers(size).map((number) => ({ name: `Imported device ${number}` }));
      assertAllCreated(await roleOf(context, "deviceImport").importBatch(devices), size);
    },
  },
  {
    name: "limits/quota-kept",
    skip: ({ quotas }) => (quotas.length === 0 ? "no quota is declared" : undefined),
    check: async (context) => {
      const { vendor, clock, descriptor } = context;
      vendor.enforceQuota?.();
      const start = clock.now();
      const calls = await callsIn(context);
      for (const { calls: allowed, per } of descriptor.quotas) {
        const periods = Math.floor((clock.now() - start) / durationLength(per)) + 1;
        assert.ok(
          calls <= allowed * periods,
          `${calls} calls in ${clock.now() - start} ms are more than ${allowed} per ${per}`,
        );
      }
      assert.ok(!vendor.log().includes('"status":429'), "a provider that keeps to the quota meets no 429");
      assert.equal(await vendor.liveCount(), creates);
    },
  },
];
