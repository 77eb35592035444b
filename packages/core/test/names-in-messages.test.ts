import { expect, it } from "vitest";
import { createRouter, EnrollmentService } from "../src/index.js";
import { fakeProvider } from "./fake-provider.js";

it("a member whose name is an address is not repeated when it stands in another's way", () => {
  const name = "ana@example.com";
  const named = fakeProvider(name).provider;
  const router = createRouter({ name: "devices", rules: [{ provider: name }], providers: [named] });
  const other = { ...named, descriptor: { ...named.descriptor, vendor: "other" } };
  const start = () => new EnrollmentService({ providers: [router, other] });
  expect(start).toThrow('two providers are named "…"; one of them is a member of "devices"');
});
