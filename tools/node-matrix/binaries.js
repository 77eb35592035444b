import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../supply-chain/packages.js";

const execute = promisify(execFile);
const cache = join(root, "node_modules/.cache/node-matrix");

/**
 * The path of a Node of this version, as npm's package `node` has it for this platform. Downloaded once.
 *
 * @param {string} version
 * @returns {Promise<string>}
 */
export const nodeBinary = async (version) => {
  const folder = join(cache, version);
  const binary = join(folder, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(binary)) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
    await execute("npm", ["install", "--no-audit", "--no-fund", "--save-exact", `node@${version}`], {
      cwd: folder,
      shell: process.platform === "win32",
    });
  }
  const { stdout } = await execute(binary, ["--version"]);
  if (stdout.trim() !== `v${version}`)
    throw new Error(`${binary} says it is ${stdout.trim()}, not v${version}`);
  return binary;
};

/** The environment of a program that runs on this Node, and finds no other. @type {(binary: string) => NodeJS.ProcessEnv} */
export const environmentOf = (binary) => ({
  ...process.env,
  NODE_OPTIONS: "",
  PATH: [dirname(binary), process.env.PATH ?? ""].join(delimiter),
});
