import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { loadFixture } from "./fixture.js";

const folder = mkdtempSync(join(tmpdir(), "enrollkit-fixture-"));
const file = join(folder, "token.json");

const write = (content: string) => {
  writeFileSync(file, content);
  return file;
};

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const origin = { source: "https://example.com/docs/tokens", capturedOn: "2026-09-20" };

describe("a fixture", () => {
  it.each(["path", "URL"])("is read from a %s", (kind) => {
    const path = write(JSON.stringify({ ...origin, body: { name: "token-1" } }));
    const fixture = loadFixture(kind === "URL" ? pathToFileURL(path) : path);
    expect(fixture).toEqual({ ...origin, body: { name: "token-1" } });
  });

  it.each([
    ["no JSON", "{", /token\.json: is not JSON/],
    ["a list", "[]", /must be a JSON object/],
    ["null", "null", /must be a JSON object/],
    ["no source", JSON.stringify({ ...origin, source: undefined }), /source must be the URL/],
    ["a source that is no URL", JSON.stringify({ ...origin, source: "the docs" }), /source must be the URL/],
    ["no day", JSON.stringify({ ...origin, capturedOn: undefined }), /capturedOn must be the day/],
    ["a day that never was", JSON.stringify({ ...origin, capturedOn: "2026-02-30" }), /capturedOn must be/],
    [
      "a day with a time",
      JSON.stringify({ ...origin, capturedOn: "2026-09-20T10:00:00Z" }),
      /capturedOn must be/,
    ],
  ])("is refused with %s", (_what, content, message) => {
    const path = write(content);
    expect(() => loadFixture(path)).toThrow(message);
  });

  it("must exist", () => {
    expect(() => loadFixture(join(folder, "missing.json"))).toThrow(/ENOENT/);
  });
});
