import assert from "node:assert/strict";
import {
  createEnrollments,
  enrollmentOutcomeSchema,
  type EnrollmentRequest,
  type EnrollmentResult,
} from "@enrollkit/core";
import { collect } from "../expectations.js";
import { roleOf, type Rule, type RuleContext } from "../rule.js";

const keyed = ({ vendor }: RuleContext, number: number): EnrollmentRequest => ({
  ...vendor.request(number),
  key: `key-${number}`,
});

const impossible = (context: RuleContext, number: number): EnrollmentRequest => ({
  ...keyed(context, number),
  uses: 7,
});

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const assertCreatedInOrder = (
  results: readonly EnrollmentResult[],
  requests: readonly EnrollmentRequest[],
) => {
  assert.equal(results.length, requests.length, "there must be one result for each request");
  for (const [place, result] of results.entries()) {
    assert.equal(result.status, "created", `request ${place} must be created`);
    assert.equal(
      result.enrollment.key,
      requests[place]?.key,
      "results must come in the order of the requests",
    );
  }
};

/** Many at once: one answer for each, in order, and nobody suffers for another. */
export const manyRules: readonly Rule[] = [
  {
    name: "many/one-outcome-each",
    check: async (context) => {
      const { provider, vendor, clock } = context;
      const requests = numbers(12).map((number) => keyed(context, number));
      requests[4] = impossible(context, 5);
      requests[7] = { ...keyed(context, 8), key: "key-1" };
      const outcomes = await collect(createEnrollments(provider, requests, { clock }));
      assert.deepEqual(
        outcomes.map(({ index, key, status }) => [index, key, status]),
        requests.map(({ key }, index) => [index, key, index === 4 || index === 7 ? "failed" : "created"]),
      );
      assert.equal(await vendor.liveCount(), 10, "what failed must not exist at the vendor");
      for (const outcome of outcomes) {
        const parsed = enrollmentOutcomeSchema.parse(JSON.parse(JSON.stringify(outcome)));
        assert.equal(parsed.status, outcome.status, "an outcome must survive JSON");
        if (outcome.status === "created") await vendor.consume(outcome.enrollment);
      }
    },
  },
  {
    name: "many/one-that-the-vendor-refuses",
    check: async (context) => {
      const { provider, vendor, clock } = context;
      const refused = vendor.refusedRequest?.() ?? impossible(context, 3);
      const requests = [1, 2, 3, 4, 5].map((number) => (number === 3 ? refused : keyed(context, number)));
      const outcomes = await collect(createEnrollments(provider, requests, { clock }));
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["created", "created", "failed", "created", "created"],
      );
      assert.equal(await vendor.liveCount(), 4);
    },
  },
  {
    name: "many/through-a-passing-fault",
    check: async (context) => {
      const { provider, vendor, clock } = context;
      const requests = numbers(8).map((number) => keyed(context, number));
      vendor.failNext({ kind: "status", status: 429, headers: { "retry-after": "3" } }, "any", 2);
      const outcomes = await collect(createEnrollments(provider, requests, { clock }));
      assertCreatedInOrder(outcomes, requests);
      assert.equal(await vendor.liveCount(), requests.length);
    },
  },
  {
    name: "bulk/one-result-each-in-order",
    needs: ["bulk"],
    check: async (context) => {
      const { vendor, descriptor } = context;
      const size = Math.min(descriptor.batch?.maxItems ?? 1, 7);
      const requests = numbers(size).map((number) => keyed(context, number));
      const results = await roleOf(context, "bulk").createBatch(requests);
      assertCreatedInOrder(results, requests);
      assert.equal(await vendor.liveCount(), size);
      for (const result of results) {
        if (result.status === "created") await vendor.consume(result.enrollment);
      }
    },
  },
  {
    name: "bulk/one-bad-item",
    needs: ["bulk"],
    check: async (context) => {
      const { vendor } = context;
      const refused = vendor.refusedRequest?.();
      const requests = [
        keyed(context, 1),
        impossible(context, 2),
        keyed(context, 3),
        ...(refused === undefined ? [] : [refused, keyed(context, 5)]),
      ];
      const good = requests.flatMap((_, place) => (place % 2 === 0 ? [place] : []));
      const results = await roleOf(context, "bulk").createBatch(requests);
      assert.deepEqual(
        results.map(({ status }) => status),
        requests.map((_, place) => (good.includes(place) ? "created" : "failed")),
        "a bad item must fail, and the others must not",
      );
      assert.equal(await vendor.liveCount(), good.length);
    },
  },
  {
    name: "bulk/none",
    needs: ["bulk"],
    check: async (context) => {
      assert.deepEqual(await roleOf(context, "bulk").createBatch([]), []);
    },
  },
  {
    name: "bulk/warns-of-what-it-drops",
    needs: ["bulk"],
    check: async (context) => {
      const [result] = await roleOf(context, "bulk").createBatch([impossible(context, 1)], {
        onUnsupported: "warn",
      });
      assert.equal(result?.status, "created");
      assert.ok(
        result.enrollment.warnings.some(({ code, field }) => code === "unsupported" && field === "uses"),
        'a dropped wish must be told in a warning "unsupported"',
      );
    },
  },
];
