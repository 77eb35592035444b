// The command and a real npm, against a registry of this test's own: nothing leaves the machine.
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";

let server;
let asked;
let answer;
beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    const isAudit = request.url === "/-/npm/v1/security/advisories/bulk";
    if (isAudit) asked.push(JSON.parse(await text(request.pipe(createGunzip()))));
    const { status, body } = isAudit ? answer : { status: 404, body: {} };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const audit = (...words) => {
  const command = fileURLToPath(new URL("audit.js", import.meta.url));
  const registry = `http://127.0.0.1:${server.address().port}/`;
  const env = {
    ...process.env,
    npm_config_registry: registry,
    npm_config_fetch_retries: "0",
    npm_config_loglevel: "silent",
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...words], { env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
};

it("asks for the locked version of everything that a published package pulls in, and passes if nothing is known", async () => {
  answer = { status: 200, body: {} };
  const { code, stdout, stderr } = await audit("--required");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^no known hole in \d+ packages\n$/);
  expect(asked).toHaveLength(1);
  const [versions] = asked;
  for (const name of ["axios", "zod", "luxon", "inversify", "follow-redirects", "@opentelemetry/api"]) {
    expect(versions[name]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  }
  expect(versions).not.toHaveProperty("vitest");
  expect(Object.keys(versions).filter((name) => name.startsWith("@enrollkit/"))).toEqual([]);
});

it("fails if a locked version has a hole", async () => {
  const holeIn = (range) => ({
    id: 1,
    url: "https://example.com/1",
    title: "It follows anyone",
    severity: "moderate",
    vulnerable_versions: range,
    cwe: [],
    cvss: { score: 0, vectorString: null },
  });
  answer = { status: 200, body: { axios: [holeIn(">=1")], zod: [holeIn("<1")] } };
  const { code, stdout, stderr } = await audit();
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toBe("moderate: axios >=1: It follows anyone https://example.com/1\n");
});

it.each([
  ["is no failure", [], 0],
  ["is one where an audit is required", ["--required"], 2],
])("a registry without an audit %s", async (_, words, expected) => {
  answer = { status: 405, body: {} };
  const { code, stdout, stderr } = await audit(...words);
  expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
  expect(stderr).toMatch(/^AUDIT SKIPPED, nothing was checked: 405 .*the registry/);
});
