// The fenced blocks of a markdown page, each with the comments that stand right above it.
import { readFile, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { docs, packages, root } from "./places.js";

/** What a comment above a block may say. */
const noteNames = new Set(["setup", "not run", "file", "files of", "exits", "output", "run"]);

const noteIn = (line) => {
  const [, name, value = ""] = /^<!--\s*([a-z ]+?)\s*(?::\s*(.*?)\s*)?-->$/.exec(line.trim()) ?? [];
  return noteNames.has(name) ? [name, value] : undefined;
};

/**
 * @param page - the page's path, for messages.
 * @returns one for each block: its page, the line it begins at, its language, its text, its notes by name.
 */
export const blocksOf = (page, markdown) => {
  const blocks = [];
  let notes = new Map();
  let open;
  for (const [index, line] of markdown.split("\n").entries()) {
    if (open !== undefined) {
      if (line.trim() === open.fence) {
        blocks.push({ ...open.block, text: open.lines.join("\n") });
        open = undefined;
      } else open.lines.push(line.slice(open.indent));
      continue;
    }
    const [, indent, fence, language] = /^( *)(`{3,})([\w-]*)/.exec(line) ?? [];
    const note = noteIn(line);
    if (fence !== undefined) {
      // The text begins on the next line, and editors count from 1.
      const block = { page, line: index + 2, language, notes };
      open = { fence, indent: indent.length, lines: [], block };
      notes = new Map();
    } else if (note !== undefined) notes.set(...note);
    else if (line.trim() !== "") notes = new Map();
  }
  if (open !== undefined) throw new Error(`${page}:${open.block.line} a block has no end`);
  return blocks;
};

/** Every page that a reader meets: the site's, and the READMEs. */
export const pagesWithBlocks = async () => {
  const inDocs = (await readdir(docs, { recursive: true, withFileTypes: true }))
    .map((entry) => relative(docs, join(entry.parentPath, entry.name)))
    .filter((path) => path.endsWith(".md") && !/^(?:node_modules|reference|\.)/.test(path))
    .map((path) => join(docs, path));
  const ofPackages = (
    await Promise.all(
      packages.map(async ({ folder }) =>
        (await readdir(folder)).filter((name) => name.endsWith(".md")).map((name) => join(folder, name)),
      ),
    )
  ).flat();
  return [join(root, "README.md"), ...inDocs.sort(), ...ofPackages.sort()];
};

export const readBlocks = async (path) => blocksOf(relative(root, path), await readFile(path, "utf8"));

export const placeOf = ({ page, line }) => `${page}:${line}`;
