import assert from "node:assert/strict";
import { describedFields, enrollmentErrorSchema, type DescribedField } from "@enrollkit/core";
import { expectCode, expectCreated, expectRefusal, expectWarning } from "../expectations.js";
import { fieldOf, invent, takesAnyValue, withField, withoutField } from "../requests.js";
import type { Rule } from "../rule.js";

const refusedField = (field: DescribedField): Rule => ({
  name: `fields/${field}-refused`,
  skip: ({ fields }) => (fields[field] === "unsupported" ? undefined : "the vendor takes it"),
  check: async (context) => {
    const request = withField(context.vendor.request(1), field, invent(field, 1));
    await expectRefusal(context, request, "unsupported", field, `a request with ${field}`);
  },
});

const droppedField = (field: DescribedField): Rule => ({
  name: `fields/${field}-dropped-with-a-warning`,
  skip: ({ fields }) => (fields[field] === "unsupported" ? undefined : "the vendor takes it"),
  check: async (context) => {
    const request = withField(context.vendor.request(1), field, invent(field, 1));
    const enrollment = await expectWarning(context, request, field, `a request with ${field}`);
    if (field === "profile" || field === "tags") return;
    assert.equal(fieldOf(enrollment, field), undefined, `${field} was dropped, so it must not come back`);
  },
});

const requiredField = (field: DescribedField): Rule => ({
  name: `fields/${field}-required`,
  skip: ({ fields }) => (fields[field] === "required" ? undefined : "the vendor does not need it"),
  check: async (context) => {
    const request = context.vendor.request(1);
    assert.notEqual(fieldOf(request, field), undefined, `request() must give ${field}: the vendor needs it`);
    const what = `a request without ${field}`;
    await expectRefusal(context, withoutField(request, field), "invalid-request", field, what);
  },
});

const acceptedField = (field: DescribedField): Rule => ({
  name: `fields/${field}-accepted`,
  skip: (descriptor) => {
    if (descriptor.fields[field] === "unsupported") return "the vendor has no such field";
    return takesAnyValue(field, descriptor) ? undefined : "its values are the vendor's own";
  },
  check: async (context) => {
    const value = invent(field, 7);
    const request = withField(context.vendor.request(1), field, value);
    const enrollment = await expectCreated(context, request, `a request with ${field}`);
    if (field === "tags") return;
    assert.deepEqual(fieldOf(enrollment, field), value, `${field} must come back as it was given`);
  },
});

/** Input that no vendor could honour: what is wrong, the field and its value, and the path that the error names. */
const malformed: readonly (readonly [string, string, unknown, string | undefined])[] = [
  ["an unknown field", "colour", "red", undefined],
  ["an unknown platform", "platform", "symbian", "platform"],
  ["an address that is none", "recipient.email", "ada.at.example.com", "recipient.email"],
  ["an empty key", "key", "", "key"],
  ["an empty device name", "device.name", "", "device.name"],
  ["zero uses", "uses", 0, "uses"],
  ["half a use", "uses", 1.5, "uses"],
  ["a lifetime that is a number", "validFor", 3600, "validFor"],
  ["a lifetime that is no duration", "validFor", "1h", "validFor"],
  ["a tag that is no text", "tags", [1], "tags[0]"],
];

/** Every field is honoured or refused before the vendor is called; nothing is dropped in silence. */
export const fieldRules: readonly Rule[] = [
  ...describedFields.flatMap((field) => [
    requiredField(field),
    acceptedField(field),
    refusedField(field),
    droppedField(field),
  ]),
  {
    name: "fields/profile-unknown",
    skip: ({ fields }) => (fields.profile === "unsupported" ? "the vendor has no profiles" : undefined),
    check: async (context) => {
      const request = withField(context.vendor.request(1), "profile", invent("profile", 1));
      await expectRefusal(
        context,
        request,
        "invalid-request",
        "profile",
        "a request with an unknown profile",
      );
    },
  },
  ...malformed.map(([what, field, value, path]): Rule => ({
    name: `fields/invalid-${what.replace(/^an? /, "").replaceAll(" ", "-")}`,
    check: async (context) => {
      const request = withField(context.vendor.request(1), field, value);
      await expectRefusal(context, request, "invalid-request", path, `a request with ${what}`);
    },
  })),
  {
    name: "fields/errors-survive-json",
    check: async ({ provider, vendor }) => {
      const request = withField(vendor.request(1), "platform", "symbian");
      const create = () => provider.createEnrollment(request);
      const error = await expectCode(create, "invalid-request", "a request that is wrong");
      const parsed = enrollmentErrorSchema.parse(JSON.parse(JSON.stringify(error)));
      assert.deepEqual(
        [parsed.code, parsed.path, parsed.message],
        [error.code, error.path, error.message],
        "an error must read back from its JSON as it was",
      );
    },
  },
];
