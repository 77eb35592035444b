// The checker catches what it is there for: each broken block is a page that would have misled somebody.
import { join } from "node:path";
import { rm } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { blocksOf } from "./blocks.js";
import { checkBlocks } from "./check-blocks.js";
import { outputProblem } from "./expected-output.js";

const work = join(import.meta.dirname, ".blocks-of-tests");
afterAll(() => rm(work, { recursive: true, force: true }));

const page = (...lines) => blocksOf("page.md", lines.join("\n"));
const check = (...lines) => checkBlocks(page(...lines), { work });

const fence = "```";

describe("a block that is right", () => {
  it("is compiled, run and compared, and an excuse is counted", async () => {
    const { problems, counts, outputs, notRun } = await check(
      `${fence}ts`,
      'import { describeDuration, durationLength } from "@enrollkit/core";',
      'console.log(describeDuration(durationLength("P7D")));',
      fence,
      "<!-- output -->",
      "",
      `${fence}text`,
      "7 days",
      fence,
      "<!-- file: words.txt -->",
      `${fence}csv`,
      "one,two",
      fence,
      `${fence}sh`,
      "grep -c two words.txt",
      fence,
      "<!-- not run: nothing is published yet -->",
      `${fence}sh`,
      "npm install",
      fence,
      `${fence}json`,
      "{",
      '  "folder": "ledger",',
      '  "keys": [{ "$file": "ledger-key" }]',
      "}",
      fence,
    );
    expect(problems).toEqual([]);
    expect(counts).toEqual({ ts: { compiled: 1, run: 1 }, sh: { run: 1 }, json: { run: 1 } });
    expect([outputs, notRun.length]).toEqual([1, 1]);
  });
});

it("a simulation is waited for, also where the page has shown a config before", async () => {
  const { problems } = await check(
    "<!-- file: enrollkit.config.json -->",
    `${fence}json`,
    "{",
    '  "providers": { "apple": { "vendor": "applivery", "organization": "acme", "token": { "$env": "NOWHERE" } } }',
    "}",
    fence,
    `${fence}sh`,
    "enrollkit simulate --folder .",
    "enrollkit check",
    fence,
  );
  expect(problems).toEqual([]);
});

describe("a broken block is caught, with its page and line", () => {
  it.each([
    [
      "a name that the package no longer exports",
      [`${fence}ts`, 'import { createNothing } from "@enrollkit/core";', "createNothing();", fence],
      /^page\.md:2 does not compile: .*createNothing/,
    ],
    [
      "a type that is wrong, on the line that is wrong",
      [
        `${fence}ts`,
        'import type { EnrollmentRequest } from "@enrollkit/core";',
        "const request: EnrollmentRequest = {",
        '  uses: "twice",',
        "};",
        fence,
      ],
      /^page\.md:4 does not compile: .*twice/,
    ],
    [
      "an import that nothing uses",
      [`${fence}ts`, 'import { Secret } from "@enrollkit/core";', fence],
      /^page\.md:2 does not compile: 'Secret' is declared/,
    ],
    [
      "a call that fails when it is run",
      [`${fence}ts`, 'JSON.parse("{");', fence],
      /^page\.md:2 fails \(1\):/,
    ],
    [
      "an output that is another one",
      [`${fence}ts`, 'console.log("three");', fence, "<!-- output -->", `${fence}text`, "two", fence],
      /^page\.md:6 the page shows another output; it is:\nthree$/,
    ],
    [
      "a command that the command line does not know",
      [`${fence}sh`, "true", "enrollkit enroll-everybody", fence],
      /^page\.md:2 `.*enroll-everybody.*` ended with 2:/,
    ],
    [
      "a command after which nothing is reached",
      [`${fence}sh`, "exit 0", fence, "", `${fence}sh`, "true", fence],
      /^page\.md:2 was not reached/,
    ],
    [
      "a config with a misspelt key",
      [
        `${fence}json`,
        "{",
        '  "providers": { "a": { "vendor": "applivery", "organisation": "acme" } }',
        "}",
        fence,
      ],
      /^page\.md:2 is not a config that can be read: [^]*organisation/,
    ],
    [
      "settings that are none",
      [`${fence}json`, "{", '  "something": 1', "}", fence],
      /^page\.md:2 is no settings that a schema reads/,
    ],
    ["a language that nothing checks", [`${fence}python`, "print(1)", fence], /^page\.md:2 no check knows/],
    [
      "an excuse that says nothing",
      ["<!-- not run: no -->", `${fence}sh`, "true", fence],
      /^page\.md:3 does not say why/,
    ],
  ])("%s", async (_, lines, problem) => {
    const { problems } = await check(...lines);
    expect(problems[0]).toMatch(problem);
  });

  it("a block without an end", () => {
    expect(() => page(`${fence}ts`, "const a = 1;")).toThrow("page.md:2 a block has no end");
  });

  it("a prelude that is not there", async () => {
    const lines = ["<!-- setup: nowhere -->", `${fence}ts`, "export {};", fence];
    await expect(check(...lines)).rejects.toThrow("page.md:3 there is no prelude nowhere.ts");
  });
});

describe("outputs", () => {
  it.each([
    ["a …", "a 17", true],
    ["a …\nb", "a 17\nb", true],
    ["a\n…\nz", "a\nb\nc\nz", true],
    ["…\nz", "z", true],
    ["…", "anything\nat all", true],
    ["a", "b", false],
    ["a …\nb", "a 17\nc", false],
    ["a\n…\nz", "a\nb", false],
    ["a.c", "abc", false],
  ])("%j fits %j: %s", (shown, output, fits) => {
    expect(outputProblem(shown, output) === undefined).toBe(fits);
  });
});
