import { Secret } from "@enrollkit/core";
import { androidManagementPlugin } from "@enrollkit/android-management";
import { appliveryPlugin } from "@enrollkit/applivery";
import { esetConnectPlugin } from "@enrollkit/eset-connect";
import { readConfig } from "@enrollkit/inversify";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enrollmentColumns } from "../../packages/cli/src/input/columns.js";
import { readCsv } from "../../packages/cli/src/input/csv.js";
import { readJsonLines } from "../../packages/cli/src/input/json-lines.js";
import { csvLine } from "../../packages/cli/src/output/csv.js";
import { byteSource, readAll } from "../../packages/cli/test/byte-source.js";
import { parseJsonc } from "../../packages/inversify/src/jsonc.js";
import { attempt, cases, expectUnpolluted, fuzz } from "./fuzz.js";
import { anyJson, mutatedText } from "./hostile-json.js";

const bytesOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> =>
  texts.map((text) => new Uint8Array(Buffer.from(text)));
const asBytes = (content: Buffer) => new Uint8Array(content);

const expectRowsOrReason = async (rows: AsyncIterable<unknown>): Promise<void> => {
  const { error } = await readAll(rows);
  expectUnpolluted();
  if (error === undefined) return;
  expect(error).toMatchObject({ name: "UsageError" });
  expect(error).toHaveProperty("message", expect.stringMatching(/: line \d+: |is empty|is UTF-16/));
};

fuzz<Uint8Array>({
  parser: "csv",
  fromFile: asBytes,
  inputs: fc.oneof(
    fc.uint8Array(),
    bytesOf(
      mutatedText(["key,name\na,Ana\nb,Bo\n", 'key;email\r\na;"a""b\r\nc"\r\n', "\uFEFFname\tkey\nx\ty"]),
    ),
  ),
  check: (bytes) => expectRowsOrReason(readCsv(byteSource(bytes, [3, 7]), enrollmentColumns)),
});

fuzz<Uint8Array>({
  parser: "json-lines",
  fromFile: asBytes,
  inputs: fc.oneof(
    fc.uint8Array(),
    bytesOf(fc.array(anyJson).map((values) => values.map((value) => JSON.stringify(value)).join("\n"))),
    bytesOf(mutatedText(['{"key":"a"}\n{"key":"b","recipient":{"email":"a@b.example"}}\r\n', "{}\n\n{}"])),
  ),
  check: (bytes) => expectRowsOrReason(readJsonLines(byteSource(bytes, [3, 7]))),
});

describe("what is written", () => {
  const cell = fc.string({ unit: "grapheme" }).map((text) => text.trim().normalize());
  const clean = cell.filter((text) => text !== "" && csvLine([text, ""]).replace(/^"/, "")[0] !== "'");

  it("as CSV is read back as it was", async () => {
    const rows = fc.array(fc.record({ key: clean, name: clean }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, async (written) => {
        const text = [["key", "name"], ...written.map(({ key, name }) => [key, name])].map(csvLine).join("");
        const { read, error } = await readAll(readCsv(byteSource(text), enrollmentColumns));
        expect(error).toBeUndefined();
        expect(read.map(({ value }) => value)).toEqual(
          written.map(({ key, name }) => ({ key, recipient: { name } })),
        );
      }),
      { numRuns: cases },
    );
  });

  it("as JSON Lines is read back as it was", async () => {
    const rows = fc.array(fc.dictionary(fc.string(), anyJson), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, async (written) => {
        const lines = written.map((row) => JSON.stringify(row));
        const { read, error } = await readAll(readJsonLines(byteSource(lines.join("\n"))));
        expect(error).toBeUndefined();
        expect(read.map(({ value }) => JSON.stringify(value))).toEqual(lines);
      }),
      { numRuns: cases },
    );
  });
});

const config = `{
  // the fleet
  "defaultProvider": "phones",
  "routes": [{ "profile": "sales", "provider": "apple" }],
  "providers": {
    "phones": { "vendor": "android-management", "enterprise": "LC01abcdef", "credentials": { "$env": "KEY" }, "validFor": "P1D" },
    "apple": { "vendor": "applivery", "organization": "acme", "token": { "$env": "TOKEN" }, "profiles": { "sales": { "tags": ["a"] } } },
    "pcs": { "vendor": "eset-connect", "region": "eu", "username": "u", "password": { "$env": "TOKEN" } },
  }
}`;
const plugins = [androidManagementPlugin, appliveryPlugin, esetConnectPlugin];
const environment = { KEY: "k", TOKEN: "t" };

fuzz({
  parser: "config",
  fromFile: (content) => content.toString("utf8"),
  inputs: fc.oneof(
    mutatedText([config]),
    anyJson.map((value) => JSON.stringify(value)),
    anyJson.map((value) => config.replace('"LC01abcdef"', () => JSON.stringify(value))),
    fc.string(),
  ),
  check: (text) => {
    const { result, error } = attempt(() => readConfig(parseJsonc("config", text), plugins, { environment }));
    expectUnpolluted();
    if (result !== undefined) {
      expect(result.providers.length).toBeGreaterThan(0);
      return;
    }
    expect(error).toMatchObject({ name: "EnrollmentError", code: "invalid-config" });
    const { path, message } = error as { readonly path?: string; readonly message: string };
    expect(path ?? message).toMatch(/\S/);
    if (path === undefined) expect(message).toMatch(/line \d+, column \d+|must be|is not/);
    expect(message).not.toContain(new Secret("t").toString() + "t");
  },
});
