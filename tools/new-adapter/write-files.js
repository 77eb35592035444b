// Writes all files, or none.
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * @param {string} root
 * @param {{ targets: readonly string[], files: ReadonlyMap<string, string> }} what - the files and folders that come
 * into being, and the files in them, all by their paths from the root.
 * @throws {Error} if one of the targets is there already, whatever it is; or if one cannot be written. Then nothing is left.
 */
export const writeFiles = async (root, { targets, files }) => {
  const there = targets.filter((target) => existsSync(join(root, target)));
  if (there.length > 0) throw new Error(`nothing was written: ${there.join(" and ")} would be overwritten`);
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text, { flag: "wx" });
    }
  } catch (error) {
    for (const target of targets) await rm(join(root, target), { recursive: true, force: true });
    throw new Error(`nothing was written: ${error.message}`, { cause: error });
  }
};
