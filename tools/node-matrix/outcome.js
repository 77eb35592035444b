/**
 * How the tests of one Node went.
 *
 * @param {any} report - of vitest's JSON reporter.
 * @param {string[]} expected - the files that must have run.
 * @returns {{ passed: number, skipped: number, problems: string[] }}
 */
export const outcomeOf = (report, expected) => {
  const results = report.testResults;
  const silent = expected.filter(
    (path) =>
      !results.some(
        ({ name, assertionResults }) =>
          name.replaceAll("\\", "/").endsWith(path) &&
          assertionResults.some(({ status }) => status === "passed"),
      ),
  );
  const failed = results.flatMap(({ name, status, message, assertionResults }) => {
    const titles = assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName }) => fullName);
    return status === "failed" && titles.length === 0 ? [`${name}: ${message}`] : titles;
  });
  return {
    passed: report.numPassedTests,
    skipped: report.numPendingTests,
    problems: [...silent.map((path) => `${path} ran no test`), ...failed.map((title) => `failed: ${title}`)],
  };
};
