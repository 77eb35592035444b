import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { EnrollmentError, type Secret } from "@enrollkit/core";
import { afterAll, describe, expect, it } from "vitest";
import { acmePlugin, type AcmeSettings } from "../test/acme.js";
import { readConfigFile } from "./config-file.js";
import { createService, readConfig } from "./config.js";

const folder = mkdtempSync(join(tmpdir(), "enrollkit-config-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
writeFileSync(join(folder, "key.txt"), "CANARY-KEY\n");
writeFileSync(join(folder, "empty.txt"), "\n");
writeFileSync(join(folder, "notepad.txt"), "\uFEFFCANARY-KEY\r\n");
writeFileSync(join(folder, "powershell.txt"), "\uFEFFCANARY-KEY\r\n", "utf16le");

const environment = { ACME_KEY: "CANARY-KEY", ACME_URL: "http://127.0.0.1:4010/v1/", EMPTY: "" };
const apiKey = { $env: "ACME_KEY" };
const read = (config: unknown) => readConfig(config, [acmePlugin], { environment, directory: folder });
const withAcme = (settings: object) => ({
  providers: { desk: { vendor: "acme-mdm", tenant: "t", apiKey, ...settings } },
});
const settingsOf = (config: unknown) => read(config).providers[0]?.settings as AcmeSettings;

const refusal = (config: unknown): string => {
  try {
    read(config);
  } catch (error) {
    if (EnrollmentError.is(error) && error.code === "invalid-config") {
      expect(inspect(error, { depth: null })).not.toContain("CANARY");
      return error.message;
    }
    throw error;
  }
  return "";
};

describe("references", () => {
  it.each([
    [{ $env: "ACME_KEY" }],
    [{ $file: "key.txt" }],
    [{ $file: "notepad.txt" }],
    [{ $file: join(folder, "key.txt") }],
  ])("%j leads to the secret", (reference) => {
    const key: Secret = settingsOf(withAcme({ apiKey: reference })).apiKey;
    expect(key.reveal()).toBe("CANARY-KEY");
  });

  it("may stand for a URL, which is no secret", () => {
    expect(settingsOf(withAcme({ baseUrl: { $env: "ACME_URL" } })).baseUrl).toBe("http://127.0.0.1:4010/v1");
  });

  it.each([
    [{ $env: "NOT_SET" }, "needs the environment variable NOT_SET, which is not set"],
    [{ $env: "EMPTY" }, "needs the environment variable EMPTY, which is empty"],
    [{ $env: "toString" }, "needs the environment variable toString, which is not set"],
    [{ $file: "powershell.txt" }, "needs the file powershell.txt, which is not UTF-8 text"],
    [{ $env: "" }, "has a $env that names nothing"],
    [{ $env: 3 }, "has a $env that names nothing"],
    [{ $env: "ACME_KEY", default: "x" }, "has $env beside other keys; a reference stands alone"],
    [{ $file: "nowhere.txt" }, "needs the file nowhere.txt, which does not exist"],
    [{ $file: "empty.txt" }, "needs the file empty.txt, which is empty"],
    [{ $file: "." }, "needs the file ., which is a folder"],
    ["CANARY-LITERAL", 'must be a secret: {"$env": "NAME"} or {"$file": "path"} in a config'],
  ])("%j is refused", (reference, message) => {
    expect(refusal(withAcme({ apiKey: reference }))).toContain(
      `the config: providers.desk.apiKey ${message}`,
    );
  });
});

describe("problems", () => {
  it.each<[string, unknown, string]>([
    ["not an object", [], "must be an object, not a list"],
    ["no providers", {}, "providers is missing"],
    ["empty providers", { providers: {} }, "providers names no provider"],
    ["no vendor", { providers: { desk: {} } }, "providers.desk.vendor is missing"],
    [
      "a misspelt vendor",
      { providers: { desk: { vendor: "acme-mmd" } } },
      'providers.desk.vendor "acme-mmd" is not a known vendor; did you mean "acme-mdm"? (known are: acme-mdm, router, fallback)',
    ],
    ["a name no command line can carry", { providers: { "a b": { vendor: "acme-mdm" } } }, "is not a name"],
    [
      "a missing setting",
      { providers: { desk: { vendor: "acme-mdm", apiKey } } },
      "providers.desk.tenant is missing",
    ],
    ["a wrong type", withAcme({ tenant: 7 }), "providers.desk.tenant must be text, not a number"],
    [
      "a reference where none may be",
      withAcme({ tenant: apiKey }),
      "providers.desk.tenant must be text, not a Secret or a reference to one",
    ],
    ["a wrong value", withAcme({ mode: "quick" }), "providers.desk.mode must be one of: fast, careful"],
    [
      "a misspelt key",
      withAcme({ baseURL: "x" }),
      'providers.desk.baseURL is not a known setting; did you mean "baseUrl"?',
    ],
    [
      "a key in capitals",
      { providers: { desk: { vendor: "acme-mdm", tenant: "t", APIKEY: "x" } } },
      'providers.desk.APIKEY is not a known setting; did you mean "apiKey"?',
    ],
    [
      "a misspelt key deeper down",
      withAcme({ profiles: { sales: { group: "g", seat: 1 } } }),
      'providers.desk.profiles.sales.seat is not a known setting; did you mean "seats"?',
    ],
    [
      "a misspelt key at the top",
      { provider: {}, ...withAcme({}) },
      'provider is not a known setting; did you mean "providers"?',
    ],
    [
      "a wrong URL",
      withAcme({ baseUrl: "ftp://x" }),
      "providers.desk.baseUrl must be a URL such as https://",
    ],
    [
      "a default that is no provider",
      { ...withAcme({}), defaultProvider: "dsk" },
      'defaultProvider "dsk" is not one of the providers; did you mean "desk"? (desk)',
    ],
    [
      "a route that leads nowhere",
      { ...withAcme({}), routes: [{ profile: "sales", provider: "elsewhere" }] },
      'routes[0].provider "elsewhere" is not one of the providers (desk)',
    ],
  ])("%s", (_, config, message) => {
    expect(refusal(config)).toContain(message);
  });

  it("are listed all at once, each once", () => {
    const message = refusal({
      providers: {
        desk: { vendor: "acme-mdm", apiKey: { $env: "NOT_SET" }, mod: "fast" },
        other: { vendor: "acme" },
      },
      defaultProvider: "none",
    });
    expect(message.split("\n")).toEqual([
      "the config has 5 problems:",
      "  providers.desk.tenant is missing",
      '  providers.desk.mod is not a known setting; did you mean "mode"?',
      '  providers.other.vendor "acme" is not a known vendor (known are: acme-mdm, router, fallback)',
      '  defaultProvider "none" is not one of the providers (desk, other)',
      "  providers.desk.apiKey needs the environment variable NOT_SET, which is not set",
    ]);
  });
});

describe("one problem hides no other", () => {
  const lines = (config: unknown) => refusal(config).split("\n").slice(1);

  it.each<[string, unknown, readonly string[]]>([
    [
      "at the top",
      {
        defaultProvidr: "desk",
        providers: { desk: { vendor: "acme-mdm", apiKey }, other: { vendor: "acme-mmd" } },
      },
      [
        '  defaultProvidr is not a known setting; did you mean "defaultProvider"?',
        "  providers.desk.tenant is missing",
        '  providers.other.vendor "acme-mmd" is not a known vendor; did you mean "acme-mdm"? (known are: acme-mdm, router, fallback)',
      ],
    ],
    [
      "in a provider that is none",
      {
        defaultProvider: "dsk",
        providers: { a: [], desk: { vendor: "acme-mdm", apiKey } },
        routes: [{ profile: "x", provider: "a" }, 7],
      },
      [
        "  routes[1] must be an object, not a number",
        "  providers.a must be an object, not a list",
        "  providers.desk.tenant is missing",
        '  defaultProvider "dsk" is not one of the providers; did you mean "desk"? (a, desk)',
      ],
    ],
    [
      "in a name",
      { providers: { "a b": { vendor: "acme-mdm", apiKey } } },
      [
        "  providers.a b is not a name: use letters, digits, dot, dash and underscore, at most 64",
        "  providers.a b.tenant is missing",
      ],
    ],
  ])("%s", (_, config, expected) => {
    expect(lines(config)).toEqual(expected);
  });

  it("a wrong name is repeated by no other problem: it may be anything", () => {
    const providers = { "ana@example.com": { vendor: "acme-mdm", tenant: "t", apiKey } };
    const config = { providers, defaultProvider: "ben@example.com" };
    expect(lines(config)).toHaveLength(2);
    expect(refusal(config)).not.toContain("@");
  });

  it("a reference that leads nowhere is one problem, wherever it stands", () => {
    expect(refusal({ providers: { desk: { vendor: { $env: "NOT_SET" } } } })).toBe(
      "the config: providers.desk.vendor needs the environment variable NOT_SET, which is not set",
    );
  });
});

describe("createService", () => {
  it("routes by profile, else to the default", async () => {
    const acme = { vendor: "acme-mdm", apiKey };
    const service = createService(
      read({
        defaultProvider: "desk",
        routes: [{ profile: "field", provider: "van" }],
        providers: { desk: { ...acme, tenant: "d" }, van: { ...acme, tenant: "v" } },
      }),
    );
    expect((await service.create({ profile: "field" })).id).toBe("v-1");
    expect((await service.create({})).id).toBe("d-1");
  });
});

describe("readConfigFile", () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const readFile = (path: string) => () => readConfigFile(path, [acmePlugin], { environment });

  it("reads JSON with comments, a byte-order mark and trailing commas; $file starts at its folder", () => {
    const path = file(
      "good.json",
      '\uFEFF// ours\n{ "providers": { "desk": { "vendor": "acme-mdm", "tenant": "t", "apiKey": { "$file": "key.txt" }, } } }',
    );
    expect(readFile(path)().providers[0]?.name).toBe("desk");
  });

  it.each([
    [
      "broken.json",
      '{\n  "providers": {\n    "desk": CANARY\n',
      /broken\.json: line 3, column 13: not valid JSON/,
    ],
    ["empty.json", "", /empty\.json: line 1, column 1: not valid JSON/],
    ["wrong.json", "[]", /wrong\.json: must be an object, not a list/],
  ])("%s is refused with its name and the place", (name, text, message) => {
    expect(readFile(file(name, text))).toThrow(message);
    expect(readFile(file(name, text))).not.toThrow("CANARY");
  });

  it("refuses a key that is written twice: the first would be lost without a word", () => {
    const text = '{\n  "providers": {\n    "desk": {},\n    "van": {},\n    "desk": {}\n  }\n}';
    expect(readFile(file("twice.json", text))).toThrow(
      /twice\.json: line 5, column 5: providers\.desk is written twice/,
    );
  });

  it("says that a file is not UTF-8", () => {
    const path = join(folder, "utf16.json");
    writeFileSync(path, "\uFEFF{}", "utf16le");
    expect(readFile(path)).toThrow("utf16.json: it is not UTF-8 text");
  });

  it("says that there is no such file", () => {
    expect(readFile(join(folder, "nowhere.json"))).toThrow("there is no such file");
  });
});
