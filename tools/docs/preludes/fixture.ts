// A fixture where the page's own file looks for it.
import { mkdirSync, writeFileSync } from "node:fs";

const folder = new URL("../.blocks/src/fixtures/", import.meta.url);
mkdirSync(folder, { recursive: true });
const fixture = {
  source: "https://docs.example.com/enrollment",
  capturedOn: "2026-09-20",
  body: { id: "t-1" },
};
writeFileSync(new URL("token.json", folder), JSON.stringify(fixture));
