import { readFile, readdir, stat } from "node:fs/promises";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  canaries,
  createdRow,
  enrollmentData,
  failedRow,
  jsonLines,
  outcomesRemark,
  outcomesText,
} from "./enrollment-files.js";
import { createWorkplace, loadVendors, startFastSimulation } from "./simulated.js";

beforeAll(loadVendors);

const workplace = () => createWorkplace({ environment: {} }, "not a config");

const cardsIn = (html: string) => html.match(/<article /g)?.length ?? 0;

describe("sheet", () => {
  it("writes a card for each enrollment, for the owner alone, and says where and how to print it", async () => {
    const { enrollkit, write, path } = await workplace();
    await write("people.outcomes.jsonl", outcomesText);
    const words = ["sheet", "people.outcomes.jsonl", "--time-zone", "Europe/Berlin"];
    const { exitCode, stdout, stderr } = await enrollkit(words);
    expect([exitCode, stderr]).toEqual([0, outcomesRemark]);
    expect(stdout).toMatch(/^wrote people\.sheet\.html: 3 cards, times of Europe\/Berlin \(only you/);
    expect(stdout).toContain("print it on A4 or US Letter");
    for (const canary of canaries) expect(stdout + stderr).not.toContain(canary);
    expect((await stat(path("people.sheet.html"))).mode & 0o777).toBe(0o600);
    const html = await readFile(path("people.sheet.html"), "utf8");
    expect(cardsIn(html)).toBe(3);
    expect(html).toMatch(/<\/html>\n$/);
    expect(html).toContain("Person 4");
  });

  it("takes layout, language, time zone and title", async () => {
    const { enrollkit, write, path } = await workplace();
    await write("one.json", jsonLines(enrollmentData(1)));
    const how = [
      "--layout",
      "labels",
      "--language",
      "de",
      "--time-zone",
      "Asia/Tokyo",
      "--title",
      "Hallo <b>",
    ];
    await enrollkit(["sheet", "one.json", "--output", "sheet.html", ...how]);
    const html = await readFile(path("sheet.html"), "utf8");
    for (const part of ['<main class="labels">', '<html lang="de"', "19:00", "Hallo &lt;b&gt;"]) {
      expect(html).toContain(part);
    }
  });

  it("reads standard input, and the machine's time zone is the default", async () => {
    const { enrollkit, path } = await workplace();
    const { stdout } = await enrollkit(["sheet", "-", "--json", "--key", "row-2"], { stdin: outcomesText });
    expect(JSON.parse(stdout)).toEqual({
      output: "enrollments.sheet.html",
      cards: 1,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      notCreated: [],
      expired: 0,
      withoutExtras: 0,
    });
    expect(cardsIn(await readFile(path("enrollments.sheet.html"), "utf8"))).toBe(1);
  });

  it("says how many work no more", async () => {
    const { enrollkit, write } = await workplace();
    const expired = enrollmentData(0, { expiresAt: "2020-01-01T00:00:00Z" });
    await write("two.jsonl", jsonLines(expired, enrollmentData(1)));
    const { exitCode, stderr } = await enrollkit(["sheet", "two.jsonl"]);
    expect([exitCode, stderr]).toEqual([0, "expired, and of no use any more: 1 of 2\n"]);
  });

  it("names twenty rows that were not created, and counts the others", async () => {
    const { enrollkit, write } = await workplace();
    const failed = Array.from({ length: 22 }, (_, index) =>
      failedRow(index, "failed", `no${index}@canary.example`),
    );
    await write("many.jsonl", jsonLines(...failed, createdRow(22, enrollmentData(22))));
    const { stderr } = await enrollkit(["sheet", "many.jsonl"]);
    expect(stderr).toMatch(/^left out, because not created: 22: index 0, .*index 19 and 2 more\n$/);
  });

  it("of a whole bulk run", async () => {
    const simulation = await startFastSimulation();
    onTestFinished(() => simulation.close());
    const { enrollkit, write, path } = await createWorkplace(simulation);
    await write("people.csv", "key,name,valid_for\na,Ana,P1D\nb,Ben,P99D\nc,Cleo,P1D\n");
    expect((await enrollkit(["bulk", "people.csv"])).exitCode).toBe(1);
    const { exitCode, stderr } = await enrollkit(["sheet", "people.outcomes.jsonl"]);
    expect([exitCode, stderr]).toEqual([0, "left out, because not created: 1: b (index 1)\n"]);
    expect(cardsIn(await readFile(path("people.sheet.html"), "utf8"))).toBe(2);
  });
});

const redacted = enrollmentData(1, { artifacts: [{ kind: "enrollment-link", value: "[redacted]" }] });
const useless = enrollmentData(1, { artifacts: [] });

describe("a sheet that cannot be made", () => {
  it.each<[string, string, readonly string[], string]>([
    [
      "secrets that were not kept",
      jsonLines(enrollmentData(0), redacted),
      [],
      "line 2: its secrets are [redacted]",
    ],
    [
      "nothing that a person could use",
      jsonLines(enrollmentData(0), useless),
      [],
      "line 2: artifacts hold nothing",
    ],
    ["no enrollment at all", jsonLines(failedRow(0), failedRow(1)), [], "none of its rows was created"],
    [
      "a key that is not there",
      outcomesText,
      ["--key", "row-2", "--key", "row-9"],
      'no row with the key "row-9"',
    ],
    [
      "a row of something else",
      jsonLines(enrollmentData(0), { a: 1 }),
      [],
      "line 2: not an enrollment: id is missing",
    ],
    ["a table", "key,email\na,person@canary.example\n", [], "does not begin with {"],
    ["half a line", outcomesText.slice(0, -9), [], "line 5: not valid JSON"],
    ["nothing", "", [], "is empty"],
    [
      "an unknown zone",
      outcomesText,
      ["--time-zone", "Mars/Base"],
      "timeZone must be the name of a time zone",
    ],
    ["an unknown language", outcomesText, ["--language", "tlh"], "language must be one of: en, de"],
  ])("%s: the error says why, and the earlier sheet stays", async (_, text, words, message) => {
    const { enrollkit, write, path, folder } = await workplace();
    await write("rows.jsonl", text);
    await write("sheet.html", "old");
    const { exitCode, stdout, stderr } = await enrollkit([
      ...["sheet", "rows.jsonl", "--output", "sheet.html", "--overwrite"],
      ...words,
    ]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    for (const canary of canaries) expect(stderr).not.toContain(canary);
    expect(await readFile(path("sheet.html"), "utf8")).toBe("old");
    expect(await readdir(folder)).toHaveLength(3);
  });

  it("from standard input that breaks off: nothing is left of it", async () => {
    const { enrollkit, folder } = await workplace();
    const { exitCode } = await enrollkit(["sheet", "-"], { stdin: `${outcomesText}{"half` });
    expect(exitCode).toBe(2);
    expect(await readdir(folder)).toEqual(["enrollkit.config.json"]);
  });

  it("in the place of its own input", async () => {
    const { enrollkit, write, path } = await workplace();
    await write("rows.jsonl", outcomesText);
    const words = ["sheet", "rows.jsonl", "--output", "./rows.jsonl", "--overwrite"];
    expect((await enrollkit(words)).stderr).toContain("./rows.jsonl is the input itself");
    expect(await readFile(path("rows.jsonl"), "utf8")).toBe(outcomesText);
  });
});
