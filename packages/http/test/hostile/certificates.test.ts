import https from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { createEnrollments, type EnrollmentProvider } from "@enrollkit/core";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { routeTo } from "../../src/agents.js";
import { call, createTestClient, failureOf } from "../support/client.js";
import { listen } from "../support/vendor-server.js";
import { certificates, trusted, type Certified } from "./support/certificates.js";

/** The options that the client's connections are made with. */
const options = async () => {
  const { agent } = await routeTo(new URL("https://localhost"));
  return (agent as unknown as { readonly options: https.AgentOptions }).options;
};

beforeAll(async () => {
  // The one seam: to trust the tests' own authority beside those that Node knows.
  (await options()).ca = trusted.cert;
});
afterAll(async () => {
  delete (await options()).ca;
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A TLS server on localhost; it counts handshakes that were tried and requests that came through. */
const startSecure = async (certified: Certified) => {
  const seen = { connections: 0, requests: 0 };
  const server = https.createServer(certified, (_, response) => {
    seen.requests += 1;
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"name":"pixel"}');
  });
  server.on("connection", () => {
    seen.connections += 1;
  });
  // That the client turns away is what is wanted of it.
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { ...seen, seen, url: `https://localhost:${(server.address() as AddressInfo).port}` };
};

const bad: readonly [string, Certified, string, string][] = [
  ["expired", certificates.expired, "CERT_HAS_EXPIRED", "has expired"],
  ["not yet valid", certificates.notYetValid, "CERT_NOT_YET_VALID", "not yet valid"],
  ["of another host", certificates.wrongHost, "ERR_TLS_CERT_ALTNAME_INVALID", "for another host"],
  ["self-signed", certificates.selfSigned, "DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed"],
  [
    "of an unknown authority",
    certificates.unknownAuthority,
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "unknown authority",
  ],
];

describe("a certificate", () => {
  test("that is good is accepted", async () => {
    const vendor = await startSecure(certificates.good);
    const { client } = createTestClient();
    expect((await client.send(call("once", vendor.url))).body).toEqual({ name: "pixel" });
  });

  test.each(bad)("that is %s is fatal: one try, nothing sent", async (_, certified, code, words) => {
    const vendor = await startSecure(certified);
    const { client, calls } = createTestClient();
    for (const effect of ["repeatable", "once"] as const) {
      const error = await failureOf(client.send(call(effect, vendor.url)));
      expect(error).toMatchObject({ code: "unavailable", retryable: false, cause: { code } });
      expect(error.message).toContain(words);
      expect(error.advice).toContain("NODE_EXTRA_CA_CERTS");
    }
    expect(calls).toHaveLength(2);
    expect(vendor.seen).toEqual({ connections: 2, requests: 0 });
  });

  test.each(bad)("that is %s stays so, though the environment would switch checks off", async (...row) => {
    const [, certified, code] = row;
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const vendor = await startSecure(certified);
    const { client } = createTestClient();
    const error = await failureOf(client.send(call("once", vendor.url)));
    expect(error).toMatchObject({ code: "unavailable", cause: { code } });
    expect(vendor.seen.requests).toBe(0);
  });

  test("stays wrong behind a proxy", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const vendor = await startSecure(certificates.selfSigned);
    const proxy = await listen((_, response) => response.writeHead(400).end());
    proxy.server.on("connect", (_, socket) => {
      const tunnel = connect(Number(new URL(vendor.url).port), "localhost", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(tunnel).pipe(socket);
      });
      for (const end of [tunnel, socket]) end.on("error", () => undefined);
      onTestFinished(() => void tunnel.destroy());
    });
    vi.stubEnv("https_proxy", proxy.url);
    vi.stubEnv("no_proxy", "");
    const { client } = createTestClient();
    // A name that is not looked for on this machine; the proxy leads it here all the same.
    const error = await failureOf(client.send(call("once", "https://api.vendor.example/v1")));
    expect(error).toMatchObject({ code: "unavailable", retryable: false });
    expect(error.message).toContain("self-signed");
    expect(vendor.seen.requests).toBe(0);
  });
});

describe("a bulk run against a wrong certificate", () => {
  test("tries each batch once, and every row says why", async () => {
    const vendor = await startSecure(certificates.expired);
    const { client } = createTestClient();
    const provider = {
      name: "phones",
      descriptor: {
        contractVersion: 1,
        vendor: "test",
        product: "Test",
        documentation: "https://example.com",
        hosts: [],
        platforms: ["android"],
        managementModes: [],
        ownerships: [],
        lifetime: { settable: false },
        uses: { allowed: ["one"], default: "one" },
        additionalDataLength: 0,
        artifacts: ["enrollment-link"],
        deliveries: ["return"],
        fields: {},
        uniqueFields: [],
        quotas: [],
        roles: [],
      },
      check: () => Promise.reject(new Error("not asked")),
      createEnrollment: () => client.send(call("once", vendor.url)),
    } as unknown as EnrollmentProvider;
    const outcomes = [];
    for await (const outcome of createEnrollments(
      provider,
      Array.from({ length: 20 }, () => ({})),
    )) {
      outcomes.push(outcome);
    }
    expect(outcomes).toHaveLength(20);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "failed", error: { code: "unavailable", retryable: false } });
    }
    expect(vendor.seen).toEqual({ connections: 20, requests: 0 });
  });
});
