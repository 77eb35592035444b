// A real npm publishes to a registry of this test's own: nothing leaves the machine.
import { createServer } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findPublishedPackages } from "../supply-chain/packages.js";
import { publishPackage } from "./publish-package.js";

const published = findPublishedPackages().find(({ manifest }) => manifest.name === "@enrollkit/telemetry");
const { name, version } = published.manifest;
const token = "npm_canary-that-nobody-may-see";

let folder;
let server;
let uploads;
let answer;
let environment;
const serve = async (request, response) => {
  const send = (status, body) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.method === "PUT") {
    const body = await json(request);
    if (answer !== undefined) return send(answer, { error: "refused by the registry" });
    uploads.push({ ...body, authorization: request.headers.authorization });
    return send(201, { ok: true });
  }
  const [upload] = uploads;
  return upload === undefined ? send(404, { error: "Not found" }) : send(200, upload);
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "enrollkit-publish-"));
  uploads = [];
  answer = undefined;
  server = createServer((request, response) => void serve(request, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const registry = `127.0.0.1:${server.address().port}/`;
  await writeFile(join(folder, "npmrc"), `registry=http://${registry}\n//${registry}:_authToken=${token}\n`);
  environment = {
    ...process.env,
    NPM_CONFIG_USERCONFIG: join(folder, "npmrc"),
    npm_config_registry: `http://${registry}`,
    npm_config_cache: join(folder, "cache"),
    npm_config_fetch_retries: "0",
    GITHUB_ACTIONS: undefined,
    GITLAB_CI: undefined,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "acme/enrollkit",
  };
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const publish = (options) =>
  publishPackage(published, folder, { isDryRun: false, isSigned: false, environment, ...options });

it("uploads the archive, and a second time leaves it at that", async () => {
  expect(await publish()).toBe("published");
  const [upload] = uploads;
  expect(upload.authorization).toBe(`Bearer ${token}`);
  expect(upload["dist-tags"]).toEqual({ latest: version });
  expect(upload.access).toBe("public");
  const manifest = upload.versions[version];
  expect(manifest.repository).toEqual({
    type: "git",
    url: "git+https://github.com/acme/enrollkit.git",
    directory: "packages/telemetry",
  });
  expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:/);
  expect(Object.keys(upload._attachments)).toEqual([`${name}-${version}.tgz`]);

  expect(await publish()).toBe("is out already");
  expect(uploads).toHaveLength(1);
});

it("sends nothing in a dry run", async () => {
  expect(await publish({ isDryRun: true })).toBe("would be published");
  expect(uploads).toEqual([]);
});

it.each(["silent", "verbose"])(
  "says why the registry refuses (%s), and keeps the credentials to itself",
  async (level) => {
    answer = 403;
    environment["npm_config_loglevel"] = level;
    const error = await publish().catch((thrown) => thrown);
    expect(error.message).toContain("refused by the registry");
    expect(`${error.message}${error.stdout}${error.stderr}`).not.toContain(token);
  },
);

it("cannot be signed where no CI vouches for it", async () => {
  await expect(publish({ isSigned: true })).rejects.toThrow(/provenance/i);
  expect(uploads).toEqual([]);
});
