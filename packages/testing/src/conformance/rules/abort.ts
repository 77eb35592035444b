import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { setTimeout as realDelay } from "node:timers/promises";
import { roleNames, type CallOptions, type RoleName } from "@enrollkit/core";
import { rejectionOf } from "../expectations.js";
import { prepareCall, type PreparedCall } from "../operations.js";
import type { Rule, RuleContext } from "../rule.js";

/** How long the vendor holds its answer back, and how soon an abort must show: real milliseconds. */
const heldBack = 5000;
const promptly = 1000;

const late = Symbol("late");

const reasonOfAbort = () => new Error("the user has changed their mind");

const abortedBefore = async (context: RuleContext, call: PreparedCall) => {
  const reason = reasonOfAbort();
  const controller = new AbortController();
  controller.abort(reason);
  const calls = context.vendor.callCount();
  const rejected = await rejectionOf(
    () => call({ signal: controller.signal }),
    "a call that was aborted before",
  );
  assert.equal(rejected, reason, "an aborted call must reject with the signal's reason, untouched");
  assert.equal(context.vendor.callCount(), calls, "a call that was aborted before must not reach the vendor");
};

/** Resolves once the vendor has been called. */
const untilCalled = async ({ vendor }: RuleContext, calls: number) => {
  const patience = Date.now() + promptly;
  while (vendor.callCount() === calls) {
    assert.ok(Date.now() < patience, "the vendor was never called");
    await realDelay(1);
  }
};

const abortedDuring = async (context: RuleContext, call: PreparedCall) => {
  const { vendor } = context;
  const reason = reasonOfAbort();
  const controller = new AbortController();
  vendor.failNext({ kind: "delay", milliseconds: heldBack }, "any");
  const calls = vendor.callCount();
  const ended = rejectionOf(() => call({ signal: controller.signal }), "a call that is aborted");
  await untilCalled(context, calls);
  controller.abort(reason);
  const rejected = await Promise.race([ended, realDelay(promptly, late, { ref: false })]);
  assert.notEqual(rejected, late, "an aborted call must end at once");
  assert.equal(rejected, reason, "an aborted call must reject with the signal's reason, untouched");
};

const creating =
  ({ provider, vendor }: RuleContext, number = 1): PreparedCall =>
  (options?: CallOptions) =>
    provider.createEnrollment(vendor.request(number), options);

const roleRule = (role: RoleName): Rule => ({
  name: `abort/${role}`,
  needs: [role],
  check: async (context) => {
    const call = await prepareCall[role](context);
    await abortedBefore(context, call);
    await abortedDuring(context, call);
  },
});

/** An abort ends a call at once, with the signal's reason, and leaves nothing hanging. */
export const abortRules: readonly Rule[] = [
  {
    name: "abort/create-before",
    check: async (context) => {
      await abortedBefore(context, creating(context));
      assert.equal(await context.vendor.liveCount(), 0);
    },
  },
  {
    name: "abort/create-during",
    check: async (context) => {
      // The first create gets the access token out of the way: the fault waits for the call after it.
      await creating(context, 1)();
      await abortedDuring(context, creating(context, 2));
      assert.ok((await context.vendor.liveCount()) <= 2, "an aborted create must not be sent again");
    },
  },
  {
    name: "abort/check",
    check: async (context) => {
      const call: PreparedCall = (options) => context.provider.check(options);
      await abortedBefore(context, call);
      await call();
      await abortedDuring(context, call);
    },
  },
  ...roleNames.map(roleRule),
  {
    name: "abort/no-listeners-left",
    check: async ({ provider, vendor }) => {
      const { signal } = new AbortController();
      for (let number = 1; number <= 8; number += 1) {
        await provider.createEnrollment(vendor.request(number), { signal });
      }
      assert.equal(getEventListeners(signal, "abort").length, 0, "a call that has ended must not listen on");
    },
  },
];
