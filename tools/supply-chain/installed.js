import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./packages.js";

const store = join(root, "node_modules/.pnpm");

/** The folder of every package that is installed, by `name@version`. @type {() => Map<string, string>} */
export const findInstalled = () => {
  const found = new Map();
  const entries = readdirSync(store).filter((name) => name !== "node_modules" && name !== "lock.yaml");
  for (const entry of entries) {
    const modules = join(store, entry, "node_modules");
    if (!existsSync(modules)) continue;
    const names = readdirSync(modules, { withFileTypes: true }).flatMap((item) =>
      item.name.startsWith("@")
        ? readdirSync(join(modules, item.name), { withFileTypes: true }).map((inner) => ({
            name: `${item.name}/${inner.name}`,
            isLink: inner.isSymbolicLink(),
          }))
        : [{ name: item.name, isLink: item.isSymbolicLink() }],
    );
    // A package lies in a folder of its own; beside it are links to what it needs.
    for (const { name, isLink } of names) {
      const manifest = join(modules, name, "package.json");
      if (isLink || !existsSync(manifest)) continue;
      const { version } = JSON.parse(readFileSync(manifest, "utf8"));
      found.set(`${name}@${version}`, join(modules, name));
    }
  }
  return found;
};

/**
 * The bytes of a package as its archive has them: the same on every machine, whatever a file system makes of them.
 *
 * @type {(folder: string) => number}
 */
export const unpackedSize = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    // pnpm adds links to commands here.
    .filter(({ name }) => name !== "node_modules")
    .map((item) => {
      const path = join(folder, item.name);
      return item.isDirectory() ? unpackedSize(path) : statSync(path).size;
    })
    .reduce((sum, size) => sum + size, 0);

const onInstall = ["preinstall", "install", "postinstall"];

/** What an installation would run of a package. @type {(folder: string) => string[]} */
export const installScriptsOf = (folder) => {
  const { scripts = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const named = onInstall.filter((name) => scripts[name] !== undefined);
  // npm builds whatever has this file, with no script at all.
  return existsSync(join(folder, "binding.gyp")) ? [...named, "binding.gyp"] : named;
};
