/**
 * A change to the code that no test noticed.
 *
 * @typedef {object} Survivor
 * @property {string} file - from the root of the project.
 * @property {number} line
 * @property {string} mutator - Stryker's name of the kind of change.
 * @property {string} code - what was changed, on one line.
 * @property {string} replacement - what it was changed into, on one line.
 * @property {boolean} covered - whether any test ran it.
 */

const onOneLine = (text) => text.replace(/\s+/g, " ").trim();

/** The text between two places of a source; Stryker counts lines and columns from one. */
const excerpt = (source, { start, end }) => {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last].slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return onOneLine(lines.join("\n"));
};

/** What counts against the score. */
const missed = new Set(["Survived", "NoCoverage"]);

/**
 * @param {any} report - in Stryker's JSON.
 * @returns {{ measured: string[], counts: Record<string, number>, mutants: number, score: number, survivors: Survivor[] }}
 *   `measured` are files; the score is in percent: of all changes that could be noticed, those that were.
 */
export const summaryOf = ({ files }) => {
  const counts = { Killed: 0, Timeout: 0, Survived: 0, NoCoverage: 0, Ignored: 0 };
  const survivors = [];
  for (const [file, { source, mutants }] of Object.entries(files)) {
    for (const { status, location, mutatorName, replacement } of mutants) {
      counts[status] = (counts[status] ?? 0) + 1;
      if (!missed.has(status)) continue;
      survivors.push({
        file,
        line: location.start.line,
        mutator: mutatorName,
        code: excerpt(source, location),
        replacement: onOneLine(replacement),
        covered: status === "Survived",
      });
    }
  }
  const noticed = counts.Killed + counts.Timeout;
  const mutants = noticed + survivors.length;
  return {
    measured: Object.keys(files),
    counts,
    mutants,
    score: mutants === 0 ? 100 : (100 * noticed) / mutants,
    survivors,
  };
};

/**
 * What a person said of survivors of one kind. All patterns that are given must match.
 *
 * @typedef {object} Review
 * @property {string} why - one sentence for the page.
 * @property {string} [file] - patterns of regular expressions, as all of these.
 * @property {string} [mutator]
 * @property {string} [code]
 * @property {string} [replacement]
 */

const matches = (pattern, text) => pattern === undefined || new RegExp(pattern, "u").test(text);

/** The first review that fits decides. @type {(survivor: Survivor, reviews: Review[]) => Review | undefined} */
export const reviewOf = (survivor, reviews) =>
  reviews.find((review) =>
    ["file", "mutator", "code", "replacement"].every((field) => matches(review[field], survivor[field])),
  );
