import assert from "node:assert/strict";
import type { EnrollmentErrorCode, RoleName } from "@enrollkit/core";
import type { VendorFault } from "../../faults.js";
import { accountNamed, expectCode, expectCreated, requireCode, settle } from "../expectations.js";
import { prepareCall, readingRoles, type PreparedCall } from "../operations.js";
import type { Rule, RuleContext } from "../rule.js";

/** More often than any adapter tries again. */
const always = 50;
const asked = 7000;

const creating = ({ provider, vendor }: RuleContext) => provider.createEnrollment(vendor.request(1));

const totalOf = (waits: readonly number[]) => waits.reduce((total, wait) => total + wait, 0);

interface RefusedCreate {
  readonly status: number;
  readonly codes: readonly EnrollmentErrorCode[];
}

const refusals: readonly RefusedCreate[] = [
  { status: 401, codes: ["unauthenticated"] },
  { status: 403, codes: ["forbidden"] },
  {
    status: 404,
    codes: ["not-found", "failed-precondition", "invalid-request", "invalid-config", "forbidden"],
  },
];

const refusedCreate = ({ status, codes }: RefusedCreate): Rule => ({
  name: `faults/create-${status}`,
  check: async (context) => {
    context.vendor.failNext({ kind: "status", status }, "create", always);
    const error = await expectCode(
      () => creating(context),
      context.vendor.createsInSteps ? [...codes, "outcome-unknown"] : codes,
      `a create that the vendor answers ${status}`,
    );
    assert.equal(error.retryable, false, `${error.code} is not mended by trying again`);
    assert.equal(error.httpStatus, status, "the error must keep the status");
    const account = accountNamed(context.provider, error.provider);
    assert.ok(account !== undefined, "the error must name the provider");
    assert.equal(await context.vendor.liveCount(), 0);
  },
});

const passingFaults: Readonly<Record<string, VendorFault>> = {
  "status 500": { kind: "status", status: 500 },
  "status 503 with Retry-After": { kind: "status", status: 503, headers: { "retry-after": "2" } },
  "status 429": { kind: "status", status: 429, headers: { "retry-after": "2" } },
  "status 401": { kind: "status", status: 401 },
  "a connection that broke before": { kind: "reset", when: "before" },
  "a connection that broke after": { kind: "reset", when: "after" },
  "HTML instead of JSON": { kind: "body", body: "<html>gateway</html>", contentType: "text/html" },
  "half an answer": { kind: "truncate" },
  "a slow answer": { kind: "delay", milliseconds: 5 },
};

/** What a read may say when it gives up. */
const readCodes: readonly EnrollmentErrorCode[] = [
  "unavailable",
  "timeout",
  "protocol",
  "rate-limited",
  "unauthenticated",
];

const expectReadSurvives = async (context: RuleContext, read: PreparedCall, times: number) => {
  for (const [what, fault] of Object.entries(passingFaults)) {
    context.vendor.failNext(fault, "any", times);
    const settled = await settle(() => read());
    if (settled.status === "fulfilled") continue;
    const error = requireCode(settled.reason, readCodes, `a read that met ${what} and did not succeed`);
    const account = accountNamed(context.provider, error.provider);
    assert.ok(account !== undefined, `${what}: the error must name the provider`);
  }
};

const readRule = (role: RoleName): Rule => ({
  name: `faults/${role}`,
  needs: [role],
  check: async (context) => {
    const read = await prepareCall[role](context);
    await read();
    await expectReadSurvives(context, read, 1);
    context.vendor.failNext({ kind: "unknown-fields" }, "any", always);
    await read();
  },
});

/** What the vendor's and the network's failures come to. */
export const faultRules: readonly Rule[] = [
  ...refusals.map(refusedCreate),
  {
    name: "faults/create-401-once",
    check: async (context) => {
      context.vendor.failNext({ kind: "status", status: 401 }, "create");
      const settled = await settle(() => creating(context));
      if (settled.status === "fulfilled") {
        assert.equal(await context.vendor.liveCount(), 1);
        return;
      }
      requireCode(settled.reason, "unauthenticated", "a create that met 401 once");
      assert.equal(await context.vendor.liveCount(), 0);
    },
  },
  {
    name: "faults/create-429-with-retry-after",
    check: async (context) => {
      const { vendor, clock } = context;
      const headers = { "retry-after": String(asked / 1000) };
      vendor.failNext({ kind: "status", status: 429, headers }, "create");
      const before = clock.waits.length;
      await expectCreated(context, vendor.request(1), "a create that met 429 once");
      const waited = totalOf(clock.waits.slice(before));
      assert.ok(waited >= asked, `the vendor asked to wait ${asked} ms, and the adapter waited ${waited} ms`);
    },
  },
  {
    name: "faults/create-429-without-retry-after",
    check: async (context) => {
      const { vendor, clock } = context;
      vendor.failNext({ kind: "status", status: 429 }, "create");
      const before = clock.waits.length;
      await expectCreated(context, vendor.request(1), "a create that met 429 once");
      assert.ok(
        totalOf(clock.waits.slice(before)) > 0,
        "after a 429 an adapter must wait before it tries again",
      );
    },
  },
  {
    name: "faults/create-429-for-ever",
    check: async (context) => {
      context.vendor.failNext({ kind: "status", status: 429 }, "create", always);
      const before = context.vendor.callCount();
      const error = await expectCode(
        () => creating(context),
        context.vendor.createsInSteps ? ["rate-limited", "outcome-unknown"] : "rate-limited",
        "a create that meets 429 for ever",
      );
      assert.equal(error.retryable, error.code === "rate-limited");
      assert.ok(context.vendor.callCount() - before < always, "an adapter must give up at some time");
      assert.equal(await context.vendor.liveCount(), 0);
    },
  },
  {
    name: "faults/create-unknown-fields",
    check: async (context) => {
      context.vendor.failNext({ kind: "unknown-fields" }, "any", always);
      const enrollment = await expectCreated(
        context,
        context.vendor.request(1),
        "a create whose answer has fields that nobody knows",
      );
      await context.vendor.consume(enrollment);
    },
  },
  {
    name: "faults/create-slow",
    check: async (context) => {
      context.vendor.failNext({ kind: "delay", milliseconds: 5 }, "create");
      await expectCreated(context, context.vendor.request(1), "a create whose answer is slow");
    },
  },
  {
    name: "faults/check",
    check: async (context) => {
      await expectReadSurvives(context, (options) => context.provider.check(options), 1);
    },
  },
  ...readingRoles.map(readRule),
];
