import { expect, it } from "vitest";
import { secretsPage } from "./page.js";

it("docs/secrets.md says what the list says; `npm run secrets:page` writes it", async () => {
  await expect(await secretsPage()).toMatchFileSnapshot("../../docs/secrets.md");
});
