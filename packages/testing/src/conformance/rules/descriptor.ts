import assert from "node:assert/strict";
import { durationLength, roleNames } from "@enrollkit/core";
import { promisedDescriptor } from "../promised-descriptor.js";
import type { Rule } from "../rule.js";

const isWebAddress = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** What the descriptor says must be plain, consistent, and true of the object that carries it. */
export const descriptorRules: readonly Rule[] = [
  {
    name: "descriptor/plain-data",
    check: async ({ provider, vendor, descriptor }) => {
      const promised = promisedDescriptor(provider, vendor.request(1));
      // Profiles are the config's, not the vendor's, so a setup need not repeat them.
      const { profiles } = promised;
      assert.deepEqual(
        promised,
        { ...descriptor, ...(profiles !== undefined && { profiles }) },
        "the provider must carry the setup's descriptor",
      );
      assert.deepEqual(
        JSON.parse(JSON.stringify(provider.descriptor)),
        provider.descriptor,
        "the descriptor must survive JSON unchanged",
      );
      assert.equal(descriptor.contractVersion, 1);
      assert.notEqual(descriptor.vendor, "");
      assert.notEqual(descriptor.product, "");
      assert.ok(isWebAddress(descriptor.documentation), "documentation must be a URL");
      await Promise.resolve();
    },
  },
  {
    name: "descriptor/consistent",
    check: async ({ provider: { descriptor, composition } }) => {
      const { lifetime, uses, deliveries, fields, uniqueFields, artifacts, platforms } = descriptor;
      if (lifetime.settable) {
        const [min, chosen, max, step] = [
          lifetime.min,
          lifetime.default,
          lifetime.max,
          lifetime.granularity,
        ].map(durationLength) as [number, number, number, number];
        assert.ok(
          0 < min && min <= chosen && chosen <= max,
          "lifetime: min, default and max must be in order",
        );
        for (const [name, length] of Object.entries({ min, default: chosen, max })) {
          assert.equal(length % step, 0, `lifetime.${name} must be a whole number of steps`);
        }
      }
      // The members of a composite may have nothing in common.
      const mayBeEmpty = composition !== undefined;
      assert.ok(mayBeEmpty || uses.allowed.length > 0, "uses.allowed must not be empty");
      assert.ok(
        typeof uses.default === "number" ||
          uses.allowed.includes(uses.default) ||
          (mayBeEmpty && uses.allowed.length === 0),
        "uses.default must be one of uses.allowed",
      );
      assert.ok(deliveries.includes("return"), 'deliveries must include "return": it is the default');
      assert.equal(
        artifacts.includes("delivered"),
        deliveries.includes("vendor-email"),
        'the artifact "delivered" and the delivery "vendor-email" go together',
      );
      assert.ok(mayBeEmpty || platforms.length > 0, "platforms must not be empty");
      for (const field of uniqueFields) {
        assert.notEqual(fields[field], "unsupported", `${field} cannot be both unique and unsupported`);
      }
      await Promise.resolve();
    },
  },
  {
    name: "descriptor/roles-are-those-present",
    check: async ({ provider }) => {
      const { descriptor } = provider;
      const present = roleNames.filter((role) => provider[role] !== undefined);
      assert.deepEqual(
        [...descriptor.roles].sort(),
        [...present].sort(),
        "descriptor.roles must name the roles that the provider has, and no others",
      );
      assert.equal(descriptor.batch !== undefined, present.includes("bulk"), "batch goes with the role bulk");
      assert.equal(
        descriptor.importBatch !== undefined,
        present.includes("deviceImport"),
        "importBatch goes with the role deviceImport",
      );
      await Promise.resolve();
    },
  },
];
