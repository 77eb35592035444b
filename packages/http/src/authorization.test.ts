import { EnrollmentError, Secret } from "@enrollkit/core";
import { describe, expect, test } from "vitest";
import { call, createTestClient, failureOf } from "../test/support/client.js";
import { empty, json, startVendor } from "../test/support/vendor-server.js";
import type { TokenSource } from "./contract.js";
import { staticToken, suppliedToken } from "./index.js";

const good = json(200, { name: "pixel" });

/** Gives "t1", "t2" … and moves on when a token is refused. */
const numberedTokens = (): TokenSource & { readonly refused: string[] } => {
  const refused: string[] = [];
  let number = 1;
  return {
    refused,
    getToken: () => Promise.resolve(new Secret(`t${number}`)),
    invalidate: (token) => {
      refused.push(token.reveal());
      number += 1;
      return true;
    },
  };
};

const sentTokens = (vendor: Awaited<ReturnType<typeof startVendor>>) =>
  vendor.requests.map(({ headers }) => headers.authorization);

describe("a refused token", () => {
  test.each(["repeatable", "once"] as const)("is replaced once (%s)", async (effect) => {
    const vendor = await startVendor(empty(401), good);
    const authorization = numberedTokens();
    const { client, calls } = createTestClient({ authorization });
    expect((await client.send(call(effect, vendor.url))).body).toEqual({ name: "pixel" });
    expect(sentTokens(vendor)).toEqual(["Bearer t1", "Bearer t2"]);
    expect(authorization.refused).toEqual(["t1"]);
    expect(calls.map(({ status, attempt }) => [status, attempt])).toEqual([
      [401, 1],
      [200, 2],
    ]);
  });

  test("twice is an error", async () => {
    const vendor = await startVendor(empty(401));
    const { client } = createTestClient({ authorization: numberedTokens() });
    expect(await failureOf(client.send(call("once", vendor.url)))).toMatchObject({ code: "unauthenticated" });
    expect(vendor.requests).toHaveLength(2);
  });

  test("that is the only one there is, is an error at once", async () => {
    const vendor = await startVendor(empty(401));
    const { client } = createTestClient({ authorization: staticToken(new Secret("only")) });
    expect(await failureOf(client.send(call("once", vendor.url)))).toMatchObject({ code: "unauthenticated" });
    expect(sentTokens(vendor)).toEqual(["Bearer only"]);
  });

  test("that the supplier gives again, is not sent again", async () => {
    const vendor = await startVendor(empty(401));
    const { client } = createTestClient({ authorization: suppliedToken(() => Promise.resolve("same")) });
    await failureOf(client.send(call("once", vendor.url)));
    expect(vendor.requests).toHaveLength(1);
  });

  test("may have a line end behind it", async () => {
    const vendor = await startVendor(good);
    const { client } = createTestClient({ authorization: staticToken(new Secret("only\r\n")) });
    await client.send(call("once", vendor.url));
    expect(sentTokens(vendor)).toEqual(["Bearer only"]);
  });

  test("is named nowhere, not even in a request id, though the vendor repeats it", async () => {
    const vendor = await startVendor(
      json(400, { code: "V", message: "the header says opaque-token-1" }, { "request-id": "opaque-token-1" }),
    );
    const { client } = createTestClient({ authorization: staticToken(new Secret("opaque-token-1")) });
    expect(await failureOf(client.send(call("once", vendor.url)))).toMatchObject({
      vendorMessage: "the header says [redacted]",
      requestId: "[redacted]",
    });
  });
});

describe("a token that does not come", () => {
  const deaf = () => new Promise<never>(() => undefined);

  test("does not outlast the deadline of the call", async () => {
    const vendor = await startVendor(good);
    const { client } = createTestClient({ authorization: suppliedToken(deaf), deadline: 20 });
    expect(await failureOf(client.send(call("once", vendor.url)))).toMatchObject({
      code: "unavailable",
      provider: "phones",
      message: expect.stringContaining("ran out while it waited for an access token") as string,
    });
    expect(vendor.requests).toHaveLength(0);
  });

  test("is no use when it comes after the deadline, and nothing is sent", async () => {
    const vendor = await startVendor(good);
    const slow = suppliedToken(() => {
      clock.advance(60_000);
      return Promise.resolve("t");
    });
    const { client, clock } = createTestClient({ authorization: slow, deadline: 60_000 });
    expect(await failureOf(client.send(call("once", vendor.url)))).toMatchObject({ code: "unavailable" });
    expect(vendor.requests).toHaveLength(0);
  });

  test("does not hold up an abort", async () => {
    const abort = new AbortController();
    const supplier = () => {
      setImmediate(() => {
        abort.abort("stop");
      });
      return deaf();
    };
    const { client } = createTestClient({ authorization: suppliedToken(supplier) });
    await expect(client.send(call("once", "https://api.example.com"), abort)).rejects.toBe("stop");
  });

  test("is an error of the provider that wanted it", async () => {
    const { client } = createTestClient({
      authorization: suppliedToken(() => Promise.reject(new Error("no"))),
    });
    expect(await failureOf(client.send(call("once", "https://api.example.com")))).toMatchObject({
      code: "unauthenticated",
      provider: "phones",
    });
  });
});

describe("suppliedToken", () => {
  test("takes text and secrets, and hands on the signal", async () => {
    const seen: unknown[] = [];
    const { signal } = new AbortController();
    const source = suppliedToken((options) => {
      seen.push(options?.signal);
      return Promise.resolve(seen.length === 1 ? "text" : new Secret("secret"));
    });
    expect((await source.getToken({ signal })).reveal()).toBe("text");
    expect((await source.getToken()).reveal()).toBe("secret");
    expect(seen).toEqual([signal, undefined]);
  });

  test("keeps only the redacted words of a failure", async () => {
    const failure = Object.assign(new TypeError("no token for robot@example.com"), { config: { key: "k" } });
    const error = await failureOf(suppliedToken(() => Promise.reject(failure)).getToken());
    expect(error).toMatchObject({
      code: "unauthenticated",
      message: "the supplier of access tokens failed: no token for [redacted]",
    });
    expect(error.cause).not.toHaveProperty("config");
    expect(error.cause).toMatchObject({ name: "TypeError" });
  });

  test("lets an EnrollmentError and an abort through", async () => {
    const own = new EnrollmentError("no way", { code: "forbidden" });
    expect(await failureOf(suppliedToken(() => Promise.reject(own)).getToken())).toBe(own);
    const abort = new AbortController();
    const getting = suppliedToken(() => {
      abort.abort("stop");
      return Promise.reject(new Error("interrupted"));
    }).getToken(abort);
    await expect(getting).rejects.toBe("stop");
    await expect(suppliedToken(() => Promise.resolve("t")).getToken(abort)).rejects.toBe("stop");
  });
});
