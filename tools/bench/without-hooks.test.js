import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { modulesWithHooks, withoutHooks } from "./without-hooks.js";

const builtCode = (module) => readFileSync(new URL(`../../${module}`, import.meta.url), "utf8");
const aboutHooks = /hooks|tell(End|Hooks|Retry)|observeProvider|beginCall|vendorRequestOf/;

it.each(modulesWithHooks)("nothing of hooks is left in %s", (module) => {
  const built = builtCode(module);
  expect(built).toMatch(aboutHooks);
  expect(withoutHooks(module, built)).not.toMatch(aboutHooks);
});

it("says what is not there any more", () => {
  const module = "packages/adapters/android-management/dist/provider.js";
  expect(() => withoutHooks(module, "export {};")).toThrow(`is out of date: ${module} has this 0 times`);
});
