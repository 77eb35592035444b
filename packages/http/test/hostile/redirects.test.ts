import { Secret } from "@enrollkit/core";
import { describe, expect, test } from "vitest";
import { staticToken } from "../../src/index.js";
import { call, createTestClient, failureOf } from "../support/client.js";
import { empty, json, startVendor } from "../support/vendor-server.js";
import { startHostile } from "./support/hostile-server.js";

const authorization = staticToken(new Secret("opaque-token-1"));
const statuses = [300, 301, 302, 303, 305, 307, 308] as const;

describe("a redirect", () => {
  const ways: readonly [string, (other: string, own: string) => string][] = [
    ["to another host", (other) => `${other}/stolen`],
    ["to the same host", (_, own) => `${own}/again`],
    ["to a path", () => "/again"],
    ["to a host without a scheme", (other) => other.replace("http:", "")],
    ["to a script", () => "javascript:alert(1)"],
    ["to a file", () => "file:///etc/passwd"],
    ["to nowhere", () => ""],
  ];
  const cases = statuses.flatMap((status) => ways.map(([way, to]) => [status, way, to] as const));

  test.each(cases)("%i %s is never followed, and credentials go nowhere", async (status, _, to) => {
    // A bare socket: it counts connections, not only requests.
    const other = await startHostile(() => undefined);
    const vendor = await startVendor((response) => {
      empty(status, { location: to(other.url, vendor.url) })(response, vendor.requests[0] as never);
    });
    const { client } = createTestClient({ authorization });
    for (const effect of ["repeatable", "once"] as const) {
      const error = await failureOf(client.send(call(effect, `${vendor.url}/v1`)));
      expect(error).toMatchObject({ code: "protocol", httpStatus: status, retryable: false });
    }
    expect(vendor.requests.map(({ path }) => path)).toEqual(["/v1", "/v1"]);
    expect(vendor.requests.every(({ headers }) => headers.authorization !== undefined)).toBe(true);
    expect(other.connections()).toBe(0);
  });

  test("does not carry a token into an error by its host name", async () => {
    const vendor = await startVendor(empty(302, { location: "https://opaque-token-1.evil.example/" }));
    const { client } = createTestClient({ authorization });
    const error = await failureOf(client.send(call("once", vendor.url)));
    expect(JSON.stringify(error)).not.toContain("opaque-token-1");
  });

  test("does not carry a token into an error by a long host name", async () => {
    const vendor = await startVendor(empty(302, { location: `https://${"a".repeat(9000)}.example/` }));
    const { client } = createTestClient({ authorization });
    const error = await failureOf(client.send(call("once", vendor.url)));
    expect(error.message.length).toBeLessThan(2000);
  });

  test("of a call for a token is not followed either", async () => {
    const other = await startHostile(() => undefined);
    const vendor = await startVendor(empty(307, { location: other.url }));
    const { client } = createTestClient();
    const login = client.send({
      ...call("repeatable", `${vendor.url}/token`),
      method: "POST",
      form: { password: new Secret("hunter22") },
    });
    expect(await failureOf(login)).toMatchObject({ code: "protocol" });
    expect(other.connections()).toBe(0);
  });
});

describe("a URL outside of the allowed origins", () => {
  test.each([
    ["another host", () => "http://evil.example/v1"],
    ["another port", (port: number) => `http://127.0.0.1:${port - 1}/v1`],
    ["another scheme", (port: number) => `https://127.0.0.1:${port}/v1`],
    ["another name of the same machine", (port: number) => `http://localhost:${port}/v1`],
    ["a host behind a user name", (port: number) => `http://127.0.0.1:${port}@evil.example/v1`],
    ["a host that begins like it", (port: number) => `http://127.0.0.1.evil.example:${port}/v1`],
  ])("%s: nothing is sent, not even asked for a token", async (_, to) => {
    const vendor = await startVendor(json(200, { name: "pixel" }));
    let asked = 0;
    const counting = {
      getToken: () => {
        asked += 1;
        return Promise.resolve(new Secret("t"));
      },
      invalidate: () => false,
    };
    const { client, calls } = createTestClient({ authorization: counting, origins: [`${vendor.url}/base`] });
    const url = to(vendor.port);
    const error = await failureOf(client.send(call("once", url)));
    expect(error).toMatchObject({ code: "invalid-request", provider: "phones", retryable: false });
    expect(error.message).toContain(new URL(url).origin);
    expect(error.message).toContain(vendor.url);
    expect([asked, calls.length, vendor.requests.length, vendor.connections()]).toEqual([0, 0, 0, 0]);
    expect((await client.send(call("once", `${vendor.url}/v1`))).body).toEqual({ name: "pixel" });
  });
});
