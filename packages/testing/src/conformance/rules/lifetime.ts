import assert from "node:assert/strict";
import {
  durationFrom,
  durationLength,
  parseDuration,
  instantMilliseconds,
  type Enrollment,
  type IsoDuration,
  type LifetimeLimits,
  type ProviderDescriptor,
} from "@enrollkit/core";
import { Duration } from "luxon";
import {
  expectCreated,
  expectDeviceRefused,
  expectRefusal,
  expectWarning,
  lifetimeOf,
} from "../expectations.js";
import type { Rule, RuleContext } from "../rule.js";

/** How far a vendor's rounding may be off, in milliseconds. */
const tolerance = 2000;

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly step: number;
}

const boundsOf = (limits: LifetimeLimits): Bounds => {
  assert.ok(limits.settable);
  const { min, max, granularity, default: chosen } = limits;
  return {
    min: durationLength(min),
    max: durationLength(max),
    default: durationLength(chosen),
    step: durationLength(granularity),
  };
};

const whereChosen = ({ lifetime }: ProviderDescriptor) =>
  lifetime.settable ? undefined : "the vendor sets the lifetime itself";

const expectLifetime = async (
  context: RuleContext,
  validFor: Duration | IsoDuration,
  expected: number,
  number = 1,
) => {
  const what = `validFor ${validFor.toString()}`;
  const enrollment = await expectCreated(context, { ...context.vendor.request(number), validFor }, what);
  const actual = lifetimeOf(enrollment, what);
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what}: it must live for ${expected} ms, not for ${actual} ms`,
  );
};

const refused = (name: string, lengthOf: (bounds: Bounds) => number): Rule => ({
  name: `lifetime/${name}`,
  skip: whereChosen,
  check: async (context) => {
    const validFor = Duration.fromMillis(lengthOf(boundsOf(context.descriptor.lifetime)));
    const request = { ...context.vendor.request(1), validFor };
    const what = `validFor ${validFor.toISO()}`;
    await expectRefusal(context, request, "unsupported", "validFor", what);
    const enrollment = await expectWarning(context, request, "validFor", what);
    const actual = lifetimeOf(enrollment, what);
    const usual = boundsOf(context.descriptor.lifetime).default;
    assert.ok(Math.abs(actual - usual) <= tolerance, `${what}: dropped, it must give the default lifetime`);
  },
});

const honoured = (name: string, lengthOf: (bounds: Bounds) => number): Rule => ({
  name: `lifetime/${name}`,
  skip: whereChosen,
  check: async (context) => {
    const length = lengthOf(boundsOf(context.descriptor.lifetime));
    await expectLifetime(context, `PT${length / 1000}S`, length, 1);
    await expectLifetime(context, Duration.fromMillis(length), length, 2);
  },
});

/** Months and years count from now; what they come to must be honoured exactly, or refused. */
const calendar = (name: string, wish: IsoDuration, startsAt: string): Rule => ({
  name: `lifetime/${name}`,
  startsAt,
  skip: whereChosen,
  check: async (context) => {
    const { min, max, step } = boundsOf(context.descriptor.lifetime);
    const length = durationFrom(parseDuration(wish), context.clock.now());
    if (length >= min && length <= max && length % step === 0) {
      await expectLifetime(context, wish, length);
    } else {
      const request = { ...context.vendor.request(1), validFor: wish };
      await expectRefusal(context, request, "unsupported", "validFor", `validFor ${wish}`);
    }
  },
});

const invalid = (name: string, validFor: IsoDuration): Rule => ({
  name: `lifetime/${name}`,
  check: async (context) => {
    const request = { ...context.vendor.request(1), validFor };
    await expectRefusal(context, request, "invalid-request", "validFor", `validFor ${validFor}`);
  },
});

/** Milliseconds until it expires; undefined if the vendor does not say, or it never does. */
const untilExpiry = ({ expiresAt }: Enrollment, { clock }: RuleContext) =>
  expiresAt === "never" || expiresAt === "unknown" ? undefined : instantMilliseconds(expiresAt) - clock.now();

/** A lifetime is honoured to the second or refused: never clamped, rounded or ignored. */
export const lifetimeRules: readonly Rule[] = [
  honoured("minimum", ({ min }) => min),
  honoured("maximum", ({ max }) => max),
  honoured("between", ({ min, max, step }) => min + Math.floor((max - min) / 3 / step) * step),
  refused("below-minimum", ({ min, step }) => (min > step ? min - step : min / 2)),
  refused("above-maximum", ({ max, step }) => max + step),
  refused("between-steps", ({ min, step }) => min + step / 2),
  calendar("month-of-30-days", "P1M", "2026-09-20T10:00:00Z"),
  calendar("month-of-31-days", "P1M", "2027-01-05T10:00:00Z"),
  calendar("year", "P1Y", "2026-09-20T10:00:00Z"),
  invalid("zero", "PT0S"),
  invalid("negative", "PT-1H"),
  {
    name: "lifetime/default",
    skip: whereChosen,
    check: async (context) => {
      const what = "a request without validFor";
      const enrollment = await expectCreated(context, context.vendor.request(1), what);
      const { default: expected } = boundsOf(context.descriptor.lifetime);
      const actual = lifetimeOf(enrollment, what);
      assert.ok(
        Math.abs(actual - expected) <= tolerance,
        `${what} must live for the declared default of ${expected} ms, not for ${actual} ms`,
      );
    },
  },
  {
    name: "lifetime/not-a-choice",
    skip: ({ lifetime }) => (lifetime.settable ? "the caller chooses the lifetime" : undefined),
    check: async (context) => {
      const request = { ...context.vendor.request(1), validFor: "PT1H" as const };
      await expectRefusal(context, request, "unsupported", "validFor", "validFor PT1H");
      await expectWarning(context, request, "validFor", "validFor PT1H");
    },
  },
  {
    name: "lifetime/works-until-it-expires",
    check: async (context) => {
      const enrollment = await context.provider.createEnrollment(context.vendor.request(1));
      const left = untilExpiry(enrollment, context);
      context.vendor.advance(Math.max(0, (left ?? tolerance) - tolerance));
      await context.vendor.consume(enrollment);
    },
  },
  {
    name: "lifetime/ends-when-it-expires",
    check: async (context) => {
      const enrollment = await context.provider.createEnrollment(context.vendor.request(1));
      const left = untilExpiry(enrollment, context);
      if (left === undefined) {
        assert.equal(
          context.descriptor.lifetime.settable,
          false,
          "where a lifetime can be chosen, expiresAt must be an instant",
        );
        return;
      }
      context.vendor.advance(left + tolerance);
      assert.equal(await context.vendor.liveCount(), 0, "nothing may be live after expiresAt");
      await expectDeviceRefused(context, enrollment, "an expired enrollment");
    },
  },
];
