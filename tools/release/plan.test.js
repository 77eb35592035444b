import { describe, expect, it } from "vitest";
import { inOrder, publishedManifest, releaseProblems, tagOf } from "./plan.js";

const packageOf = (name, needs = {}, version = "1.0.0") => ({ manifest: { name, version, ...needs } });
const github = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://ci.example/token",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "ci-token",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "acme/enrollkit",
};
const gitlab = {
  GITLAB_CI: "true",
  SIGSTORE_ID_TOKEN: "ci-token",
  CI_PROJECT_URL: "https://gitlab.com/acme/enrollkit",
};
const ready = { packages: [packageOf("core")], changes: [], changesets: [], environment: github };

describe("a release", () => {
  it.each([
    ["GitHub", github],
    ["GitLab", gitlab],
  ])("can be made on %s", (_, environment) => {
    expect(releaseProblems({ ...ready, environment })).toEqual([]);
  });

  it.each([
    [
      "at home",
      { environment: { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "a/b" } },
      /^nothing here can sign: publish from a CI job/,
    ],
    [
      "where a job may not ask for an id token",
      { environment: { ...github, ACTIONS_ID_TOKEN_REQUEST_URL: undefined } },
      /^nothing here can sign/,
    ],
    [
      "where nobody knows whose code it is",
      { environment: { ...github, GITHUB_REPOSITORY: undefined } },
      /^the environment does not say which repository/,
    ],
    [
      "of what is not committed",
      { changes: ["README.md", "a.js"] },
      /^2 files are not committed: README\.md, a\.js$/,
    ],
    [
      "before its version",
      { changesets: ["first-release"] },
      /^changesets wait for a version: first-release/,
    ],
    ["without a version", { packages: [packageOf("core", {}, "0.0.0")] }, /^core has no version yet/],
  ])("is refused %s", (_, change, problem) => {
    const problems = releaseProblems({ ...ready, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });
});

describe("the order", () => {
  const namesOf = (packages) => inOrder(packages).map(({ manifest }) => manifest.name);

  it("has what is needed first, and leaves the rest as it is", () => {
    const cli = packageOf("cli", { dependencies: { ledger: "1", chalk: "5" } });
    const ledger = packageOf("ledger", { peerDependencies: { core: "1" } });
    expect(namesOf([cli, ledger, packageOf("core"), packageOf("telemetry")])).toEqual([
      "core",
      "ledger",
      "cli",
      "telemetry",
    ]);
  });

  it("is none where packages need each other", () => {
    const one = packageOf("one", { dependencies: { two: "1" } });
    const two = packageOf("two", { dependencies: { one: "1" } });
    expect(() => inOrder([one, two])).toThrow("packages need each other: one → two → one");
  });
});

it.each([
  ["1.2.3", "latest"],
  ["1.0.0-next.0", "next"],
  ["2.0.0-beta.11", "beta"],
])("%s is published as %s", (version, tag) => {
  expect(tagOf(version)).toBe(tag);
});

it.each([
  [github, "git+https://github.com/acme/enrollkit.git"],
  [gitlab, "git+https://gitlab.com/acme/enrollkit.git"],
])("the published manifest names the repository that the CI builds", (environment, url) => {
  expect(publishedManifest({ name: "core" }, "packages/core", environment)).toEqual({
    name: "core",
    repository: { type: "git", url, directory: "packages/core" },
    publishConfig: { access: "public" },
  });
});
