import assert from "node:assert/strict";
import { describedFields, type DescribedField, type Enrollment } from "@enrollkit/core";
import { expectCreated } from "../expectations.js";
import { invent, takesAnyValue, withField } from "../requests.js";
import type { Rule, RuleContext } from "../rule.js";

const needsStored: Rule["skip"] = (_descriptor, { showsStored = false }) =>
  showsStored ? undefined : "the setup does not show what the vendor keeps";

const storedOf = ({ vendor }: RuleContext, enrollment: Enrollment): string => {
  assert.ok(vendor.stored !== undefined, "a setup that says showsStored needs stored()");
  return vendor.stored(enrollment);
};

const fieldRule = (field: DescribedField): Rule => ({
  name: `reach/${field}`,
  skip: (descriptor, setup) => {
    if (descriptor.fields[field] === "unsupported") return "the vendor has no such field";
    return takesAnyValue(field, descriptor)
      ? needsStored(descriptor, setup)
      : "its values are the vendor's own";
  },
  check: async (context) => {
    const value = invent(field, 7);
    const request = withField(context.vendor.request(1), field, value);
    const enrollment = await expectCreated(context, request, `a request with ${field}`);
    const stored = storedOf(context, enrollment);
    const support = context.descriptor.fields[field];
    for (const text of [value].flat()) {
      assert.equal(
        stored.includes(text),
        support !== "echoed",
        support === "echoed"
          ? `${field} is declared as echoed: it must not reach the vendor`
          : `${field} is declared as ${support}: it must reach the vendor`,
      );
    }
  },
});

/** What is declared as sent is what arrives: a field that is dropped on the way cannot be seen in the result. */
export const reachRules: readonly Rule[] = [
  ...describedFields.map(fieldRule),
  {
    name: "reach/tenant",
    skip: needsStored,
    check: async (context) => {
      const tenant = context.vendor.request(1).tenant ?? "tenant-of-the-suite";
      const request = { ...context.vendor.request(1), tenant };
      const enrollment = await expectCreated(context, request, "a request with a tenant");
      assert.equal(enrollment.tenant, tenant, "tenant must come back as it was given");
      assert.ok(!storedOf(context, enrollment).includes(tenant), "tenant must not reach the vendor");
    },
  },
  {
    name: "reach/additional-data",
    skip: (descriptor, setup) =>
      descriptor.additionalDataLength > 0 ? needsStored(descriptor, setup) : "the vendor has no such field",
    check: async (context) => {
      const additionalData = "row-7-of-the-suite".slice(0, context.descriptor.additionalDataLength);
      const request = { ...context.vendor.request(1), additionalData };
      const enrollment = await expectCreated(context, request, "a request with additionalData");
      assert.ok(
        storedOf(context, enrollment).includes(additionalData),
        "additionalData must reach the vendor",
      );
    },
  },
];
