import assert from "node:assert/strict";
import type { VendorFault } from "../../faults.js";
import { expectCode, requireError, settle } from "../expectations.js";
import type { Rule } from "../rule.js";

const brokenVendors: readonly (readonly [string, VendorFault])[] = [
  ["status 503", { kind: "status", status: 503 }],
  ["a broken connection", { kind: "reset", when: "before" }],
  ["HTML instead of JSON", { kind: "body", body: "<html>maintenance</html>", contentType: "text/html" }],
];

/** More often than any adapter tries again. */
const always = 50;

/** A check proves what it says, and changes nothing. */
export const checkRules: readonly Rule[] = [
  {
    name: "check/passes",
    check: async ({ provider, vendor }) => {
      const calls = vendor.callCount();
      const report = await provider.check();
      assert.ok(vendor.callCount() > calls, "check must ask the vendor");
      assert.equal(report.provider, provider.name, "the report must carry the provider's name");
      const failed = report.findings.filter(({ status }) => status === "failed");
      assert.deepEqual(failed, [], "nothing may fail on a vendor in order");
      assert.equal(report.ok, true, "a report in which nothing failed is ok");
      assert.ok(report.findings.length > 0, "a report must say what was looked at");
      for (const { name, message } of report.findings) {
        assert.ok(name !== "" && message !== "", "a finding has a name and a message");
      }
      assert.deepEqual(JSON.parse(JSON.stringify(report)), report, "a report must survive JSON unchanged");
    },
  },
  {
    name: "check/changes-nothing",
    check: async ({ provider, vendor }) => {
      const live = await vendor.liveCount();
      await provider.check();
      await provider.check();
      assert.equal(await vendor.liveCount(), live, "check must not issue or end an enrollment");
    },
  },
  {
    name: "check/wrong-credentials",
    check: async ({ vendor }) => {
      const report = await vendor.withWrongCredentials.check();
      assert.equal(report.ok, false, "a check with wrong credentials is not ok");
      const credentials = report.findings.find(({ name }) => name === "credentials");
      assert.equal(credentials?.status, "failed", 'a finding "credentials" must have failed');
    },
  },
  {
    name: "check/wrong-credentials-on-create",
    check: async ({ vendor }) => {
      const error = await expectCode(
        () => vendor.withWrongCredentials.createEnrollment(vendor.request(1)),
        "unauthenticated",
        "a create with wrong credentials",
      );
      assert.equal(error.retryable, false, "wrong credentials do not get right by themselves");
      assert.equal(await vendor.liveCount(), 0);
    },
  },
  ...brokenVendors.map(([what, fault]): Rule => ({
    name: `check/not-ok-under-${what.replaceAll(" ", "-").toLowerCase()}`,
    check: async ({ provider, vendor }) => {
      vendor.failNext(fault, "any", always);
      const settled = await settle(() => provider.check());
      if (settled.status === "fulfilled") {
        assert.equal(settled.value.ok, false, `a check that met ${what} must not be ok`);
      } else {
        requireError(settled.reason, `a check that met ${what}`);
      }
    },
  })),
];
