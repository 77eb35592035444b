import assert from "node:assert/strict";
import { createReliably, type Enrollment } from "@enrollkit/core";
import type { FaultTarget, VendorFault } from "../../faults.js";
import { requireError, settle, type Settled } from "../expectations.js";
import { roleOf, type Rule, type RuleContext } from "../rule.js";

const megabyte = 1024 * 1024;
/** More often than any adapter tries again. */
const always = 50;

/** Everything after which nobody can be sure of what the vendor has done. */
const faults: Readonly<Record<string, VendorFault>> = {
  "status-408": { kind: "status", status: 408 },
  "status-500": { kind: "status", status: 500 },
  "status-500-after": { kind: "status", status: 500, when: "after" },
  "status-502-html": {
    kind: "status",
    status: 502,
    body: "<html>bad gateway</html>",
    headers: { "content-type": "text/html" },
  },
  "status-503-after": { kind: "status", status: 503, when: "after", headers: { "retry-after": "2" } },
  "status-504-after": { kind: "status", status: 504, when: "after" },
  "reset-before": { kind: "reset", when: "before" },
  "reset-after": { kind: "reset", when: "after" },
  html: { kind: "body", body: "<html>welcome to the hotel</html>", contentType: "text/html" },
  "empty-object": { kind: "body", body: "{}", contentType: "application/json" },
  truncated: { kind: "truncate" },
};

/** What an adapter says of a create must agree with what is at the vendor. */
const assertTrue = async (context: RuleContext, settled: Settled<Enrollment>, before: number) => {
  const { vendor } = context;
  const made = (await vendor.liveCount()) - before;
  if (settled.status === "fulfilled") {
    assert.equal(made, 1, `one enrollment was reported, and ${made} exist at the vendor`);
    await vendor.consume(settled.value);
    return;
  }
  const reason = requireError(settled.reason, "a create");
  assert.notEqual(reason.code, "unknown", "a fault of the network or the vendor must be told by its code");
  if (reason.code === "outcome-unknown") {
    assert.ok(made <= 1, `the outcome is unknown, but there may be at most one enrollment, not ${made}`);
    assert.equal(reason.retryable, false, "what may have happened must not be offered for a repeat");
  } else {
    assert.equal(made, 0, `${reason.code} says that nothing was made, and ${made} exist at the vendor`);
  }
};

const truthRule = (name: string, fault: VendorFault, target: FaultTarget, times: number): Rule => ({
  name: `truth/${name}-on-${target}-${times === 1 ? "once" : "for-ever"}`,
  check: async (context) => {
    const { provider, vendor, clock } = context;
    // An enrollment from before: nothing may happen to it, and nobody may take it for the new one.
    const earlier = await provider.createEnrollment(vendor.request(1));
    const before = await vendor.liveCount();
    vendor.failNext(fault, target, times);
    const settled = await settle(() => createReliably(provider, vendor.request(2), { clock }));
    if (settled.status === "fulfilled") {
      assert.notEqual(settled.value.id, earlier.id, "an earlier enrollment was taken for the new one");
    }
    await assertTrue(context, settled, before);
  },
});

const matrix = Object.entries(faults).flatMap(([name, fault]) =>
  (["create", "any"] as const).flatMap((target) =>
    [1, always].map((times) => truthRule(name, fault, target, times)),
  ),
);

/** Whatever goes wrong, what is reported is what is so; nothing is ever made twice. */
export const truthRules: readonly Rule[] = [
  ...matrix,
  truthRule("oversized", { kind: "oversize", bytes: 20 * megabyte }, "create", 1),
  {
    name: "truth/lost-answer-is-not-repeated",
    check: async (context) => {
      const { provider, vendor } = context;
      vendor.failNext({ kind: "reset", when: "after" }, "create");
      const settled = await settle(() => provider.createEnrollment(vendor.request(1)));
      await assertTrue(context, settled, 0);
    },
  },
  {
    name: "truth/batch",
    needs: ["bulk"],
    check: async (context) => {
      const { vendor } = context;
      const bulk = roleOf(context, "bulk");
      let number = 0;
      for (const [name, fault] of Object.entries(faults)) {
        const requests = [1, 2, 3].map((place) => ({
          ...vendor.request(number + place),
          key: `${name}-${place}`,
        }));
        number += requests.length;
        const before = await vendor.liveCount();
        vendor.failNext(fault, "create");
        const settled = await settle(() => bulk.createBatch(requests));
        const made = (await vendor.liveCount()) - before;
        if (settled.status === "rejected") {
          const { code } = requireError(settled.reason, `${name}: a batch`);
          const most = code === "outcome-unknown" ? requests.length : 0;
          assert.ok(made <= most, `${name}: ${code}, and ${made} exist at the vendor`);
          continue;
        }
        assert.equal(settled.value.length, requests.length, `${name}: there must be one result for each`);
        const created = settled.value.filter(({ status }) => status === "created").length;
        const unknown = settled.value.filter(({ status }) => status === "unknown").length;
        assert.ok(
          created <= made && made <= created + unknown,
          `${name}: ${created} created and ${unknown} unknown were reported, and ${made} exist at the vendor`,
        );
      }
    },
  },
];
