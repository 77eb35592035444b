import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";

/** The parts of the sidebar that `tools/docs/generate.js` has made from code. */
const generated = JSON.parse(readFileSync(new URL("../.parts/sidebar.json", import.meta.url), "utf8"));

const item = (text, link) => ({ text, link });

export default defineConfig({
  title: "EnrollKit",
  description: "One typed interface to the enrollment side of every MDM",
  lang: "en",
  // Nothing is loaded from another host, so that the site works without a network.
  head: [["link", { rel: "icon", href: "/mark.svg", type: "image/svg+xml" }]],
  srcExclude: ["node_modules/**"],
  markdown: { config: scrollInBoxes, anchor: { slugify: anchorOf } },
  themeConfig: {
    logo: { src: "/mark.svg", alt: "" },
    search: { provider: "local" },
    outline: { level: [2, 3] },
    nav: [
      item("Start", "/start"),
      item("Guides", "/guides/swap-vendors"),
      item("Vendors", "/vendors/"),
      item("Command", "/reference/cli/"),
      item("API", "/reference/api/"),
      item("Errors", "/errors"),
    ],
    sidebar: [
      { text: "Start", items: [item("In five minutes", "/start")] },
      {
        text: "Concepts",
        items: [
          item("Enrollment", "/concepts/enrollment"),
          item("Artifact", "/concepts/artifact"),
          item("Lifetime", "/concepts/lifetime"),
          item("Uses", "/concepts/uses"),
          item("Roles", "/concepts/roles"),
          item("Outcome unknown", "/concepts/outcome-unknown"),
        ],
      },
      {
        text: "Guides",
        items: [
          item("Swap vendors by config", "/guides/swap-vendors"),
          item("Bulk from CSV", "/guides/bulk-from-csv"),
          item("Resume after a crash", "/guides/resume-after-a-crash"),
          item("Many workers", "/guides/many-workers"),
          item("Print and mail", "/guides/print-and-mail"),
          item("Route and migrate", "/guides/route-and-migrate"),
          item("Observe", "/guides/observe"),
          item("Test your app", "/guides/test-your-app"),
          item("Write an adapter", "/guides/write-an-adapter"),
        ],
      },
      {
        text: "Vendors",
        items: [item("Compared", "/vendors/"), ...generated.vendors],
      },
      {
        text: "Reference",
        items: [
          item("Errors", "/errors"),
          { text: "Command line", link: "/reference/cli/", collapsed: true, items: generated.cli },
          { text: "API", link: "/reference/api/", collapsed: true, items: generated.api },
        ],
      },
      {
        text: "Project",
        items: [
          item("Benchmarks", "/benchmarks"),
          item("Dependencies", "/dependencies"),
          item("Mutation testing", "/mutation"),
          item("Secrets", "/secrets"),
          item("Threat model", "/threat-model"),
          { text: "Decisions", link: "/reference/decisions", collapsed: true, items: generated.decisions },
        ],
      },
    ],
  },
});

/** A heading's anchor as typedoc links to it, which is GitHub's way: underscores stay, type parameters do not. */
function anchorOf(heading) {
  return heading
    .replace(/<.*>/, "")
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

/** Wide tables and diagrams scroll in a box of their own, which a keyboard can reach; the page does not. */
function scrollInBoxes(md) {
  md.renderer.rules.table_open = () =>
    '<div class="table" role="region" aria-label="Table" tabindex="0"><table>\n';
  md.renderer.rules.table_close = () => "</table></div>\n";
  const htmlBlock = md.renderer.rules.html_block;
  md.renderer.rules.html_block = (...words) => {
    const html = htmlBlock(...words);
    const isDiagram = html.startsWith('<svg class="diagram"');
    return isDiagram
      ? `<div class="figure" role="region" aria-label="Diagram" tabindex="0">${html}</div>`
      : html;
  };
}
