import assert from "node:assert/strict";
import {
  deliveries,
  managementModes,
  ownerships,
  platforms,
  type EnrollmentRequest,
  type ProviderDescriptor,
} from "@enrollkit/core";
import { expectCreated, expectRefusal, expectWarning, requireCode, settle } from "../expectations.js";
import { fieldOf, invent, withField } from "../requests.js";
import type { Rule, RuleContext } from "../rule.js";

interface Choice {
  readonly field: "platform" | "management" | "ownership" | "delivery";
  readonly all: readonly string[];
  readonly offered: (descriptor: ProviderDescriptor) => readonly string[];
  /** Another choice that may have to be made together with this one. */
  readonly together?: "management" | "ownership";
}

const choices: readonly Choice[] = [
  { field: "platform", all: platforms, offered: (descriptor) => descriptor.platforms },
  {
    field: "management",
    all: managementModes,
    offered: (descriptor) => descriptor.managementModes,
    together: "ownership",
  },
  {
    field: "ownership",
    all: ownerships,
    offered: (descriptor) => descriptor.ownerships,
    together: "management",
  },
  { field: "delivery", all: deliveries, offered: (descriptor) => descriptor.deliveries },
];

const refusedBy = ({ all, offered }: Choice, descriptor: ProviderDescriptor) =>
  all.filter((value) => !offered(descriptor).includes(value));

/** The request on its own, then with every value of the choice that goes with it. */
const variantsOf = (
  request: EnrollmentRequest,
  { together }: Choice,
  descriptor: ProviderDescriptor,
): readonly EnrollmentRequest[] => {
  if (together === undefined) return [request];
  const values = together === "management" ? descriptor.managementModes : descriptor.ownerships;
  return [request, ...values.map((value) => withField(request, together, value))];
};

const expectSomeVariant = async (context: RuleContext, choice: Choice, value: string, number: number) => {
  const { vendor, provider, descriptor } = context;
  const plain = withField(vendor.request(number), choice.field, value);
  const addressed =
    choice.field === "delivery" && value === "vendor-email" && fieldOf(plain, "recipient.email") === undefined
      ? withField(plain, "recipient.email", invent("recipient.email", number))
      : plain;
  const variants = variantsOf(addressed, choice, descriptor);
  if (variants.length === 1) {
    return expectCreated(context, addressed, `a request with ${choice.field} "${value}"`);
  }
  const reasons: string[] = [];
  for (const variant of variants) {
    const live = await vendor.liveCount();
    const settled = await settle(() => provider.createEnrollment(variant));
    if (settled.status === "fulfilled") {
      assert.equal(await vendor.liveCount(), live + 1, "a create must leave exactly one enrollment");
      return settled.value;
    }
    const what = `${choice.field} "${value}" in company that the vendor does not want`;
    const error = requireCode(settled.reason, "unsupported", what);
    reasons.push(error.message);
  }
  throw new assert.AssertionError({
    message: `the descriptor offers ${choice.field} "${value}", and it never works: ${reasons.join(" | ")}`,
  });
};

const rulesOf = (choice: Choice): readonly Rule[] => [
  {
    name: `choices/${choice.field}-offered`,
    skip: (descriptor) =>
      choice.offered(descriptor).length === 0 ? "the vendor offers no choice" : undefined,
    check: async (context) => {
      let number = 0;
      for (const value of choice.offered(context.descriptor)) {
        number += 1;
        const enrollment = await expectSomeVariant(context, choice, value, number);
        if (choice.field !== "delivery") {
          assert.equal(enrollment[choice.field], value, `${choice.field} must come back as it was wished`);
          continue;
        }
        assert.equal(
          enrollment.artifacts.some(({ kind }) => kind === "delivered"),
          value === "vendor-email",
          'the artifact "delivered" must be there if the vendor has mailed it, and only then',
        );
      }
    },
  },
  {
    name: `choices/${choice.field}-refused`,
    skip: (descriptor) =>
      refusedBy(choice, descriptor).length === 0 ? "the vendor offers everything" : undefined,
    check: async (context) => {
      for (const value of refusedBy(choice, context.descriptor)) {
        const request = withField(context.vendor.request(1), choice.field, value);
        const what = `a request with ${choice.field} "${value}"`;
        await expectRefusal(context, request, "unsupported", choice.field, what);
      }
    },
  },
  {
    name: `choices/${choice.field}-dropped-with-a-warning`,
    skip: (descriptor) =>
      refusedBy(choice, descriptor).length === 0 ? "the vendor offers everything" : undefined,
    check: async (context) => {
      const [value = ""] = refusedBy(choice, context.descriptor);
      const request = withField(context.vendor.request(1), choice.field, value);
      await expectWarning(context, request, choice.field, `a request with ${choice.field} "${value}"`);
    },
  },
];

/** Each value that the descriptor offers works, and each other is refused. */
export const choiceRules: readonly Rule[] = choices.flatMap(rulesOf);
