import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { pack } from "../packages/pack.js";
import { findPublishedPackages, readWorkspace, root } from "../supply-chain/packages.js";

const execute = promisify(execFile);

/** The test through which a provider keeps the contract. */
const conformanceTest = "conformance.test.ts";

/** A package's test imports its sources; here it imports what an app would. @type {(text: string, name: string) => string} */
export const asConsumer = (text, name) => {
  const adapted = text.replaceAll('"../src/index.js"', JSON.stringify(name));
  const [left] = /"\.\.\/[^"]*"/.exec(adapted) ?? [];
  if (left !== undefined) throw new Error(`a conformance test of ${name} imports ${left}: no app could`);
  return adapted;
};

/** The files beside a test that it imports, as TypeScript. @type {(text: string) => string[]} */
export const importedBeside = (text) =>
  [...text.matchAll(/from "\.\/([^"]+)\.js"/g)].map(([, name]) => `${name}.ts`);

/** Copies a file and what it imports beside it. @type {(from: string, to: string, file: string, name: string) => Promise<void>} */
const copyTest = async (from, to, file, name) => {
  const text = await readFile(join(from, file), "utf8");
  await writeFile(join(to, file), asConsumer(text, name));
  for (const other of importedBeside(text)) await copyTest(from, to, other, name);
};

/**
 * An app's project with every package as it would be published, and the conformance tests of those that have one.
 *
 * @param {string} folder - existing and empty, outside of this project.
 * @returns {Promise<{ packages: number, tests: string[] }>} the tests' paths from the folder.
 */
export const createProject = async (folder) => {
  const packages = findPublishedPackages();
  const dependencies = {};
  const tests = [];
  for (const published of packages) {
    const { name } = published.manifest;
    dependencies[name] = `file:${await pack(published, folder)}`;
    const source = join(root, published.folder, "test");
    if (!existsSync(join(source, conformanceTest))) continue;
    const own = join("conformance", name.split("/").at(-1));
    await mkdir(join(folder, own), { recursive: true });
    await copyTest(source, join(folder, own), conformanceTest, name);
    tests.push(`${own}/${conformanceTest}`);
  }
  const { vitest } = readWorkspace().catalog;
  const manifest = { private: true, type: "module", dependencies, devDependencies: { vitest } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  await copyFile(join(import.meta.dirname, "consumer/imports.js"), join(folder, "imports.js"));
  await execute("npm", ["install", "--no-audit", "--no-fund", "--engine-strict"], {
    cwd: folder,
    shell: process.platform === "win32",
  });
  return { packages: packages.length, tests };
};
