import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { asLongAsItTakes, describeInChromium, openWindow, type Watched } from "./support/chromium.js";
import { makeEnrollment as make } from "./support/make-enrollment.js";
import { scanScreen } from "./support/scan-screen.js";
import { openWebWorld, secretsOf, type WebWorld } from "./support/world.js";

const minute = 60_000;

/** What a screen reader has been told since the page was opened. */
const announcements = (page: Page) => page.evaluate<string[]>("window.announcements");

const listenToAnnouncements = (page: Page) =>
  page.evaluate(`
    window.announcements = [];
    new MutationObserver(() => announcements.push(document.querySelector("#announcements").textContent))
      .observe(document.querySelector("#announcements"), { childList: true, subtree: true, characterData: true });
  `);

describeInChromium("the desk in Chromium", (browser) => {
  let world: WebWorld;
  beforeAll(async () => {
    world = await openWebWorld();
  });
  afterAll(() => world.close());

  // The browser's own clock is years behind: the desk's is the one that counts.
  const open = async (options: Parameters<typeof openWindow>[2] = {}): Promise<Watched> => {
    const window = await openWindow(browser(), world.url, options);
    await window.context.clock.install({ time: "2001-01-01T00:00:00Z" });
    return window;
  };

  /** Nothing that happened in a window gave anything away or went wrong. */
  const expectQuiet = async ({ context, page, noise, addresses }: Watched) => {
    const stored = await page.evaluate<unknown>(`(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      cookie: document.cookie,
      name: window.name,
      state: history.state,
    }))()`);
    expect(stored).toEqual({
      local: 0,
      session: 0,
      databases: 0,
      caches: 0,
      workers: 0,
      cookie: "",
      name: "",
      state: null,
    });
    const cookies = await context.cookies();
    expect(cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite }))).toEqual([
      { name: "desk-browser", httpOnly: true, sameSite: "Strict" },
    ]);
    const public_ = [...addresses, page.url(), await page.title(), ...cookies.map(({ value }) => value)];
    const given = [...secretsOf(world.simulation), "ana.garcia", "%40", "@"];
    expect(given.filter((secret) => public_.some((text) => text.includes(secret)))).toEqual([]);
    expect(noise).toEqual([]);
    await context.close();
  };

  it.each([
    ["Company phone", "Android Management API", '{"'],
    [
      "Work profile on a personal phone",
      "Android Management API",
      "https://enterprise.google.com/android/enroll?et=",
    ],
    ["iPhone or iPad", "Applivery", "http://127.0.0.1"],
    ["Field device", "ESET Connect", "https://mdm.simulator.invalid/e/"],
  ])("%s: create, scan what is shown, come in, see it", async (profile, product, beginning) => {
    const window = await open({ deviceScaleFactor: 2 });
    const { page } = window;
    await make(page, profile);
    await page.getByText(product).first().waitFor();
    await page.getByText("No device has come in yet.").waitFor();

    const scanned = (await scanScreen(browser(), page)) ?? "nothing";
    expect(scanned.startsWith(beginning)).toBe(true);
    const link = page.locator("#link");
    if ((await link.count()) > 0) expect(await link.textContent()).toBe(scanned);

    // The device has nothing but what its camera saw.
    const { android, applivery, eset } = world.simulation;
    if (product === "Applivery")
      applivery.enrollDevice({ linkOrCode: scanned, serialNumber: "C02XK0AAJGH5" });
    else if (product === "ESET Connect") eset.enrollDevice({ link: scanned, platform: "ios" });
    else android.enrollDevice(scanned, { serialNumber: "R5CT60ABCDE" });

    await listenToAnnouncements(page);
    world.clock.advance(3_000);
    await page.clock.runFor(3_000);
    await page.getByText("The device has come in.", { exact: true }).waitFor();
    await page.getByText("Enrolled, the vendor says").waitFor();
    expect(await page.locator("svg, #link").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Take it back" }).count()).toBe(0);
    expect(await announcements(page)).toEqual(["Enrolled. The device has come in."]);

    await page.goto("/?state=enrolled");
    expect(await page.getByRole("listitem").filter({ hasText: profile }).count()).toBe(1);
    await expectQuiet(window);
  });

  it("shows in the list who has come in, without a reload", async () => {
    const window = await open();
    await make(window.page, "Company phone");
    const path = new URL(window.page.url()).pathname;
    const scanned = (await scanScreen(browser(), window.page)) ?? "nothing";
    await window.page.goto("/");
    const row = window.page.getByRole("listitem").filter({ has: window.page.locator(`a[href="${path}"]`) });
    await row.getByText("Waiting").waitFor();
    await row.getByText("23 hours 59 minutes left").or(row.getByText("1 day 0 hours left")).waitFor();
    world.simulation.android.enrollDevice(scanned);
    world.clock.advance(15_000);
    await window.page.clock.runFor(10_000);
    await row.getByText("Enrolled").waitFor();
    await expectQuiet(window);
  });

  it("counts down by the desk's clock, and tells a screen reader of it only now and then", async () => {
    const window = await open();
    const { page } = window;
    await page.clock.pauseAt("2001-01-01T01:00:00Z");
    // The desk cannot be reached: what the page counts, it counts alone.
    await page.route("**/live/**", (route) => route.abort());
    await make(page, "Company phone", "PT10M");
    const left = page.getByRole("timer");
    await listenToAnnouncements(page);
    expect((await left.textContent())?.trim()).toBe("10 minutes 0 seconds left");
    await page.clock.runFor(61_000);
    expect((await left.textContent())?.trim()).toBe("8 minutes 59 seconds left");
    await page.getByText("The desk does not answer.").waitFor();
    await page.clock.runFor(8 * minute);
    expect((await left.textContent())?.trim()).toBe("59 seconds left");
    await page.clock.runFor(minute);
    expect((await left.textContent())?.trim()).toBe("no time left");
    expect(await announcements(page)).toEqual([
      "5 minutes 0 seconds left",
      "1 minute 0 seconds left",
      "10 seconds left",
    ]);
    window.noise.splice(0, Infinity, ...window.noise.filter((each) => !each.includes("ERR_FAILED")));
    await expectQuiet(window);
  });

  it("shows that it has run out, takes the code away, and renews it", async () => {
    const window = await open();
    const { page } = window;
    await make(page, "Company phone", "PT10M");
    const before = await scanScreen(browser(), page);
    expect(before).toContain("EXTRA_ENROLLMENT_TOKEN");
    world.clock.advance(10 * minute);
    await page.clock.runFor(3_000);
    await page.getByText("It ran out before a device came in.", { exact: true }).waitFor();
    expect(await scanScreen(browser(), page)).toBeUndefined();

    await page.getByRole("button", { name: "Renew" }).click();
    await page.getByText("This is the new one.").waitFor();
    const after = await scanScreen(browser(), page);
    expect(after).toContain("EXTRA_ENROLLMENT_TOKEN");
    expect(after).not.toBe(before);
    await page.getByRole("link", { name: /^enrollment \d+$/ }).click();
    await page.getByText("In its place there is").waitFor();
    await expectQuiet(window);
  });

  it("takes an enrollment back, after asking once more", async () => {
    const window = await open();
    const { page } = window;
    await make(page, "iPhone or iPad");
    const scanned = (await scanScreen(browser(), page)) ?? "nothing";
    expect(await page.getByRole("button", { name: "Take it back" }).isVisible()).toBe(false);
    await page.getByText("Take back …").click();
    await page.getByRole("button", { name: "Take it back" }).click();
    await page.getByText("It was taken back. QR code and link let nobody in any more.").waitFor();
    expect(await page.locator("svg, #link").count()).toBe(0);
    expect(() => {
      world.simulation.applivery.enrollDevice({ linkOrCode: scanned, serialNumber: "C02XK0AAJGH6" });
    }).toThrow("the token was deleted");
    await page.reload();
    expect(await page.getByText("It was taken back. QR code").count()).toBe(0);
    await page.getByText("Taken back at the desk").waitFor();
    await expectQuiet(window);
  });

  it("shows the same after a reload, and lets the demo's own device in", async () => {
    const window = await open();
    const { page } = window;
    await make(page, "Work profile on a personal phone");
    const link = await page.locator("#link").textContent();
    await page.reload();
    expect(await page.locator("#link").textContent()).toBe(link);
    world.clock.advance(3_000);
    await page.getByRole("button", { name: "Let a simulated device in" }).click();
    await page.getByText("A simulated device has come in.").waitFor();
    world.clock.advance(3_000);
    await page.clock.runFor(3_000);
    await page.getByText("The device has come in.", { exact: true }).waitFor();
    await expectQuiet(window);
  });

  it("copies the link when it is asked to", async () => {
    const window = await open({ permissions: ["clipboard-read", "clipboard-write"] });
    const { page } = window;
    await make(page, "iPhone or iPad");
    await listenToAnnouncements(page);
    await page.getByRole("button", { name: "Copy Link" }).click();
    await expect.poll(() => announcements(page), asLongAsItTakes).toEqual(["Copied"]);
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
      await page.locator("#link").textContent(),
    );
    await expectQuiet(window);
  });

  it("works without its script: a reload shows what has become of it", async () => {
    const { context, page, noise } = await openWindow(browser(), world.url, { javaScriptEnabled: false });
    await make(page, "Company phone");
    const scanned = (await scanScreen(browser(), page)) ?? "nothing";
    await page.getByText("It works until").waitFor();
    world.simulation.android.enrollDevice(scanned);
    world.clock.advance(3_000);
    await page.reload();
    await page.getByText("The device has come in.", { exact: true }).waitFor();
    expect(noise).toEqual([]);
    await context.close();
  });
});
