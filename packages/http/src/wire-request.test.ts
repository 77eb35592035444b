import { Secret } from "@enrollkit/core";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { HttpCall } from "./contract.js";
import { toWireRequest } from "./wire-request.js";

const prepare = (call: Partial<HttpCall>, headers?: Record<string, string>) =>
  toWireRequest(
    { method: "GET", url: "https://api.example.com/v1", answer: z.unknown(), effect: "repeatable", ...call },
    "phones",
    headers,
  );

describe("toWireRequest", () => {
  test.each<[string, HttpCall["query"], string]>([
    ["nothing", undefined, ""],
    ["only what is undefined", { page: undefined }, ""],
    [
      "text, numbers and booleans",
      { q: "a b&c=d/é", size: 50, all: false },
      "?q=a%20b%26c%3Dd%2F%C3%A9&size=50&all=false",
    ],
    ["arrays", { id: ["1", "2"], none: [] }, "?id=1&id=2"],
    ["empty text", { pageToken: "" }, "?pageToken="],
  ])("writes a query of %s", (_, query, expected) => {
    expect(prepare({ ...(query && { query }) }).url.href).toBe(`https://api.example.com/v1${expected}`);
  });

  test("leaves a double slash alone", () => {
    const { url, path } = prepare({ url: "https://api.example.com/mdm/locations//city/1" });
    expect({ url: url.href, path }).toEqual({
      url: "https://api.example.com/mdm/locations//city/1",
      path: "/mdm/locations//city/1",
    });
  });

  test("names a call without its query, and without an e-mail address in its path", () => {
    const { place } = prepare({
      url: "https://api.example.com:8443/users/anna@example.com",
      query: { key: "s" },
    });
    expect(place).toBe("GET api.example.com:8443/users/[redacted]");
  });

  test("encodes a form, secrets included", () => {
    const { body, headers, secrets } = prepare({
      method: "POST",
      form: { username: "a@b.example", password: new Secret("p&=+ é") },
    });
    expect(body?.toString()).toBe("username=a%40b.example&password=p%26%3D%2B+%C3%A9");
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(secrets.map((secret) => secret.reveal())).toEqual(["p&=+ é"]);
  });

  test("writes JSON as UTF-8", () => {
    const { body, headers } = prepare({ method: "POST", json: { name: "é" } });
    expect(body).toEqual(Buffer.from('{"name":"é"}', "utf8"));
    expect(headers["content-type"]).toBe("application/json");
  });

  test("reveals and notes the secrets in JSON", () => {
    const { body, secrets } = prepare({
      method: "POST",
      json: { name: "a", keys: [new Secret("k1")], at: new Date(0) },
    });
    expect(body?.toString()).toBe('{"name":"a","keys":["k1"],"at":"1970-01-01T00:00:00.000Z"}');
    expect(secrets.map((secret) => secret.reveal())).toEqual(["k1"]);
  });

  test.each(["tokens/..", "tokens/.", "tokens/%2E%2e/x", "..?a=b", "a\\..\\b"])(
    "refuses the path %j, which would lead elsewhere",
    (path) => {
      expect(() => prepare({ method: "DELETE", url: `https://api.example.com/v1/${path}` })).toThrow(
        expect.objectContaining({
          code: "invalid-request",
          provider: "phones",
          message: 'the URL of a call has "." or ".." in its path: no id can be that',
        }) as Error,
      );
    },
  );

  test("allows dots that are part of a name", () => {
    expect(prepare({ url: "https://api.example.com/v1/.well-known/a..b/..." }).path).toBe(
      "/v1/.well-known/a..b/...",
    );
  });

  test("shows words of a path, and nothing that is not written well or reads like a secret", () => {
    const shown = (path: string) => prepare({ url: `https://api.example.com/v1/${path}` }).path;
    for (let time = 0; time < 2; time += 1) {
      expect(shown("devices/a%20b")).toBe("/v1/devices/a%20b");
      expect(shown("devices/%zz")).toBe("/v1/devices/[redacted]");
      expect(shown("devices/q7Zk1m0tT3bVv4Yd2h9sWc8pLx")).toBe("/v1/devices/[redacted]");
    }
  });

  test("takes the call's headers over the client's, and both over its own", () => {
    const { headers } = prepare(
      { headers: { "X-One": "call" } },
      { "x-one": "client", Accept: "text/plain" },
    );
    expect(headers).toMatchObject({ "x-one": "call", accept: "text/plain" });
  });

  test.each(["", "/v1/devices", "api.example.com", "ftp://api.example.com"])("refuses the URL %j", (url) => {
    expect(() => prepare({ url })).toThrow(
      expect.objectContaining({
        code: "invalid-config",
        provider: "phones",
        message: "the URL of a call is not absolute; the base URL must start with https://",
      }) as Error,
    );
  });
});
