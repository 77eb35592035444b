// Makes what the docs take from code: the references, and the pieces of READMEs that pages include.
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { writeApiReference } from "./api-reference.js";
import { cliPages } from "./cli-reference.js";
import { docs, packages, parts, reference, root } from "./places.js";
import { sectionsOf, slugOf } from "./sections.js";

const writePage = async (path, text) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
};

/** Where a reader of the site finds what a README links to beside itself. */
const sitePageOf = (folder, target) => {
  const [, adapter, name] =
    /^packages\/(?:adapters\/([\w-]+)|([\w-]+))(?:\/README\.md)?$/.exec(
      relative(root, join(folder, target)),
    ) ?? [];
  if (adapter !== undefined) return `/vendors/${adapter}`;
  return name === undefined ? undefined : `/reference/api/@enrollkit/${name}`;
};

const withSiteLinks = (folder, text) =>
  text.replaceAll(
    /\[([^\]]*)\]\((\.\.?\/[^)#\s]*|[a-z][\w/.-]*)(#[\w-]+)?\)/g,
    (_, words, target, anchor = "") => {
      const page = sitePageOf(folder, target);
      // What is in the repository alone: its name has to do.
      return page === undefined ? words : `[${words}](${page}${anchor})`;
    },
  );

/** A package's README is the home of its facts: pages show its sections, and copy none. */
const writeParts = async () => {
  for (const { folder } of packages) {
    const name = relative(dirname(folder), folder);
    const sections = sectionsOf(await readFile(join(folder, "README.md"), "utf8"));
    for (const [heading, text] of sections) {
      await writePage(join(parts, name, `${slugOf(heading)}.md`), withSiteLinks(folder, text));
    }
  }
};

const writeCliReference = async () => {
  const pages = cliPages();
  for (const [name, text] of pages) await writePage(join(reference, "cli", `${name}.md`), text);
  return [...pages.keys()]
    .filter((name) => name !== "index")
    .map((name) => ({ text: name, link: `/reference/cli/${name}` }));
};

const titleOf = (markdown) => /^# (.+)$/m.exec(markdown)?.[1] ?? "";

/** Every vendor's page is in the sidebar because it is there. */
const vendorPages = async () => {
  const names = (await readdir(join(docs, "vendors"))).filter((name) => name !== "index.md");
  const pages = await Promise.all(
    names.map(async (name) => ({
      text: titleOf(await readFile(join(docs, "vendors", name), "utf8")),
      link: `/vendors/${name.replace(/\.md$/, "")}`,
    })),
  );
  return pages.sort((one, other) => one.text.localeCompare(other.text, "en"));
};

/** An index of the decisions, newest first. */
const writeDecisions = async () => {
  const names = (await readdir(join(docs, "decisions"))).filter((name) => name.endsWith(".md")).sort();
  const decisions = await Promise.all(
    names.reverse().map(async (name) => ({
      day: name.slice(0, 10),
      page: name.slice(0, -3),
      title: titleOf(await readFile(join(docs, "decisions", name), "utf8")),
    })),
  );
  const lines = decisions.map(({ day, page, title }) => `| ${day} | [${title}](../decisions/${page}) |`);
  const intro = "Why things are as they are: context, choice, cost. The newest come first.";
  const table = ["| day | decision |", "| --- | --- |", ...lines].join("\n");
  await writePage(join(reference, "decisions.md"), `# Decisions\n\n${intro}\n\n${table}\n`);
  return decisions.map(({ page, title }) => ({ text: title, link: `/decisions/${page}` }));
};

/** vitepress leaves an include that leads nowhere in the page, and says nothing. */
const missingIncludes = async () => {
  const pages = (await readdir(docs, { recursive: true })).filter(
    (path) => path.endsWith(".md") && !path.startsWith("node_modules"),
  );
  const missing = [];
  for (const page of pages) {
    const text = await readFile(join(docs, page), "utf8");
    for (const [, target] of text.matchAll(/<!--\s*@include:\s*(\S+)\s*-->/g)) {
      if (!existsSync(join(docs, dirname(page), target))) missing.push(`${page} includes ${target}`);
    }
  }
  return missing;
};

await rm(parts, { recursive: true, force: true });
await rm(reference, { recursive: true, force: true });
await mkdir(parts, { recursive: true });
await writeParts();
const sidebar = {
  cli: await writeCliReference(),
  vendors: await vendorPages(),
  decisions: await writeDecisions(),
  api: await writeApiReference(),
};
await writeFile(join(parts, "sidebar.json"), JSON.stringify(sidebar));
const missing = await missingIncludes();
if (missing.length > 0) throw new Error(`nothing is there to include:\n${missing.join("\n")}`);
