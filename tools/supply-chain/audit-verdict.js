/**
 * What the output of `pnpm audit --json` means.
 *
 * @typedef {object} Verdict
 * @property {"clean" | "vulnerable" | "skipped"} outcome
 * @property {string[]} lines - for the terminal.
 */

/** The registry was reached or not; either way it said nothing of the packages. */
const noAnswer =
  /^(?:ERR_PNPM_AUDIT_BAD_RESPONSE|ERR_PNPM_AUDIT_ENDPOINT_NOT_EXISTS|ERR_PNPM_META_FETCH_FAIL|ERR_PNPM_FETCH_|E(?:AI_AGAIN|NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT)|UND_ERR)/;

/** A registry's address may hold what opens it. */
const withoutAddresses = (text) => text.replace(/https?:\/\/\S+?(?=[)\s]|$)/g, "the registry");

const describe = ({ module_name: name, severity, title, vulnerable_versions: versions, url }) =>
  `${severity}: ${name} ${versions}: ${title} ${url}`;

/**
 * @param {string} output
 * @returns {Verdict}
 * @throws Error if it is neither a report nor a known failure to get one: an audit must not pass by accident.
 */
export const auditVerdict = (output) => {
  const answer = JSON.parse(output);
  if (answer.error !== undefined) {
    const { code = "", message = "" } = answer.error;
    if (!noAnswer.test(code)) throw new Error(`the audit failed with ${code}: ${withoutAddresses(message)}`);
    const reason = withoutAddresses(message.trim());
    return { outcome: "skipped", lines: [`AUDIT SKIPPED, nothing was checked: ${reason}`] };
  }
  if (answer.advisories === undefined || answer.metadata === undefined) {
    throw new Error("the audit gave no report: advisories and metadata are missing");
  }
  const advisories = Object.values(answer.advisories);
  return advisories.length > 0
    ? { outcome: "vulnerable", lines: advisories.map(describe) }
    : { outcome: "clean", lines: [`no known hole in ${answer.metadata.totalDependencies} packages`] };
};
