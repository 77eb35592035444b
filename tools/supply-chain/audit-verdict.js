/**
 * What the output of `npm audit --json` means.
 *
 * @typedef {object} Verdict
 * @property {"clean" | "vulnerable" | "skipped"} outcome
 * @property {string[]} lines - for the terminal.
 */

/** The registry was reached or not; either way it said nothing of the packages. */
const isNoAnswer = ({ statusCode, message }) =>
  typeof statusCode === "number" || /^request to \S+ failed/.test(message);

/** A registry's address may hold what opens it. */
const withoutAddresses = (text) => text.replace(/https?:\/\/\S+?(?=[)\s]|$)/g, "the registry");

const isAdvisory = (cause) => typeof cause === "object";

const describe = ({ name, severity, title, range, url }) => `${severity}: ${name} ${range}: ${title} ${url}`;

/**
 * @param {string} output
 * @param {number} expected - how many packages were to be checked.
 * @returns {Verdict}
 * @throws Error if it is neither a report nor a known failure to get one: an audit must not pass by accident.
 */
export const auditVerdict = (output, expected) => {
  const answer = JSON.parse(output);
  if (answer.auditReportVersion === undefined) {
    const { message = "", statusCode, error } = answer;
    const reason = withoutAddresses(`${message || (error?.summary ?? "")}`.trim());
    if (!isNoAnswer({ statusCode, message })) throw new Error(`the audit failed: ${reason}`);
    return { outcome: "skipped", lines: [`AUDIT SKIPPED, nothing was checked: ${reason}`] };
  }
  if (answer.auditReportVersion !== 2) {
    throw new Error(`the audit's report is of version ${answer.auditReportVersion}, and 2 is understood`);
  }
  const checked = answer.metadata.dependencies.total;
  if (checked !== expected) throw new Error(`the audit has seen ${checked} of ${expected} packages`);
  const advisories = Object.values(answer.vulnerabilities).flatMap(({ via }) => via.filter(isAdvisory));
  return advisories.length > 0
    ? { outcome: "vulnerable", lines: advisories.map(describe) }
    : { outcome: "clean", lines: [`no known hole in ${checked} packages`] };
};
