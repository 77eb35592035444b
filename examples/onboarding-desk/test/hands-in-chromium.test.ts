import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { asLongAsItTakes, describeInChromium, openWindow } from "./support/chromium.js";
import { makeEnrollment } from "./support/make-enrollment.js";
import { scanScreen } from "./support/scan-screen.js";
import { openWebWorld, type WebWorld } from "./support/world.js";

/** More stops than any page has. */
const mostStops = 60;

/** What has the focus, and whether it can be seen that it has. */
const focused = `(() => {
  const element = document.activeElement;
  const shown = element.closest(".choice") ?? element;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const { width, height, top } = shown.getBoundingClientRect();
  return {
    text: (element.labels?.[0]?.textContent ?? element.textContent).trim().replace(/\\s+/g, " "),
    isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width > 1 && height > 1 && top > -height,
  };
})()`;

/** Presses Tab until something with this text has the focus; whatever is passed on the way must show that it has it. */
const tabTo = async (page: Page, text: string): Promise<void> => {
  for (let stop = 0; stop < mostStops; stop += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate<{ text: string; isSeen: boolean }>(focused);
    expect(at).toMatchObject({ isSeen: true });
    if (at.text.startsWith(text)) return;
  }
  throw new Error(`no ${text} within ${mostStops} stops`);
};

/** Everything that a person can press or fill in, and is too small for a finger; and what a screen reader could not name. */
const clumsy = `[...document.querySelectorAll("button, .button, input:not([type=hidden]), select, .filters a")]
  .filter((each) => each.checkVisibility())
  .flatMap((each) => {
    const { width, height } = (each.closest(".choice") ?? each).getBoundingClientRect();
    const name = (each.labels?.[0]?.textContent ?? each.textContent).trim();
    return height >= 44 && width >= 44 && name !== "" ? [] : [each.outerHTML.slice(0, 80)];
  })`;

describeInChromium("hands and eyes in Chromium", (browser) => {
  let world: WebWorld;
  beforeAll(async () => {
    world = await openWebWorld();
  });
  afterAll(() => world.close());

  it("does everything by keyboard alone", async () => {
    const { context, page, noise } = await openWindow(browser(), world.url);
    const expectFocus = (of: string, wanted: string) =>
      expect.poll(() => page.evaluate(of), asLongAsItTakes).toBe(wanted);
    await page.goto("/");
    await tabTo(page, "Skip to the content");
    await tabTo(page, "New enrollment");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "New enrollment" }).waitFor();

    // A form that is sent too early: the summary has the focus, and its links lead to the fields.
    await tabTo(page, "Make the enrollment");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing was made yet").waitFor();
    await expectFocus("document.activeElement.getAttribute('role')", "alert");
    await tabTo(page, "Person: Choose a person");
    await page.keyboard.press("Enter");
    await expectFocus("document.activeElement.id", "person");
    expect(await page.getByRole("combobox", { name: "Person" }).getAttribute("aria-invalid")).toBe("true");
    await page.keyboard.press("k");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await page.getByRole("radio", { name: "iPhone or iPad" }).isChecked()).toBe(true);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Karim Núñez" }).waitFor();
    await page.getByText("iPhone or iPad · Applivery").waitFor();

    await tabTo(page, "http://127.0.0.1");
    await tabTo(page, "Renew");
    await page.keyboard.press("Enter");
    await page.getByText("This is the new one.").waitFor();
    await tabTo(page, "Take back …");
    await page.keyboard.press("Enter");
    await tabTo(page, "Take it back");
    await page.keyboard.press("Enter");
    await page.getByText("It was taken back. QR code").waitFor();
    await tabTo(page, "All enrollments");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Enrollments" }).waitFor();
    await tabTo(page, "Taken back 1");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/?state=revoked");
    await tabTo(page, "Karim Núñez");
    expect(noise).toEqual([]);
    await context.close();
  });

  it("keeps the focus near, when what has it is gone", async () => {
    const { context, page, noise } = await openWindow(browser(), world.url);
    await context.clock.install();
    await makeEnrollment(page, "Company phone");
    const scanned = (await scanScreen(browser(), page)) ?? "nothing";
    await tabTo(page, "Renew");
    world.simulation.android.enrollDevice(scanned);
    world.clock.advance(3_000);
    await page.clock.runFor(3_000);
    await page.getByText("The device has come in.", { exact: true }).waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("state");
    expect(noise).toEqual([]);
    await context.close();
  });

  it.each(["light", "dark"] as const)("fits a phone of 360 pixels, in %s colours", async (colorScheme) => {
    const phone = {
      viewport: { width: 360, height: 740 },
      deviceScaleFactor: 2,
      hasTouch: true,
      colorScheme,
    };
    const { context, page, noise } = await openWindow(browser(), world.url, phone);
    const expectFits = async () => {
      // A text may be there before the style of its page is.
      await page.waitForLoadState("load");
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      expect(await page.evaluate(clumsy)).toEqual([]);
    };
    for (const profile of [
      "Company phone",
      "Work profile on a personal phone",
      "iPhone or iPad",
      "Field device",
    ]) {
      await makeEnrollment(page, profile);
      await expectFits();
      expect(await scanScreen(browser(), page)).toMatch(/^(\{|https?:)/);
    }
    await page.getByRole("button", { name: "Renew" }).click();
    await page.getByText("This is the new one.").waitFor();
    await expectFits();
    for (const path of ["/", "/enrollments/new", "/?state=waiting", "/nowhere"]) {
      await page.goto(path);
      await expectFits();
    }
    await page.goto("/enrollments/new");
    await page.getByRole("combobox", { name: "Person" }).selectOption("somebody-else");
    await page.getByRole("textbox", { name: "Name" }).fill("x".repeat(100));
    await expectFits();
    await page.getByRole("button", { name: "Make the enrollment" }).click();
    await page.getByText("Nothing was made yet").waitFor();
    await expectFits();
    expect(noise).toEqual([]);
    await context.close();
  });
});
