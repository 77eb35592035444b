/** A heading as a word for a file and an anchor: "What it can do" → "what-it-can-do". */
export const slugOf = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

/**
 * The sections of a page: what stands below each `##` heading, without the heading. A line in a code block is never a
 * heading.
 */
export const sectionsOf = (markdown) => {
  const sections = new Map();
  let heading;
  let isCode = false;
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) isCode = !isCode;
    const [, name] = (!isCode && /^## (.+)$/.exec(line)) || [];
    if (name !== undefined) {
      heading = name;
      sections.set(heading, []);
    } else if (heading !== undefined) sections.get(heading).push(line);
  }
  return new Map([...sections].map(([name, lines]) => [name, `${lines.join("\n").trim()}\n`]));
};
