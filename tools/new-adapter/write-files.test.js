import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { root } from "../supply-chain/packages.js";
import { gapsIn, targetsOf, vendorFilesFor } from "./vendor-files.js";
import { vendorWordsOf } from "./vendor-words.js";
import { writeFiles } from "./write-files.js";

let folder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "new-adapter-"));
});
afterEach(() => rm(folder, { recursive: true }));

const what = {
  targets: ["adapters/acme", "simulators/acme", "docs/acme.md"],
  files: new Map([
    ["adapters/acme/src/index.ts", "1"],
    ["simulators/acme/index.ts", "2"],
    ["docs/acme.md", "3"],
  ]),
};
const allFiles = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name);

it("writes all files, into folders that it makes", async () => {
  await writeFiles(folder, what);
  expect(await readFile(join(folder, "adapters/acme/src/index.ts"), "utf8")).toBe("1");
  expect(await allFiles()).toHaveLength(3);
});

it.each([
  [
    "a folder of the adapter's name, though empty",
    "adapters/acme",
    (path) => mkdir(path, { recursive: true }),
  ],
  ["a file where a folder would be", "simulators/acme", (path) => writeFile(path, "mine")],
  ["a page", "docs/acme.md", (path) => writeFile(path, "mine")],
  ["a link that leads nowhere", "docs/acme.md", (path) => symlink("nowhere", path)],
])("overwrites nothing, and then writes nothing: %s", async (_, path, make) => {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await make(join(folder, path));
  const before = await allFiles();
  await expect(writeFiles(folder, what)).rejects.toThrow(`nothing was written: ${path} would be overwritten`);
  expect(await allFiles()).toEqual(before);
});

it("leaves nothing behind if a file cannot be written, and what is not its own stays", async () => {
  await mkdir(join(folder, "docs"));
  await writeFile(join(folder, "docs/other.md"), "mine");
  const files = new Map([...what.files, ["docs/acme.md/no-folder", "4"]]);
  await expect(writeFiles(folder, { ...what, files })).rejects.toThrow("nothing was written: ");
  expect(await allFiles()).toEqual(["other.md"]);
  expect(await readdir(folder)).toEqual(["docs"]);
});

it.each(["acme", "the-very-long-name-of-a-vendor-in-europe"])(
  "the files of %s stay in its places, and its gaps are counted",
  async (kebab) => {
    const words = vendorWordsOf(kebab, { taken: new Set() });
    const files = await vendorFilesFor(words, { root, today: "2026-09-20" });
    const targets = targetsOf(kebab);
    const strays = [...files.keys()].filter(
      (path) => !targets.some((target) => path === target || path.startsWith(`${target}/`)),
    );
    expect(strays).toEqual([]);
    expect([...files.values()].filter((text) => /vendor-?name|vendor name|day-of-today/i.test(text))).toEqual(
      [],
    );
    expect(gapsIn(files).map((gap) => gap.slice(0, 6))).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((each) => `${each} of 7`),
    );
  },
);

it("an adapter has the files that every adapter has", async () => {
  const files = await vendorFilesFor(vendorWordsOf("acme", { taken: new Set() }), {
    root,
    today: "2026-09-20",
  });
  const sources = ["index", "provider", "settings", "client", "wire", "mapping", "errors", "descriptor"];
  const wanted = [
    ...sources.map((name) => `src/${name}.ts`),
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "README.md",
    "fixtures/enrollment.json",
    "test/conformance.test.ts",
  ].map((path) => `packages/adapters/acme/${path}`);
  expect([...files.keys()]).toEqual(
    expect.arrayContaining([...wanted, "packages/simulators/src/acme/index.ts", "docs/vendors/acme.md"]),
  );
});
