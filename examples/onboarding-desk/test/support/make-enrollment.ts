import type { Page } from "playwright-core";

/** Goes through the form, for Ana García. */
export const makeEnrollment = async (page: Page, profile: string, lifetime = ""): Promise<void> => {
  await page.goto("/enrollments/new");
  await page.getByRole("radio", { name: profile }).check();
  await page
    .getByRole("combobox", { name: "Person" })
    .selectOption({ label: "Ana García, ana.garcia@example.com" });
  await page.getByRole("combobox", { name: "Works for" }).selectOption(lifetime);
  await page.getByRole("button", { name: "Make the enrollment" }).click();
  await page.getByRole("heading", { name: "Ana García" }).waitFor();
  // The heading may be there before the style of its page is.
  await page.waitForLoadState("load");
};
