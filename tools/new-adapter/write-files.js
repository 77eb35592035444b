// Writes all files, or none.
import { lstatSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Whatever it is: a link that leads nowhere is there too. */
const isThere = (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * @param {string} root
 * @param {{ targets: readonly string[], files: ReadonlyMap<string, string> }} what - the files and folders that come
 * into being, and the files in them, all by their paths from the root.
 * @throws {Error} if one of the targets is there already, whatever it is; or if one cannot be written. Then nothing is left.
 */
export const writeFiles = async (root, { targets, files }) => {
  const there = targets.filter((target) => isThere(join(root, target)));
  if (there.length > 0) throw new Error(`nothing was written: ${there.join(" and ")} would be overwritten`);
  const made = [];
  try {
    for (const [path, text] of files) {
      const whole = join(root, path);
      const firstFolder = await mkdir(dirname(whole), { recursive: true });
      if (firstFolder !== undefined) made.push(firstFolder);
      await writeFile(whole, text, { flag: "wx" });
      made.push(whole);
    }
  } catch (error) {
    for (const path of made.reverse()) await rm(path, { recursive: true, force: true });
    throw new Error(`nothing was written: ${error.message}`, { cause: error });
  }
};
