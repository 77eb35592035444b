import assert from "node:assert/strict";
import { toIsoInstant, type LostAttempt, type ReconciledAttempt } from "@enrollkit/core";
import { requireCode, settle } from "../expectations.js";
import { roleOf, type Rule, type RuleContext } from "../rule.js";

/** Sends a request whose answer is lost after the vendor has acted. */
const loseAnswer = async (context: RuleContext, number: number): Promise<LostAttempt> => {
  const { provider, vendor, clock } = context;
  const attempt = {
    request: { ...vendor.request(number), key: `lost-${number}` },
    sentAt: toIsoInstant(clock.now()),
  };
  vendor.failNext({ kind: "reset", when: "after" }, "create");
  const settled = await settle(() => provider.createEnrollment(attempt.request));
  if (settled.status === "rejected") {
    requireCode(settled.reason, "outcome-unknown", "a create whose answer was lost");
  }
  return attempt;
};

const neverSent = ({ vendor, clock }: RuleContext, number: number): LostAttempt => ({
  request: { ...vendor.request(number), key: `never-sent-${number}` },
  sentAt: toIsoInstant(clock.now()),
});

const assertFound = async (context: RuleContext, finding: ReconciledAttempt | undefined) => {
  assert.ok(finding !== undefined, "there must be one finding for each attempt");
  assert.notEqual(
    finding.status,
    "absent",
    "what happened must not be called absent: it would be made twice",
  );
  if (finding.status === "created") await context.vendor.consume(finding.enrollment);
  if (finding.status === "undecided") {
    assert.ok(finding.reason !== "" && finding.checkByHand !== "", "undecided needs a reason and a way out");
  }
};

/** After a lost answer a provider finds out the truth, or says that it cannot. */
export const reconciliationRules: readonly Rule[] = [
  {
    name: "reconciliation/finds-what-happened",
    needs: ["reconciliation"],
    check: async (context) => {
      const attempt = await loseAnswer(context, 1);
      const [finding] = await roleOf(context, "reconciliation").reconcile([attempt]);
      await assertFound(context, finding);
    },
  },
  {
    name: "reconciliation/does-not-take-another-for-it",
    needs: ["reconciliation"],
    check: async (context) => {
      const { provider, vendor } = context;
      await provider.createEnrollment({ ...vendor.request(1), key: "of-another" });
      const attempt = neverSent(context, 2);
      const live = await vendor.liveCount();
      const [finding] = await roleOf(context, "reconciliation").reconcile([attempt]);
      assert.ok(finding !== undefined, "there must be one finding for each attempt");
      assert.notEqual(finding.status, "created", "what was never sent cannot have been created");
      assert.equal(await vendor.liveCount(), live, "to reconcile must not make or end anything here");
    },
  },
  {
    name: "reconciliation/many-in-order",
    needs: ["reconciliation"],
    check: async (context) => {
      const first = neverSent(context, 1);
      const second = await loseAnswer(context, 2);
      const third = neverSent(context, 3);
      const findings = await roleOf(context, "reconciliation").reconcile([first, second, third]);
      assert.equal(findings.length, 3, "there must be one finding for each attempt");
      await assertFound(context, findings[1]);
      for (const finding of [findings[0], findings[2]]) {
        assert.notEqual(finding?.status, "created", "what was never sent cannot have been created");
      }
    },
  },
  {
    name: "reconciliation/none",
    needs: ["reconciliation"],
    check: async (context) => {
      assert.deepEqual(await roleOf(context, "reconciliation").reconcile([]), []);
    },
  },
];
