import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  describedFields,
  enrollmentSchema,
  instantMilliseconds,
  revealEnrollment,
  Secret,
  type Enrollment,
} from "@enrollkit/core";
import { accountNamed, expectCreated } from "../expectations.js";
import { describedRequest, fieldOf } from "../requests.js";
import type { Rule, RuleContext } from "../rule.js";

/** How far a vendor's clock and rounding may be off, in milliseconds. */
const tolerance = 2000;

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const createOne = (context: RuleContext, number = 1): Promise<Enrollment> =>
  expectCreated(context, context.vendor.request(number), "a plain request");

/** What a create gives back. */
export const createRules: readonly Rule[] = [
  {
    name: "create/makes-exactly-one",
    check: async (context) => {
      const calls = context.vendor.callCount();
      const enrollment = await createOne(context);
      assert.ok(context.vendor.callCount() > calls, "a create must call the vendor");
      await context.vendor.consume(enrollment);
    },
  },
  {
    name: "create/each-its-own",
    check: async (context) => {
      const [first, second] = [await createOne(context, 1), await createOne(context, 2)];
      assert.notEqual(first.id, second.id, "two enrollments must not share an id");
      for (const artifact of first.artifacts) {
        const twin = second.artifacts.find(({ kind }) => kind === artifact.kind);
        if (!("value" in artifact) || twin === undefined || !("value" in twin)) continue;
        assert.ok(
          !artifact.value.equals(twin.value),
          `two enrollments must not share their ${artifact.kind}`,
        );
      }
    },
  },
  {
    name: "create/names-its-origin",
    check: async (context) => {
      const enrollment = await createOne(context);
      assert.notEqual(enrollment.id, "", "an enrollment has an id");
      const account = accountNamed(context.provider, enrollment.provider);
      assert.ok(account !== undefined, "it must carry the name of the provider that made it");
      assert.equal(enrollment.vendor, account.descriptor.vendor);
      assert.equal(enrollment.vendor, context.descriptor.vendor);
    },
  },
  {
    name: "create/survives-json",
    check: async (context) => {
      const enrollment = await createOne(context);
      const revealed = throughJson(revealEnrollment(enrollment));
      const parsed = enrollmentSchema.parse(revealed);
      assert.deepEqual(
        throughJson(revealEnrollment(parsed)),
        revealed,
        "revealed JSON must read back as it was",
      );
      assert.deepEqual(
        Object.keys(revealed as object).sort(),
        Object.keys(throughJson(parsed) as object).sort(),
        "an enrollment must have no members but those of the contract",
      );
    },
  },
  {
    name: "create/survives-redacted-json",
    check: async (context) => {
      const enrollment = await createOne(context);
      const parsed = enrollmentSchema.parse(throughJson(enrollment));
      assert.equal(parsed.id, enrollment.id);
      for (const artifact of parsed.artifacts) {
        if (!("value" in artifact)) continue;
        assert.equal(artifact.value.isKnown, false, `JSON must not hold the value of ${artifact.kind}`);
      }
    },
  },
  {
    name: "create/plain-data",
    check: async (context) => {
      const enrollment = await createOne(context);
      assert.equal(Object.getPrototypeOf(enrollment), Object.prototype, "an enrollment is a plain object");
      const text = inspect(enrollment, { depth: Number.POSITIVE_INFINITY });
      assert.ok(!text.includes("[Function"), "an enrollment holds no functions");
      structuredClone(enrollment);
    },
  },
  {
    name: "create/echoes-the-request",
    check: async (context) => {
      const { vendor, descriptor } = context;
      const request = describedRequest(vendor.request(1), descriptor, 1);
      const enrollment = await expectCreated(context, request, "a request that says all it may");
      assert.equal(enrollment.key, request.key, "key must come back");
      assert.equal(enrollment.tenant, request.tenant, "tenant must come back");
      for (const field of describedFields) {
        if (field === "profile" || field === "tags") continue;
        const asked = fieldOf(request, field);
        if (asked === undefined) continue;
        assert.deepEqual(fieldOf(enrollment, field), asked, `${field} must come back as it was given`);
      }
    },
  },
  {
    name: "create/leaves-the-request-alone",
    check: async (context) => {
      const request = describedRequest(context.vendor.request(1), context.descriptor, 1);
      const before = structuredClone(request);
      await context.provider.createEnrollment(request);
      assert.deepEqual(request, before, "a create must not change the request that it was given");
    },
  },
  {
    name: "create/created-at",
    check: async (context) => {
      const earliest = context.clock.now() - tolerance;
      const { createdAt } = await createOne(context);
      const created = instantMilliseconds(createdAt);
      assert.ok(
        created >= earliest && created <= context.clock.now() + tolerance,
        "createdAt must be the time of the call",
      );
    },
  },
  {
    name: "create/artifacts-as-declared",
    check: async (context) => {
      const { artifacts } = await createOne(context);
      const kinds = artifacts.map(({ kind }) => kind);
      const declared = context.descriptor.artifacts.filter((kind) => kind !== "delivered");
      assert.deepEqual(
        [...new Set(kinds)].sort(),
        [...declared].sort(),
        "a create must return what the descriptor declares",
      );
      for (const artifact of artifacts) {
        if (!("value" in artifact)) continue;
        assert.ok(Secret.is(artifact.value), `the value of ${artifact.kind} must be a Secret`);
        assert.ok(
          artifact.value.isKnown && artifact.value.reveal() !== "",
          `${artifact.kind} must have a value`,
        );
      }
    },
  },
];
