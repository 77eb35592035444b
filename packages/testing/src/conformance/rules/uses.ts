import assert from "node:assert/strict";
import { createEnrollments, destinationOf, type DescribedField, type Uses } from "@enrollkit/core";
import {
  collect,
  expectCreated,
  expectDeviceRefused,
  expectRefusal,
  expectWarning,
} from "../expectations.js";
import { fieldOf, invent, takesAnyValue, withField } from "../requests.js";
import type { Rule } from "../rule.js";

const manyUses: Uses = 7;

/** Of so many requests, two go to the same member of a composite. */
const enoughForTwo = 20;

/** A unique field of which the suite can make up a value. */
const comparable: readonly DescribedField[] = [
  "device.id",
  "device.name",
  "device.serialNumber",
  "recipient.email",
];

const onceOnly: Rule["check"] = async (context) => {
  const enrollment = await expectCreated(
    context,
    { ...context.vendor.request(1), uses: "one" },
    'a request with uses "one"',
  );
  assert.equal(enrollment.uses, "one");
  await context.vendor.consume(enrollment);
  assert.equal(await context.vendor.liveCount(), 0, "a one-time enrollment is over once it is used");
  await expectDeviceRefused(context, enrollment, "a one-time enrollment that has been used");
};

/** How often an enrollment can be used, how much data goes with it, and what must differ within a run. */
export const useRules: readonly Rule[] = [
  {
    name: "uses/one",
    skip: ({ uses }) => (uses.allowed.includes("one") ? undefined : "the vendor does not offer it"),
    check: onceOnly,
  },
  {
    name: "uses/the-number-one",
    skip: ({ uses }) => (uses.allowed.includes("one") ? undefined : "the vendor does not offer it"),
    check: async (context) => {
      const request = { ...context.vendor.request(1), uses: 1 };
      const enrollment = await expectCreated(context, request, "a request with uses 1");
      await context.vendor.consume(enrollment);
      await expectDeviceRefused(context, enrollment, "an enrollment for 1 use that has been used");
    },
  },
  {
    name: "uses/unlimited",
    skip: ({ uses }) => (uses.allowed.includes("unlimited") ? undefined : "the vendor does not offer it"),
    check: async (context) => {
      const request = { ...context.vendor.request(1), uses: "unlimited" as const };
      const enrollment = await expectCreated(context, request, 'a request with uses "unlimited"');
      assert.equal(enrollment.uses, "unlimited");
      for (let device = 1; device <= 3; device += 1) await context.vendor.consume(enrollment);
    },
  },
  {
    name: "uses/default",
    check: async (context) => {
      const enrollment = await expectCreated(context, context.vendor.request(1), "a request without uses");
      assert.equal(enrollment.uses, context.descriptor.uses.default, "without a wish the default holds");
      await context.vendor.consume(enrollment);
      if (enrollment.uses === "one") {
        await expectDeviceRefused(context, enrollment, "a one-time enrollment that has been used");
      } else {
        await context.vendor.consume(enrollment);
      }
    },
  },
  {
    name: "uses/refused",
    check: async (context) => {
      const { allowed } = context.descriptor.uses;
      const words = (["one", "unlimited"] as const).filter((word) => !allowed.includes(word));
      for (const uses of [...words, manyUses]) {
        const request = { ...context.vendor.request(1), uses };
        await expectRefusal(context, request, "unsupported", "uses", `a request with uses ${uses}`);
      }
    },
  },
  {
    name: "uses/dropped-with-a-warning",
    check: async (context) => {
      const request = { ...context.vendor.request(1), uses: manyUses };
      const enrollment = await expectWarning(context, request, "uses", `a request with uses ${manyUses}`);
      assert.equal(enrollment.uses, context.descriptor.uses.default, "dropped, it must give the default");
    },
  },
  {
    name: "additional-data/at-the-limit",
    skip: ({ additionalDataLength }) =>
      additionalDataLength > 0 ? undefined : "the vendor has no such field",
    check: async (context) => {
      const additionalData = "x".repeat(context.descriptor.additionalDataLength);
      const request = { ...context.vendor.request(1), additionalData };
      await expectCreated(context, request, `additionalData of ${additionalData.length} characters`);
    },
  },
  {
    name: "additional-data/over-the-limit",
    check: async (context) => {
      const additionalData = "x".repeat(context.descriptor.additionalDataLength + 1);
      const request = { ...context.vendor.request(1), additionalData };
      const what = `additionalData of ${additionalData.length} characters`;
      await expectRefusal(context, request, "unsupported", "additionalData", what);
      await expectWarning(context, request, "additionalData", what);
    },
  },
  {
    name: "unique-fields/refused-in-one-run",
    skip: (descriptor) =>
      descriptor.uniqueFields.some((field) => comparable.includes(field) && takesAnyValue(field, descriptor))
        ? undefined
        : "there is none whose value the suite can choose",
    check: async ({ provider, vendor, descriptor, clock }) => {
      const fields = descriptor.uniqueFields.filter((field) => takesAnyValue(field, descriptor));
      let number = 0;
      for (const field of fields) {
        number += enoughForTwo;
        const value = fieldOf(vendor.request(number), field) ?? invent(field, number);
        const alike = Array.from({ length: enoughForTwo }, (_, place) =>
          withField(vendor.request(number + place), field, value),
        );
        // The members of a composite are vendors of their own.
        const [account] = alike.map((request) => destinationOf(provider, request).member);
        const requests = alike.filter((request) => destinationOf(provider, request).member === account);
        const live = await vendor.liveCount();
        const [first, second] = await collect(createEnrollments(provider, requests.slice(0, 2), { clock }));
        assert.equal(first?.status, "created", `the first request with a ${field} must be created`);
        assert.equal(second?.status, "failed", `the second request with the same ${field} must be refused`);
        assert.equal(second.error.code, "invalid-request");
        assert.equal(second.error.path, `requests[1].${field}`);
        assert.equal(await vendor.liveCount(), live + 1);
      }
    },
  },
];
