import { expect, it } from "vitest";
import { EnrollmentError } from "../errors.js";
import type { RoutingRule } from "./conditions.js";
import { destinationOf } from "./destination.js";
import { createRouter } from "./router.js";
import { fakeProvider } from "../../test/fake-provider.js";

const providers = ["east", "west", "north"].map((name) => fakeProvider(name).provider);
const routerOf = (...rules: readonly RoutingRule[]) => createRouter({ name: "devices", rules, providers });
const share = (percentage: number, provider: string): RoutingRule => ({ when: { percentage }, provider });

/** Sums and products of 33.3 are not exact as numbers. */
it("says what the rules before leave as a person would write it", () => {
  const attempt = () => routerOf(share(33.3, "east"), share(33.3, "west"), share(40, "north"));
  expect(attempt).toThrow(EnrollmentError);
  expect(attempt).toThrow("is 40, and the rules before it leave 33.4 of a hundred persons");
});

it("says the bounds of a share as the rules have them", () => {
  const router = routerOf(share(33.3, "east"), share(33.3, "west"), { provider: "north" });
  const bounds = new Set(
    Array.from({ length: 50 }, (_, number) => {
      const [step] = destinationOf(router, { key: `person-${number}` }).steps;
      return step?.why.replace(/^.* is within /, "");
    }),
  );
  expect(bounds).toEqual(new Set(["0 to 33.3", "33.3 to 66.6", "whatever comes"]));
});
