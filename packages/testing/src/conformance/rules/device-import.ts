import assert from "node:assert/strict";
import { importDevices, importOutcomeSchema, supports, type DeviceToImport } from "@enrollkit/core";
import { collect, expectCreated } from "../expectations.js";
import { roleOf, type Rule, type RuleContext } from "../rule.js";

const device = (number: number): DeviceToImport => ({
  key: `key-${number}`,
  name: `Imported device ${number}`,
});

const withImport = ({ provider }: RuleContext) => {
  assert.ok(supports(provider, "deviceImport"));
  return provider;
};

/** Devices are made known one by one, whatever becomes of their neighbours. */
export const deviceImportRules: readonly Rule[] = [
  {
    name: "device-import/one-result-each-in-order",
    needs: ["deviceImport"],
    check: async (context) => {
      const devices = [1, 2, 3, 4, 5].map(device);
      const results = await roleOf(context, "deviceImport").importBatch(devices);
      assert.equal(results.length, devices.length, "there must be one result for each device");
      const ids = results.map((result, place) => {
        assert.equal(result.status, "created", `device ${place} must be imported`);
        assert.equal(
          result.device.name,
          devices[place]?.name,
          "results must come in the order of the devices",
        );
        assert.equal(result.device.provider, context.provider.name);
        assert.equal(result.device.vendor, context.descriptor.vendor);
        return result.device.id;
      });
      assert.equal(new Set(ids).size, ids.length, "each device has an id of its own");
    },
  },
  {
    name: "device-import/one-bad-item",
    needs: ["deviceImport"],
    check: async (context) => {
      const devices = [device(1), { ...device(2), profile: "no-such-profile" }, device(3)];
      const results = await roleOf(context, "deviceImport").importBatch(devices);
      assert.deepEqual(
        results.map(({ status }) => status),
        ["created", "failed", "created"],
        "a device with an unknown profile must fail, and the others must not",
      );
    },
  },
  {
    name: "device-import/same-name-twice",
    needs: ["deviceImport"],
    check: async (context) => {
      const devices = [device(1), device(2), { ...device(3), name: device(1).name }];
      const outcomes = await collect(importDevices(withImport(context), devices));
      assert.deepEqual(
        outcomes.map(({ index, key, status }) => [index, key, status]),
        [
          [0, "key-1", "created"],
          [1, "key-2", "created"],
          [2, "key-3", "failed"],
        ],
      );
      for (const outcome of outcomes) {
        const parsed = importOutcomeSchema.parse(JSON.parse(JSON.stringify(outcome)));
        assert.equal(parsed.status, outcome.status, "an outcome must survive JSON");
      }
    },
  },
  {
    name: "device-import/then-enrolled",
    needs: ["deviceImport"],
    skip: ({ fields }) =>
      fields["device.id"] === "sent" ? undefined : "enrollments are not for known devices",
    check: async (context) => {
      const [result] = await roleOf(context, "deviceImport").importBatch([device(1)]);
      assert.equal(result?.status, "created");
      const { id } = result.device;
      const request = { ...context.vendor.request(1), device: { id } };
      const enrollment = await expectCreated(context, request, "a request for an imported device");
      assert.equal(enrollment.device?.id, id);
      await context.vendor.consume(enrollment);
    },
  },
];
