// A package whose offer changes is caught, and told from one that only says the same in other words.
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keepReports } from "./reports.js";

let folder;
let reports;
let entryPoints;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "enrollkit-api-"));
  reports = join(folder, "api");
  entryPoints = [
    { specifier: "@acme/greetings", folder, types: join(folder, "index.d.ts"), report: "greetings.api.md" },
  ];
  const manifest = { name: "@acme/greetings", version: "1.0.0", types: "index.d.ts" };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await offer("/** Greets. */\nexport declare const greet: (name: string) => string;");
  await keepReports(entryPoints, reports, false);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const offer = (text) => writeFile(join(folder, "index.d.ts"), `${text}\n`);
const check = async () => (await keepReports(entryPoints, reports, true)).problems;

it("writes what a package offers, and finds it again", async () => {
  expect(await readFile(join(reports, "greetings.api.md"), "utf8")).toContain(
    "export const greet: (name: string) => string;",
  );
  expect(await check()).toEqual([]);
});

it.each([
  ["another type", "export declare const greet: (name: string, language?: string) => string;"],
  ["nothing where something was", "export {};"],
  [
    "something more",
    "export declare const greet: (name: string) => string; export declare const leave: () => void;",
  ],
  [
    "another type that is not exported itself",
    "interface Name { first: string } export declare const greet: (name: Name) => string;",
  ],
])("%s is another offer, and the report stays as it was", async (_, text) => {
  const before = await readFile(join(reports, "greetings.api.md"), "utf8");
  await offer(text);
  expect(await check()).toEqual(["@acme/greetings offers something else than greetings.api.md says"]);
  expect(await readFile(join(reports, "greetings.api.md"), "utf8")).toBe(before);
  expect((await keepReports(entryPoints, reports, false)).written).toEqual(["greetings.api.md"]);
  expect(await check()).toEqual([]);
});

it("another comment is no other offer", async () => {
  await offer("/** Says hello. */\nexport declare const greet: (name: string) => string;");
  expect(await check()).toEqual([]);
});

it("a report of what is gone is refused, and then removed", async () => {
  await writeFile(join(reports, "gone.api.md"), "");
  expect(await check()).toEqual(["gone.api.md is the report of nothing"]);
  await keepReports(entryPoints, reports, false);
  expect(await readdir(reports)).toEqual(["greetings.api.md"]);
});

it("types that are not there are named", async () => {
  await rm(join(folder, "index.d.ts"));
  expect(await check()).toEqual(["@acme/greetings has no types: build it first"]);
});
