import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { asLongAsItTakes, describeInChromium, openWindow } from "./support/chromium.js";
import { makeEnrollment } from "./support/make-enrollment.js";
import { openWebWorld, type WebWorld } from "./support/world.js";

const run = "document.title = 'ran'";

const attacks: readonly (readonly [string, string])[] = [
  ["a script", `<script>${run}</script>`],
  ["an image behind an attribute", `"><img src=x onerror="${run}">`],
  ["a script behind everything", `'"></code></a></textarea></title></style><script>${run}</script>`],
  ["a handler in an attribute", `" onfocus="${run}" autofocus x="`],
  ["a form", `"><form action=//evil.example><button autofocus>x`],
];

describeInChromium("attacks in Chromium", (browser) => {
  let world: WebWorld;
  let elsewhere: Server;
  let attack = "";
  beforeAll(async () => {
    world = await openWebWorld();
    elsewhere = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(attack);
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    elsewhere.closeAllConnections();
    elsewhere.close();
    await world.close();
  });

  const portElsewhere = () => (elsewhere.address() as AddressInfo).port;

  it.each(attacks)("a name that is %s is shown as what it is", async (_, name) => {
    const { context, page, noise } = await openWindow(browser(), world.url);
    await page.goto("/enrollments/new");
    const active = "script:not([src='/static/live.js']), img, iframe, [onerror], [onfocus], [action^='//']";
    const expectText = async (where: string) => {
      expect(await page.locator(active).count()).toBe(0);
      expect((await page.evaluate<string>("document.body.textContent")).includes(where)).toBe(true);
      expect(await page.title()).not.toBe("ran");
    };

    await page.getByRole("combobox", { name: "Person" }).selectOption("somebody-else");
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("textbox", { name: "E-mail address" }).fill(name);
    await page.getByRole("button", { name: "Make the enrollment" }).click();
    await page.getByRole("alert").waitFor();
    await expectText("Nothing was made yet");
    expect(await page.getByRole("textbox", { name: "Name" }).inputValue()).toBe(name);
    expect(await page.getByRole("textbox", { name: "E-mail address" }).inputValue()).toBe(name);

    await page.getByRole("textbox", { name: "E-mail address" }).fill("bo.li@example.com");
    await page.getByRole("button", { name: "Make the enrollment" }).click();
    await page.getByRole("heading", { name: "How to get in" }).waitFor();
    await expectText(name);
    expect(await page.title()).toBe(`${name}, Company phone – Onboarding desk`);
    await page.getByRole("link", { name: "All enrollments" }).click();
    await page.getByRole("heading", { name: "Enrollments" }).waitFor();
    await expectText(name);
    expect(noise).toEqual([]);
    await context.close();
  });

  it("is noticed by these tests, where one gets through", async () => {
    const { context, page, noise } = await openWindow(browser(), world.url);
    await page.goto("/");
    await page.evaluate(`document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(attacks[1]?.[1])})`);
    await expect
      .poll(() => noise.filter((each) => each.startsWith("violation: ")), asLongAsItTakes)
      .not.toEqual([]);
    expect(await page.title()).not.toBe("ran");
    await context.close();
  });

  it.each(["127.0.0.1", "localhost"])(
    "a page of %s at another port can neither press a button nor read",
    async (host) => {
      const { context, page } = await openWindow(browser(), world.url);
      await makeEnrollment(page, "Company phone");
      const path = new URL(page.url()).pathname;
      const token = await page.locator("input[name=token]").first().inputValue();

      // Even if it had come by the token.
      attack = `<form method="post" action="${world.url}${path}/revoke"><input name="token" value="${token}"></form>
      <script>document.forms[0].submit()</script>`;
      await page.goto(`http://${host}:${portElsewhere()}/`);
      await page.getByRole("heading", { name: "That was refused" }).waitFor();
      await page.getByText("Nothing was changed.").waitFor();

      attack = `<script>
      const address = ${JSON.stringify(`${world.url}${path}`)};
      const form = new URLSearchParams({ token: ${JSON.stringify(token)} });
      Promise.allSettled([
        fetch(address, { credentials: "include" }),
        fetch(address + "/revoke", { method: "POST", body: form, credentials: "include" }),
        fetch(address + "/revoke", { method: "POST", body: form, credentials: "include", mode: "no-cors" }),
        fetch(address + "/revoke", { method: "POST", body: "{}", headers: { "content-type": "application/json" } }),
      ]).then((results) => (document.title = results.map(({ status }) => status).join(" ")));
    </script>`;
      await page.goto(`http://${host}:${portElsewhere()}/`);
      // Some of it the browser does not even send; of what it sends, no answer can be read.
      await expect.poll(() => page.title(), asLongAsItTakes).toBe("rejected rejected rejected rejected");

      await page.goto(path);
      await page.getByText("No device has come in yet.").waitFor();
      await context.close();
    },
  );

  it("a page elsewhere cannot put it in a frame", async () => {
    const { context, page } = await openWindow(browser(), world.url);
    attack = `<iframe src="${world.url}/" title="framed"></iframe>`;
    await page.goto(`http://127.0.0.1:${portElsewhere()}/`);
    const frame = page.frames().find((each) => each !== page.mainFrame());
    await expect.poll(() => frame?.url(), asLongAsItTakes).toBe("chrome-error://chromewebdata/");
    await context.close();
  });

  it("a name that somebody points at this machine gets no page", async () => {
    const { context, page } = await openWindow(browser(), world.url);
    // Chromium resolves every name under localhost to this machine: so would the name of a rebinding attack.
    const answer = await page.goto(`http://evil.localhost:${new URL(world.url).port}/`);
    expect(answer?.status()).toBe(421);
    await page.getByText("The desk answers to 127.0.0.1 and localhost only.").waitFor();
    await context.close();
  });

  it("a form from before the desk was opened anew asks to be opened again", async () => {
    const { context, page } = await openWindow(browser(), world.url);
    await page.goto("/enrollments/new");
    await context.clearCookies();
    await page.getByRole("combobox", { name: "Person" }).selectOption("p-001");
    await page.getByRole("button", { name: "Make the enrollment" }).click();
    await page
      .getByText("This form was opened in another browser, or too long ago. Open it again.")
      .waitFor();
    await context.close();
  });
});
