// The adapters that are there, by their folders: each with the plugin that it exports.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../supply-chain/packages.js";

const folder = join(root, "packages/adapters");

/** @type {(name: string) => Promise<import("@enrollkit/core").ProviderPlugin>} */
const pluginOf = async (name) => {
  const built = join(folder, name, "dist/index.js");
  if (!existsSync(built)) throw new Error(`packages/adapters/${name} is not built: run \`npm run build\``);
  const exported = await import(pathToFileURL(built).href);
  const [, plugin] = Object.entries(exported).find(([each]) => each.endsWith("Plugin")) ?? [];
  if (plugin === undefined) throw new Error(`packages/adapters/${name} exports no plugin`);
  return plugin;
};

/**
 * Loads what was built.
 *
 * @returns {Promise<import("@enrollkit/core").ProviderPlugin[]>} in the order of their names.
 */
export const loadAdapters = () => {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "package.json")));
  return Promise.all(names.sort().map(pluginOf));
};
