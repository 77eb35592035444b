import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { call, createTestClient } from "../support/client.js";
import { answer, endless, startHostile } from "./support/hostile-server.js";
import { survive } from "./support/survival.js";

const megabyte = 1024 * 1024;
const okHead = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
/** The default limit, above which nothing is kept. */
const cap = 16 * megabyte;

const chunk = (block: Buffer) =>
  Buffer.concat([Buffer.from(`${block.length.toString(16)}\r\n`), block, Buffer.from("\r\n")]);

describe("bombs", () => {
  const zeros = Buffer.alloc(64 * megabyte, " ");
  test.each([
    ["gzip", gzipSync(zeros)],
    ["deflate", deflateSync(zeros)],
    ["br", brotliCompressSync(zeros)],
  ])("%s: unpacking stops at the limit", async (encoding, body) => {
    expect(body.length).toBeLessThan(megabyte);
    const server = await startHostile((socket) =>
      socket.write(answer(body, ["content-type: application/json", `content-encoding: ${encoding}`])),
    );
    const { repeatable } = await survive(server.url);
    expect(repeatable.message).toContain("too large");
  });

  test("10 GiB in a gzip stream that never ends are not read to the end", async () => {
    // Each member of a gzip stream may follow another: this block unpacks to 64 MiB, as often as it comes.
    const attack = endless(
      `${okHead}content-encoding: gzip\r\ncontent-length: ${10 * 1024 * megabyte}\r\n\r\n`,
      gzipSync(zeros),
    );
    const server = await startHostile(attack);
    await survive(server.url);
    expect(server.received).toHaveLength(2);
  });

  test.each(["gzip, gzip", "gzip,deflate,br,gzip", "gzip, ".repeat(1000) + "gzip"])(
    "an encoding within an encoding is not unpacked: %#",
    async (encoding) => {
      const body = gzipSync(gzipSync(zeros));
      const server = await startHostile((socket) =>
        socket.write(answer(body, [`content-encoding: ${encoding}`])),
      );
      await survive(server.url);
    },
  );
});

describe("bodies without an end", () => {
  const block = Buffer.alloc(megabyte, " ");
  test.each([
    ["in chunks", `${okHead}transfer-encoding: chunked\r\n\r\n`, chunk(block)],
    ["with a length that nobody can send", `${okHead}content-length: 9007199254740991\r\n\r\n`, block],
    ["until the connection ends", `${okHead}\r\n`, block],
  ])("%s: reading stops at the limit", async (_, head, bytes) => {
    const server = await startHostile(endless(head, bytes));
    const { repeatable } = await survive(server.url, { memory: cap / megabyte + 64 });
    expect(repeatable.message).toContain("too large");
  });

  test("a chunk extension without an end", async () => {
    const attack = endless(`${okHead}transfer-encoding: chunked\r\n\r\n1;`, "a".repeat(64 * 1024));
    await survive((await startHostile(attack)).url);
  });

  test("trailers without an end", async () => {
    const attack = endless(`${okHead}transfer-encoding: chunked\r\n\r\n0\r\n`, `x: ${"a".repeat(4000)}\r\n`);
    await survive((await startHostile(attack)).url);
  });

  test.each([
    ["a length of two minds", `${okHead}content-length: 2\r\ncontent-length: 4\r\n\r\n{}{}`],
    [
      "a length beside chunks",
      `${okHead}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    ],
    ["a length below zero", `${okHead}content-length: -1\r\n\r\n{}`],
    ["a chunk of a length that is none", `${okHead}transfer-encoding: chunked\r\n\r\nxyz\r\n{}\r\n`],
  ])("%s", async (_, bytes) => {
    await survive((await startHostile((socket) => socket.write(bytes))).url);
  });
});

describe("JSON that means harm", () => {
  const deep = (levels: number) => `${'{"name":['.repeat(levels / 2)}${"]}".repeat(levels / 2)}`;
  test.each([
    ["nested 100,000 levels deep", deep(100_000), "levels deep"],
    ["16 MiB of opening brackets", "[".repeat(cap - 1), "levels deep"],
    [
      "nested in values that text hides",
      `{"name":"\\"","a":${"[".repeat(101)}${"]".repeat(101)}}`,
      "levels deep",
    ],
    ["of five million empty lists", `[${"[],".repeat(5_000_000)}[]]`, "1000000 values"],
    ["with __proto__", '{"name":"pixel","__proto__":{"polluted":true}}', "__proto__"],
    [
      "with __proto__ in disguise",
      String.raw`{"name":"pixel","a":[{"\u005f_proto__":{"polluted":1}}]}`,
      "__proto__",
    ],
    ["with a field twice", '{"name":"pixel","name":"other"}', "twice"],
    ["with a field twice in disguise", String.raw`{"name":"pixel","n\u0061me":"other"}`, "twice"],
    ["with a field twice, further in", '{"name":"pixel","a":[{"b":{"c":1,"c":1}}]}', "twice"],
    ["with a field twice that is not read", '{"name":"pixel","x":1,"x":1}', "twice"],
    ["with a number as large as the answer", `{"name":${"9".repeat(megabyte)}}`, "name is not string"],
    ["cut off", '{"name":"pixel"', "not JSON"],
    ["of quotes alone", '"'.repeat(megabyte + 1), "not JSON"],
    ["of backslashes within a text", `{"name":"${"\\".repeat(megabyte + 1)}`, "not JSON"],
  ])("%s", async (_, body, problem) => {
    const server = await startHostile((socket) =>
      socket.write(answer(body, ["content-type: application/json"])),
    );
    const { repeatable } = await survive(server.url, { memory: 160 });
    expect(repeatable.message).toContain(problem);
  });

  test.each([
    ['{"name":"pixel","constructor":{"prototype":{"polluted":true}},"toString":1}', "pixel"],
    ['{"name":"a:b,{[\\"]}:\\\\","a":{"name":":"}}', 'a:b,{["]}:\\'],
    [`{"name":"p","a":${"[".repeat(99)}${"]".repeat(99)}}`, "p"],
  ])("%j is only unusual", async (body, name) => {
    const server = await startHostile((socket) =>
      socket.write(answer(body, ["content-type: application/json"])),
    );
    const { client } = createTestClient();
    expect((await client.send(call("once", server.url))).body).toEqual({ name });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("what is not JSON, or not in UTF-8", () => {
  const body = '{"name":"Müller"}';
  test.each<[string, string | Buffer, string, string]>([
    [
      "a page",
      "<!doctype html><title>Sign in</title>",
      "text/html; charset=utf-8",
      "content type is text/html",
    ],
    ["JSON that calls itself a page", body, "text/html", "content type is text/html"],
    ["JSON that calls itself a picture", body, "image/png", "content type is image/png"],
    ["a type with a flood in it", body, `x/${"y".repeat(5000)}`, "content type is something unreadable"],
    ["UTF-16", Buffer.from(`\uFEFF${body}`, "utf16le"), "application/json", "not UTF-8"],
    ["UTF-16 without a mark", Buffer.from('{"name":"a"}', "utf16le"), "application/json", "not JSON"],
    [
      "declared UTF-16",
      Buffer.from(body, "utf16le"),
      "application/json; charset=UTF-16LE",
      "charset is utf-16le",
    ],
    ["Latin-1", Buffer.from(body, "latin1"), "application/json", "not UTF-8"],
    ["declared Latin-1", Buffer.from(body, "latin1"), 'application/json; charset="iso-8859-1"', "iso-8859-1"],
    ["half a character", Buffer.from(body).subarray(0, 11), "application/json", "not UTF-8"],
    ["an overlong slash", Buffer.from([0x22, 0xc0, 0xaf, 0x22]), "application/json", "not UTF-8"],
    ["half a surrogate pair", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), "application/json", "not UTF-8"],
  ])("%s", async (_, bytes, contentType, problem) => {
    const server = await startHostile((socket) =>
      socket.write(answer(bytes, [`content-type: ${contentType}`])),
    );
    const { repeatable } = await survive(server.url);
    expect(repeatable.message).toContain(problem);
  });

  test.each([
    "application/json",
    "application/json; charset=UTF-8",
    'application/vnd.eset+json;charset="utf8"',
    "text/plain; charset=us-ascii",
    "text/json",
    "",
  ])("%j is read", async (contentType) => {
    const server = await startHostile((socket) =>
      socket.write(answer(body, contentType === "" ? [] : [`content-type: ${contentType}`])),
    );
    const { client } = createTestClient();
    expect((await client.send(call("once", server.url))).body).toEqual({ name: "Müller" });
  });

  test("a refusal counts, whatever its words are written in", async () => {
    const words = Buffer.from("<p>zurückgewiesen</p>", "latin1");
    const server = await startHostile((socket) =>
      socket.write(answer(words, ["content-type: text/html"], "404 Not Found")),
    );
    const { client } = createTestClient();
    await expect(client.send(call("once", server.url))).rejects.toMatchObject({ code: "not-found" });
  });
});
