import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnrollmentError, Secret } from "@enrollkit/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { readSettingsFile } from "./settings-file.js";

const read = async (text: string, environment: Record<string, string> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-settings-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "sub"));
  await writeFile(join(folder, "sub/settings.json"), text);
  await writeFile(join(folder, "sub/password"), "from-a-file\r\n");
  return readSettingsFile(join(folder, "sub/settings.json"), { environment, source: "the settings" });
};

const refusal = async (text: string) => {
  try {
    return await read(text);
  } catch (error) {
    if (EnrollmentError.is(error)) return [error.code, error.message];
    throw error;
  }
};

describe("a file of settings", () => {
  it("may have comments; references become Secrets, paths start at its folder", async () => {
    const text = `{
      // how mail goes out
      "smtp": { "username": "it", "password": { "$file": "password" } },
      "keys": [{ "$env": "KEY" }],
    }`;
    expect(await read(text, { KEY: "from the environment" })).toEqual({
      smtp: { username: "it", password: new Secret("from-a-file") },
      keys: [new Secret("from the environment")],
    });
  });

  it.each([
    ['{ "a": 1,\n  "a": 2 }', "the settings: line 2, column 3: a is written twice"],
    ["{ a }", "the settings: line 1, column 3: not valid JSON (invalid symbol)"],
    [
      '{ "a": { "$env": "NONE" }, "b": { "$file": "gone" } }',
      "the settings has 2 problems:\n  a needs the environment variable NONE, which is not set\n" +
        "  b needs the file gone, which does not exist",
    ],
  ])("%j is refused, and the error names every place", async (text, message) => {
    expect(await refusal(text)).toEqual(["invalid-config", message]);
  });

  it("that is not there is an error that names it", () => {
    expect(() => readSettingsFile("/nowhere/mail.json")).toThrow("/nowhere/mail.json: there is no such file");
  });
});
