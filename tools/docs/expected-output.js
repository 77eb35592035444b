const escape = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A shown output as a pattern: `…` stands for anything, on a line of its own also for any number of lines. */
const patternOf = (shown) =>
  shown
    .trim()
    .split("\n")
    .map((line) =>
      line.trim() === "…" ? String.raw`[^]*?` : `${line.trimEnd().split("…").map(escape).join(".*?")}[ ]*`,
    )
    .join("\n")
    .replaceAll(String.raw`[^]*?` + "\n", String.raw`(?:[^]*?\n)?`)
    .replaceAll("\n" + String.raw`[^]*?`, String.raw`(?:\n[^]*?)?`);

/** @returns what is wrong, or undefined if the output is as the page shows it. */
export const outputProblem = (shown, output) =>
  new RegExp(`^${patternOf(shown)}$`).test(output.trim())
    ? undefined
    : `the page shows another output; it is:\n${output.trim()}`;
