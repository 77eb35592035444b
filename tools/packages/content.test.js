import { describe, expect, it } from "vitest";
import { contentProblems } from "./content.js";

const manifest = {
  description: "The contract",
  license: "MIT",
  engines: { node: ">=20.19" },
  type: "module",
  files: ["dist"],
  sideEffects: false,
  exports: {
    ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./package.json": "./package.json",
  },
  dependencies: { zod: "4.6.7" },
};
const content = {
  "package.json": "{}",
  "README.md": "# Core",
  LICENSE: "MIT",
  "dist/index.js": "export {};\n//# sourceMappingURL=index.js.map",
  "dist/index.js.map": JSON.stringify({ sources: ["../src/index.ts"], sourcesContent: ["export {};"] }),
  "dist/index.d.ts": "export {};",
};
const problemsOf = (files = {}, fields = {}) => {
  const all = Object.fromEntries(
    Object.entries({ ...content, ...files }).filter(([, text]) => text !== undefined),
  );
  return contentProblems({ ...manifest, ...fields }, Object.keys(all), (file) => all[file]);
};

it("is right if there is what must be and nothing else", () => {
  expect(problemsOf()).toEqual([]);
});

describe("files", () => {
  it.each([
    ["src/index.ts", "src/index.ts is a source"],
    ["dist/index.test.js", "dist/index.test.js is for tests"],
    ["dist/index.test.d.ts", "dist/index.test.d.ts is for tests"],
    ["test/x.js", "test/x.js is for tests"],
    ["fixtures/token.json", "fixtures/token.json is for tests"],
    ["dist/.tsbuildinfo", "dist/.tsbuildinfo is the compiler's own"],
    ["dist/index.d.ts.map", "dist/index.d.ts.map is of an earlier build: delete dist and build anew"],
  ])("may not have %s", (file, problem) => {
    expect(problemsOf({ [file]: '{"sources":[]}' })).toContain(problem);
  });

  it("may have a page for readers that its manifest exports, and no other", () => {
    const exports = { ".": "./dist/index.js", "./errors.md": "./errors.md" };
    const page = { "errors.md": "# Errors" };
    expect(problemsOf(page, { exports })).toEqual([]);
    expect(problemsOf(page)[0]).toMatch(/^errors\.md is none of what a package brings/);
  });

  it("may not have what nobody thought of", () => {
    expect(problemsOf({ ".env": "" })[0]).toMatch(/^\.env is none of what a package brings/);
  });

  it.each(["README.md", "LICENSE", "package.json"])("must have %s", (file) => {
    expect(problemsOf({ [file]: undefined })).toContain(`${file} is missing`);
  });

  it("have types beside them", () => {
    expect(problemsOf({ "dist/more.js": "" })).toEqual(["dist/more.js has no types beside it"]);
  });
});

describe("the manifest", () => {
  it.each(["description", "license", "engines", "type", "files", "exports", "sideEffects"])(
    "must have %s",
    (field) => {
      expect(problemsOf({}, { [field]: undefined })).toEqual([`package.json has no ${field}`]);
    },
  );

  it("points to what is there", () => {
    expect(problemsOf({}, { bin: { enrollkit: "./bin/enrollkit.js" } })).toEqual([
      "package.json points to bin/enrollkit.js, which is not there",
    ]);
    expect(problemsOf({}, { exports: { "./mail": { default: "./dist/mail.js" } } })).toEqual([
      "package.json points to dist/mail.js, which is not there",
    ]);
    const pattern = { exports: { "./*": { default: "./dist/*/index.js" } } };
    expect(problemsOf({}, pattern)).toEqual(["package.json points to dist/*/index.js, which is not there"]);
    expect(problemsOf({ "dist/mail/index.js": "", "dist/mail/index.d.ts": "" }, pattern)).toEqual([]);
  });

  it.each([
    ["dependencies", "workspace:^"],
    ["peerDependencies", "catalog:"],
    ["devDependencies", "link:../core"],
    ["optionalDependencies", "file:../core"],
  ])("has no range in %s that only this project knows: %s", (field, range) => {
    expect(problemsOf({}, { [field]: { "@enrollkit/core": range } })).toEqual([
      `${field} has @enrollkit/core at "${range}", which means nothing outside of this project`,
    ]);
  });
});

describe("maps", () => {
  it.each([
    ["without the source's text", { sources: ["../src/index.ts"] }],
    ["with a text that is null", { sources: ["../src/index.ts"], sourcesContent: [null] }],
  ])("lead to nowhere %s", (_, map) => {
    expect(problemsOf({ "dist/index.js.map": JSON.stringify(map) })).toEqual([
      "dist/index.js.map leads to ../src/index.ts, which is not there",
    ]);
  });

  it("may lead to a file that is there", () => {
    expect(problemsOf({ "dist/index.js.map": JSON.stringify({ sources: ["index.js"] }) })).toEqual([]);
  });

  it("are there if a file names one", () => {
    expect(problemsOf({ "dist/index.js.map": undefined })).toEqual([
      "dist/index.js names the map index.js.map, which is not there",
    ]);
    expect(problemsOf({ "dist/index.d.ts": "export {};\n//# sourceMappingURL=index.d.ts.map\n" })).toEqual([
      "dist/index.d.ts names the map index.d.ts.map, which is not there",
    ]);
  });
});
