import { describe, expect, it } from "vitest";
import { closureOf, directOf, everythingOf, isForOnePlatform } from "./graph.js";

const lockfile = {
  importers: {
    "packages/core": { dependencies: { zod: { version: "4.6.7" } } },
    "packages/http": {
      dependencies: { axios: { version: "1.21.1" } },
      devDependencies: {
        "@enrollkit/core": { version: "link:../core" },
        "@opentelemetry/api": { version: "1.9.0" },
        nock: { version: "14.0.17" },
      },
    },
    "packages/adapters/acme": {
      dependencies: { "@enrollkit/http": { version: "link:../../http" } },
      optionalDependencies: { speed: { version: "real@2.0.0" } },
      devDependencies: { "@enrollkit/core": { version: "link:../../core" } },
    },
  },
  packages: {
    "zod@4.6.7": {},
    "axios@1.21.1": {},
    "pool@3.0.0": {},
    "pg@8.0.0": {},
    "real@2.0.0": { os: ["linux"] },
    "@opentelemetry/api@1.9.0": {},
  },
  snapshots: {
    "zod@4.6.7": {},
    "axios@1.21.1": { dependencies: { pool: "3.0.0(pg@8.0.0)" } },
    "pool@3.0.0(pg@8.0.0)": { dependencies: { pg: "8.0.0" } },
    // The two need each other.
    "pg@8.0.0": { optionalDependencies: { pool: "3.0.0(pg@8.0.0)" } },
    "real@2.0.0": {},
    "@opentelemetry/api@1.9.0": {},
  },
};
const published = (folder, manifest = {}) => ({ folder, manifest: { name: folder, ...manifest } });
const core = published("packages/core");
const http = published("packages/http", { peerDependencies: { "@enrollkit/core": "workspace:^" } });
const acme = published("packages/adapters/acme", { peerDependencies: { "@enrollkit/core": "workspace:^" } });
const namesOf = (others) => others.map(({ name, version }) => `${name}@${version}`);

describe("what a package pulls in itself", () => {
  it("is what an app gets: no development dependencies, but peers", () => {
    const { own, others } = directOf(lockfile, http);
    expect(own).toEqual(["packages/core"]);
    expect(namesOf(others)).toEqual(["axios@1.21.1"]);
  });

  it("is known by its real name, and has optional dependencies", () => {
    expect(namesOf(directOf(lockfile, acme).others)).toEqual(["real@2.0.0"]);
  });

  it.each([
    ["counts", {}, ["@opentelemetry/api@1.9.0", "axios@1.21.1"]],
    ["does not count", { "@opentelemetry/api": { optional: true } }, ["axios@1.21.1"]],
  ])("%s a peer of others if its meta is %j", (_, peerDependenciesMeta, expected) => {
    const manifest = { peerDependencies: { "@opentelemetry/api": "^1.9.0" }, peerDependenciesMeta };
    expect(namesOf(directOf(lockfile, published("packages/http", manifest)).others)).toEqual(expected);
  });

  it("cannot be told of what the lockfile lacks", () => {
    expect(() => directOf(lockfile, published("packages/new"))).toThrow(
      "the lockfile does not know packages/new",
    );
    const manifest = { peerDependencies: { luxon: "^3.0.0" } };
    expect(() => directOf(lockfile, published("packages/core", manifest))).toThrow("needs luxon as a peer");
  });
});

it("finds all that comes along once, also where packages need each other", () => {
  const [axios] = directOf(lockfile, http).others;
  expect(namesOf(closureOf(lockfile, [axios]))).toEqual(["axios@1.21.1", "pg@8.0.0", "pool@3.0.0"]);
});

it("follows our own packages to what they pull in", () => {
  const { own, others } = everythingOf(lockfile, acme, [core, http, acme]);
  expect(own).toEqual(["packages/core", "packages/http"]);
  expect(namesOf(others)).toEqual(["axios@1.21.1", "pg@8.0.0", "pool@3.0.0", "real@2.0.0", "zod@4.6.7"]);
});

it("refuses to publish what stands on something private", () => {
  expect(() => everythingOf(lockfile, http, [http])).toThrow("needs packages/core, which is not published");
});

it("knows what is for one platform", () => {
  const [real] = directOf(lockfile, acme).others;
  const [axios] = directOf(lockfile, http).others;
  expect([isForOnePlatform(lockfile, real), isForOnePlatform(lockfile, axios)]).toEqual([true, false]);
});
