import { describe, expect, it } from "vitest";
import { outcomeOf } from "./outcome.js";
import { asConsumer, importedBeside } from "./project.js";

describe("a conformance test, in an app's project", () => {
  it("imports the package instead of its sources", () => {
    const text = 'import { createAcme } from "../src/index.js";\nimport { setup } from "./setup.js";\n';
    expect(asConsumer(text, "@enrollkit/acme")).toBe(
      'import { createAcme } from "@enrollkit/acme";\nimport { setup } from "./setup.js";\n',
    );
    expect(importedBeside(text)).toEqual(["setup.ts"]);
  });

  it.each(["../src/client.js", "../fixtures/token.json"])("is refused if it needs %s", (path) => {
    const text = `import { secret } from "${path}";`;
    expect(() => asConsumer(text, "@enrollkit/acme")).toThrow(`imports "${path}": no app could`);
  });
});

describe("how the tests of one Node went", () => {
  const passed = { status: "passed", fullName: "acme creates" };
  const report = (testResults) => ({ testResults, numPassedTests: 1, numPendingTests: 2 });
  const file = "conformance/acme/conformance.test.ts";
  const ran = (assertionResults, more = {}) => ({
    name: `/tmp/project/${file}`,
    status: "passed",
    assertionResults,
    ...more,
  });

  it("is counted", () => {
    expect(outcomeOf(report([ran([passed])]), [file])).toEqual({ passed: 1, skipped: 2, problems: [] });
  });

  it.each([
    [
      "a test that failed",
      [ran([passed, { status: "failed", fullName: "acme lists" }])],
      ["failed: acme lists"],
    ],
    [
      "a file that ran nothing",
      [ran([{ status: "pending", fullName: "acme creates" }])],
      [`${file} ran no test`],
    ],
    ["a file that is gone", [], [`${file} ran no test`]],
    [
      "a file that could not be read",
      [ran([], { status: "failed", message: "no such export" })],
      [`${file} ran no test`, `failed: /tmp/project/${file}: no such export`],
    ],
  ])("names %s", (_, results, problems) => {
    expect(outcomeOf(report(results), [file]).problems).toEqual(problems);
  });
});
