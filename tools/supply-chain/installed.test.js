import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findInstalled, installScriptsOf, unpackedSize } from "./installed.js";

let folder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "installed-"));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (path, text) => {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), text);
};

it("counts the bytes of a package, and not the links that an installation adds", async () => {
  await write("index.js", "12345");
  await write("lib/deep/more.js", "é");
  await write("node_modules/.bin/tool", "x".repeat(1000));
  expect(unpackedSize(folder)).toBe(7);
});

describe("what an installation would run", () => {
  const scriptsOf = async (scripts) => {
    await write("package.json", JSON.stringify({ name: "tool", scripts }));
    return installScriptsOf(folder);
  };

  it.each([
    ["none", undefined, []],
    ["those that authors run", { prepare: "x", test: "x", prepublishOnly: "x", preinstalled: "x" }, []],
    [
      "all three",
      { postinstall: "x", install: "x", preinstall: "x" },
      ["preinstall", "install", "postinstall"],
    ],
  ])("is %s", async (_, scripts, expected) => {
    expect(await scriptsOf(scripts)).toEqual(expected);
  });

  it("is a build too, where there is something to build", async () => {
    await write("binding.gyp", "{}");
    expect(await scriptsOf({})).toEqual(["binding.gyp"]);
  });
});

it("finds what is installed here, scoped or not, and no link twice", () => {
  const installed = [...findInstalled().keys()];
  expect(installed.some((id) => id.startsWith("vitest@"))).toBe(true);
  expect(installed.some((id) => id.startsWith("@vitest/runner@"))).toBe(true);
  expect(installed.some((id) => id.startsWith("@enrollkit/"))).toBe(false);
});
