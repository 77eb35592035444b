import { inspect } from "node:util";
import { EnrollmentError, Secret } from "@enrollkit/core";
import type nock from "nock";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { call, createTestClient, deviceSchema, failureOf, toError } from "../test/support/client.js";
import { answering, status, url } from "../test/support/nocked-vendor.js";

const effects = ["repeatable", "once"] as const;

const raised = (code: string, syscall?: string) => (interceptor: nock.Interceptor) =>
  interceptor.replyWithError(Object.assign(new Error(`socket says ${code}`), { code, syscall }));

describe("what went wrong, and what it means", () => {
  type Expected = readonly [code: string, tries: number, retryable?: boolean];
  const table: readonly (readonly [
    string,
    (interceptor: nock.Interceptor) => nock.Scope,
    Expected,
    Expected,
  ])[] = [
    ["host unknown", raised("ENOTFOUND"), ["unavailable", 1, false], ["unavailable", 1, false]],
    [
      "certificate",
      raised("DEPTH_ZERO_SELF_SIGNED_CERT"),
      ["unavailable", 1, false],
      ["unavailable", 1, false],
    ],
    ["certificate expired", raised("CERT_HAS_EXPIRED"), ["unavailable", 1, false], ["unavailable", 1, false]],
    ["proxy refuses", raised("EPROXYREFUSED"), ["unavailable", 1, false], ["unavailable", 1, false]],
    ["connection refused", raised("ECONNREFUSED"), ["unavailable", 4, true], ["unavailable", 4, true]],
    ["DNS silent", raised("EAI_AGAIN"), ["unavailable", 4, true], ["unavailable", 4, true]],
    ["no route", raised("EHOSTUNREACH"), ["unavailable", 4, true], ["unavailable", 4, true]],
    [
      "route lost midway",
      raised("EHOSTUNREACH", "read"),
      ["unavailable", 4, true],
      ["outcome-unknown", 1, false],
    ],
    ["reset", raised("ECONNRESET"), ["unavailable", 4, true], ["outcome-unknown", 1, false]],
    ["broken pipe", raised("EPIPE"), ["unavailable", 4, true], ["outcome-unknown", 1, false]],
    ["time-out", raised("ETIMEDOUT"), ["timeout", 4, true], ["outcome-unknown", 1, false]],
    ["300", status(300), ["protocol", 1, false], ["protocol", 1, false]],
    ["301", status(301), ["protocol", 1, false], ["protocol", 1, false]],
    ["304", status(304), ["protocol", 1, false], ["protocol", 1, false]],
    ["400", status(400), ["invalid-request", 1, false], ["invalid-request", 1, false]],
    ["401 without authorization", status(401), ["unauthenticated", 1, false], ["unauthenticated", 1, false]],
    ["404", status(404), ["not-found", 1, false], ["not-found", 1, false]],
    ["407", status(407), ["unavailable", 1, false], ["unavailable", 1, false]],
    ["408", status(408), ["timeout", 4, true], ["outcome-unknown", 1, false]],
    ["418", status(418), ["unknown", 1, false], ["unknown", 1, false]],
    ["429", status(429), ["rate-limited", 4, true], ["rate-limited", 4, true]],
    ["500", status(500), ["unavailable", 4, true], ["outcome-unknown", 1, false]],
    ["501", status(501), ["unknown", 1, false], ["outcome-unknown", 1, false]],
    ["502", status(502), ["unavailable", 4, true], ["outcome-unknown", 1, false]],
    ["503", status(503), ["unavailable", 4, true], ["outcome-unknown", 1, false]],
    ["504", status(504), ["timeout", 4, true], ["outcome-unknown", 1, false]],
    [
      "not JSON",
      (interceptor) => interceptor.reply(200, "<html>"),
      ["protocol", 1, false],
      ["outcome-unknown", 1, false],
    ],
    [
      "no body",
      (interceptor) => interceptor.reply(200),
      ["protocol", 1, false],
      ["outcome-unknown", 1, false],
    ],
    [
      "wrong body",
      (interceptor) => interceptor.reply(200, { name: 7 }),
      ["protocol", 1, false],
      ["outcome-unknown", 1, false],
    ],
    [
      "too large a body",
      (interceptor) => interceptor.reply(200, { name: "x".repeat(5000) }),
      ["protocol", 1, false],
      ["outcome-unknown", 1, false],
    ],
  ];
  const cases = table.flatMap(([name, answer, repeatable, once]) => [
    { name, effect: "repeatable" as const, answer, expected: repeatable },
    { name, effect: "once" as const, answer, expected: once },
  ]);

  test.each(cases)("$name, $effect: $expected", async ({ effect, answer, expected }) => {
    const asked = answering(answer);
    const { client, calls } = createTestClient({ maxResponseBytes: 4096 });
    const error = await failureOf(client.send(call(effect, url)));
    expect(error).toBeInstanceOf(EnrollmentError);
    expect([error.code, asked(), error.retryable]).toEqual(expected);
    expect(error.provider).toBe("phones");
    expect(error.cause).toBeInstanceOf(Error);
    expect(calls.map(({ attempt }) => attempt)).toEqual(
      [...Array(expected[1]).keys()].map((index) => index + 1),
    );
  });

  test.each(effects)(
    "the vendor's own reason survives a lost outcome and spent tries: %s",
    async (effect) => {
      answering(status(503, { "request-id": "r-1", "retry-after": "2" }));
      const error = await failureOf(createTestClient().client.send(call(effect, url)));
      expect(error).toMatchObject({
        httpStatus: 503,
        vendorCode: "V7",
        vendorMessage: "not today",
        requestId: "r-1",
        retryAfter: "PT2S",
      });
      expect(error.message).toContain("not today");
    },
  );

  test.each([429, 500, 503])("an error table may say that trying %i again is no use", async (code) => {
    const asked = answering(status(code));
    const { client } = createTestClient({
      toError: (answer) => ({ ...toError(answer), code: "quota-exceeded", retryable: false }),
    });
    expect(await failureOf(client.send(call("repeatable", url)))).toMatchObject({ code: "quota-exceeded" });
    expect(asked()).toBe(1);
  });

  test.each([
    [400, "repeatable", "unknown"],
    [400, "once", "unknown"],
    [500, "repeatable", "unavailable"],
    [500, "once", "outcome-unknown"],
  ] as const)("an error table that throws hides nothing: %i, %s, %s", async (status_, effect, code) => {
    answering(status(status_));
    const { client } = createTestClient({
      toError: () => {
        throw new RangeError("secret");
      },
    });
    const error = await failureOf(client.send(call(effect, url)));
    expect(error).toMatchObject({ code, httpStatus: status_ });
    expect(error.message).toContain("the adapter's error table threw RangeError");
    expect(inspect(error)).not.toContain("secret");
  });

  test.each([
    ["repeatable", "protocol"],
    ["once", "outcome-unknown"],
  ] as const)("a schema that throws is a wrong body: %s, %s", async (effect, code) => {
    answering((interceptor) => interceptor.reply(200, { name: "secret" }));
    const answer = z.object({
      name: z.string().transform((name) => {
        throw new RangeError(name);
      }),
    });
    const error = await failureOf(createTestClient().client.send({ ...call(effect, url), answer }));
    const reason = effect === "once" ? error.cause : error;
    expect(error.code).toBe(code);
    expect(reason).toMatchObject({ code: "protocol", cause: { name: "RangeError" } });
    expect(inspect(error)).not.toContain("secret");
  });

  test("a page from a gateway reaches the error table as text", async () => {
    const seen: unknown[] = [];
    answering((interceptor) => interceptor.reply(403, `<html>${"x".repeat(5000)}`, { Server: "edge" }));
    const { client } = createTestClient({
      toError: (answer) => {
        seen.push(answer);
        return toError(answer);
      },
    });
    await failureOf(client.send(call("repeatable", url)));
    expect(seen).toEqual([
      { status: 403, headers: { server: "edge" }, body: undefined, text: `<html>${"x".repeat(2042)}` },
    ]);
  });

  test("a redirect is named by its host alone", async () => {
    answering(status(302, { location: "https://login.example.org/path?token=abcdefghijkl" }));
    const error = await failureOf(createTestClient().client.send(call("repeatable", url)));
    expect(error.message).toBe(
      "GET api.example.com/v1/devices answered 302, a redirect to login.example.org, which is not followed",
    );
  });

  test("a wrong body is described by its paths", async () => {
    answering((interceptor) => interceptor.reply(200, { name: 7, "anna@example.com": "secret-value" }));
    const error = await failureOf(createTestClient().client.send(call("repeatable", url)));
    expect(error.message).toBe(
      "GET api.example.com/v1/devices answered 200 with a body that its documentation does not allow: name is not string",
    );
  });
});

describe("a guard", () => {
  const leaving = (leaves: number) => {
    let asked = 0;
    return {
      beforeSend: () => {
        asked += 1;
        if (asked > leaves) throw new Error("the lease has ended");
      },
    };
  };

  test("holds back what nock would play", async () => {
    const asked = answering((interceptor) => interceptor.reply(200, { name: "pixel" }));
    const { client } = createTestClient({}, leaving(1));
    expect((await client.send(call("once", url))).body).toEqual({ name: "pixel" });
    await expect(client.send(call("once", url))).rejects.toThrow("the lease has ended");
    expect(asked()).toBe(1);
  });

  test.each([
    ["repeatable", "unavailable"],
    ["once", "outcome-unknown"],
  ] as const)("that let a call leave changes nothing about a lost answer: %s, %s", async (effect, code) => {
    const asked = answering(raised("ECONNRESET"));
    const { client } = createTestClient({}, leaving(4));
    expect(await failureOf(client.send(call(effect, url)))).toMatchObject({ code });
    expect(asked()).toBe(effect === "once" ? 1 : 4);
  });
});

describe("secrets", () => {
  const secret = "s3cr3t-value-of-the-vendor";
  const planted = new Secret(secret);
  const answers: readonly (readonly [string, (interceptor: nock.Interceptor) => nock.Scope])[] = [
    ["an echoing 400", (i) => i.reply(400, { code: secret, message: `bad ${secret} for anna@example.com` })],
    ["an echoing 500", (i) => i.reply(500, { code: "V", message: `bad ${encodeURIComponent(secret)}` })],
    ["a page", (i) => i.reply(403, `<html>${secret}</html>`)],
    ["a wrong body", (i) => i.reply(200, { name: { [secret]: "anna@example.com" } })],
    ["no JSON", (i) => i.reply(200, `{"name": ${secret}`)],
    ["a redirect", (i) => i.reply(307, "", { location: `https://x.example/${secret}` })],
    ["a reset", (i) => i.replyWithError(Object.assign(new Error("reset"), { code: "ECONNRESET" }))],
  ];

  test.each(answers.flatMap(([name, answer]) => effects.map((effect) => [name, effect, answer] as const)))(
    "none in the error for %s, %s",
    async (_, effect, answer) => {
      answering(answer);
      const { client, calls } = createTestClient({ headers: { "x-key": secret } });
      const form = { password: planted, name: "anna@example.com" };
      const error = await failureOf(client.send({ method: "POST", url, form, effect, answer: deviceSchema }));
      const shown = [
        inspect(error, { depth: 10, showHidden: true }),
        JSON.stringify(error),
        error.stack,
        JSON.stringify(calls),
      ];
      for (const text of shown) expect(text).not.toMatch(/s3cr3t|anna@example/);
    },
  );
});
