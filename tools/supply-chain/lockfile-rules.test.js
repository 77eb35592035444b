import { describe, expect, it } from "vitest";
import { lockfileProblems, scriptProblems } from "./lockfile-rules.js";

const integrity = `sha512-${"A".repeat(86)}==`;
const entry = (fields = {}) => ({ resolution: { integrity }, ...fields });
const problemsOf = ({ packages = {}, snapshots = {}, catalog = {} }) =>
  lockfileProblems({ packages, snapshots }, catalog);

describe("the catalog", () => {
  it.each(["1.2.3", "0.0.1", "5.0.0-rc.1"])("may have %s", (version) => {
    expect(problemsOf({ catalog: { zod: version } })).toEqual([]);
  });

  it.each(["^1.2.3", "~1.2.3", "1.2", "latest", "*", ">=1.2.3", "1.x", "1.2.3 || 2.0.0", "npm:other@1.2.3"])(
    "may not have %s",
    (version) => {
      expect(problemsOf({ catalog: { zod: version } })).toEqual([
        `the catalog has zod at "${version}"; allowed is one version, such as 1.2.3`,
      ]);
    },
  );
});

describe("an entry", () => {
  it("comes from the registry, with its checksum", () => {
    expect(problemsOf({ packages: { "zod@4.6.7": entry(), "@a/b@1.0.0": entry() } })).toEqual([]);
  });

  it.each([
    ["no checksum", "zod@4.6.7", { resolution: {} }, "zod@4.6.7 has no sha512 integrity in the lockfile"],
    [
      "a weak checksum",
      "zod@4.6.7",
      { resolution: { integrity: "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" } },
      "zod@4.6.7 has no sha512 integrity in the lockfile",
    ],
    [
      "the address of an archive",
      "zod@4.6.7",
      { resolution: { integrity, tarball: "https://example.com/zod.tgz" } },
      "zod@4.6.7 is resolved by its tarball; allowed is the registry alone",
    ],
    [
      "a commit",
      "zod@4.6.7",
      { resolution: { integrity, repo: "https://example.com/zod.git", commit: "abc" } },
      "zod@4.6.7 is resolved by its repo and commit; allowed is the registry alone",
    ],
    [
      "a git address for a version",
      "zod@git+ssh://git@example.com/zod",
      entry(),
      "zod@git+ssh://git@example.com/zod comes from outside of the registry",
    ],
    [
      "an archive for a version",
      "zod@https://example.com/zod.tgz",
      entry(),
      "zod@https://example.com/zod.tgz comes from outside of the registry",
    ],
    [
      "a path for a version",
      "zod@file:../zod",
      entry(),
      "zod@file:../zod comes from outside of the registry",
    ],
  ])("may not have %s", (_, key, value, problem) => {
    expect(problemsOf({ packages: { [key]: value } })).toContain(problem);
  });
});

describe("parts for platforms", () => {
  const part = (os, cpu) => entry({ os: [os], cpu: [cpu] });
  const lockfileOf = (parts) => ({
    packages: {
      "tool@1.0.0": entry(),
      ...Object.fromEntries(Object.entries(parts).map(([name, value]) => [`${name}@1.0.0`, value])),
    },
    snapshots: {
      "tool@1.0.0": {
        optionalDependencies: Object.fromEntries(Object.keys(parts).map((name) => [name, "1.0.0"])),
      },
    },
  });
  const linux = part("linux", "x64");
  const mac = part("darwin", "arm64");
  const windows = part("win32", "x64");

  it("are all there", () => {
    expect(problemsOf(lockfileOf({ linux, mac, windows }))).toEqual([]);
  });

  it("are named if they are not", () => {
    expect(problemsOf(lockfileOf({ linux, mac: part("darwin", "x64") }))).toEqual([
      "the lockfile lacks the part of tool@1.0.0 for darwin arm64",
      "the lockfile lacks the part of tool@1.0.0 for win32 x64",
    ]);
  });

  it.each([
    ["what is for one system alone", { mac }],
    ["what is optional on all", { other: entry() }],
  ])("are not asked of %s", (_, parts) => {
    expect(problemsOf(lockfileOf(parts))).toEqual([]);
  });
});

describe("scripts on installation", () => {
  const scripts = new Map([["@a/tool@1.0.0", ["postinstall"]]]);

  it("are no problem where there are none", () => {
    expect(scriptProblems(new Map(), {}, new Set(["zod@4.6.7"]))).toEqual([]);
  });

  it.each([[true], [false]])("are known if allowBuilds says %s", (allowed) => {
    expect(scriptProblems(scripts, { "@a/tool": allowed }, new Set())).toEqual([]);
  });

  it("are a problem if nobody decided", () => {
    expect(scriptProblems(scripts, { tool: false }, new Set())).toEqual([
      "@a/tool@1.0.0 runs postinstall on installation, and allowBuilds of pnpm-workspace.yaml does not say whether it may",
    ]);
  });

  it("are never allowed in what is published", () => {
    expect(scriptProblems(scripts, { "@a/tool": true }, new Set(["@a/tool@1.0.0"]))).toEqual([
      "@a/tool@1.0.0 runs postinstall on installation, and comes with a package that is published",
    ]);
  });
});
