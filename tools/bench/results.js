/**
 * One measured number. A result without a goal is there for comparison.
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {number} value
 * @property {string} unit - `×` for a ratio.
 * @property {string | null} goal - `≤ 1.05`
 * @property {boolean | null} met
 */

/**
 * What a benchmark has found.
 *
 * @typedef {object} Findings
 * @property {readonly Result[]} results
 * @property {readonly string[]} [notes] - how it was measured, in whole sentences.
 * @property {readonly (readonly (string | number)[])[]} [table] - the numbers behind the results; its first row is the heading.
 */

/**
 * @typedef {object} Run
 * @property {boolean} quick
 */

const rounded = (value) => Number(value.toPrecision(4));

/** @returns {Result} */
export const atMost = (limit, name, value, unit = "×") => ({
  name,
  value: rounded(value),
  unit,
  goal: `≤ ${limit}`,
  met: value <= limit,
});

/** @returns {Result} */
export const atLeast = (limit, name, value, unit) => ({
  name,
  value: rounded(value),
  unit,
  goal: `≥ ${limit}`,
  met: value >= limit,
});

/** @returns {Result} */
export const forComparison = (name, value, unit = "×") => ({
  name,
  value: rounded(value),
  unit,
  goal: null,
  met: null,
});

export const median = (values) => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** A benchmark whose work was not done has measured nothing. */
export const insist = (condition, message) => {
  if (!condition) throw new Error(message);
};
