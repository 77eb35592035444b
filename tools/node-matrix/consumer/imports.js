// Runs inside of the empty project: imports whatever the installed packages export, and asks each command its version.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = join(import.meta.dirname, "node_modules");
const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8"));
/** A path with a `*` in it stands for each folder of the build that has an index. */
const pathsOf = (name, path, target) => {
  if (!path.includes("*")) return [path];
  const [before, after] = target.default.split("*");
  return readdirSync(join(modules, name, before))
    .filter((word) => existsSync(join(modules, name, before, word, after)))
    .map((word) => path.replace("*", word));
};

let imported = 0;
let commands = 0;

for (const name of Object.keys(dependencies)) {
  const manifest = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  const paths = Object.entries(manifest.exports).flatMap(([path, target]) => pathsOf(name, path, target));
  for (const path of paths.filter((each) => each !== "./package.json")) {
    if (path.endsWith(".md")) {
      const page = fileURLToPath(import.meta.resolve(`${name}${path.slice(1)}`));
      assert.ok(existsSync(page), `${name} brings no ${path}`);
      continue;
    }
    const module = await import(`${name}${path.slice(1)}`);
    assert.ok(Object.keys(module).length > 0, `${name}${path.slice(1)} exports nothing`);
    imported += 1;
  }
  for (const command of Object.keys(manifest.bin ?? {})) {
    const path = join(modules, ".bin", command);
    assert.ok(existsSync(path), `${name} brings no command ${command}`);
    const version = execFileSync(path, ["--version"], {
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    assert.equal(version.trim(), manifest.version, `${command} --version`);
    commands += 1;
  }
}
console.log(JSON.stringify({ node: process.versions.node, imported, commands }));
