// Holds what `npm run quickstart` wrote against what README.md promises.
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";

const folder = new URL("../examples/quickstart/", import.meta.url);
const output = new URL("output/outcomes.jsonl", folder);
const lines = (await readFile(output, "utf8")).trimEnd().split("\n");
const outcomes = lines.map((line) => JSON.parse(line));
const input = (await readFile(new URL("devices-and-people.csv", folder), "utf8"))
  .trimEnd()
  .split("\n")
  .slice(1);

assert.equal((await stat(output)).mode & 0o777, 0o600, "the outcomes are readable by their owner alone");
assert.deepEqual(
  outcomes.map(({ key }) => key),
  input.map((line) => line.slice(0, line.indexOf(","))),
  "one outcome for each row, in the order of the rows",
);
const failures = outcomes.filter(({ status }) => status !== "created");
assert.deepEqual(
  failures.map(({ key, error }) => [key, error.code]),
  [
    ["row-100", "already-enrolled"],
    ["row-125", "invalid-request"],
    ["row-174", "invalid-request"],
    ["row-181", "invalid-request"],
    ["row-212", "unsupported"],
  ],
  "the five rows that must fail, and no others",
);
for (const { key, advice } of failures) assert.ok(advice, `${key} says what to change`);

const secrets = outcomes.flatMap(({ enrollment }) => (enrollment ? [enrollment.artifacts[0].value] : []));
assert.equal(new Set(secrets).size, outcomes.length - failures.length, "each has a secret of its own");

const sheet = new URL("output/sheet.html", folder);
const html = await readFile(sheet, "utf8");
assert.equal((await stat(sheet)).mode & 0o777, 0o600, "the sheet is readable by its owner alone");
assert.equal(html.match(/<article /g)?.length, secrets.length, "a card for each enrollment");
assert.ok(html.endsWith("</html>\n"), "the sheet is whole");
assert.doesNotMatch(
  html,
  /<(?:link|script|img|iframe|object|embed|base)\b|\bsrc=|url\(|@import/i,
  "the sheet loads nothing",
);

process.stdout.write(
  `${outcomes.length} outcomes, ${failures.length} failures, ${secrets.length} cards, as promised\n`,
);
