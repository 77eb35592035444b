import { Buffer } from "node:buffer";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decoded, encodingsFor, failureWith } from "./content-encoding.js";

const body = Buffer.from("a body, a body, a body, a body");

describe("decoded", () => {
  it.each<[string | undefined, Buffer]>([
    [undefined, body],
    ["identity", body],
    ["gzip", gzipSync(body)],
    [" GZIP ", gzipSync(body)],
    ["x-gzip", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["br", brotliCompressSync(body)],
  ])("undoes %s", async (encoding, sent) => {
    expect(await decoded(sent, encoding, 1000)).toEqual(body);
  });

  it("leaves nothing as it is", async () => {
    expect(await decoded(Buffer.alloc(0), "zstd", 1000)).toHaveLength(0);
  });

  it("refuses what it does not know", async () => {
    await expect(decoded(body, "zstd", 1000)).rejects.toMatchObject({
      code: "EBODYUNREADABLE",
      message: "the content encoding is not known",
    });
  });

  it.each([
    ["gzip", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["br", brotliCompressSync(body)],
  ])("stops unpacking %s at the limit", async (encoding, sent) => {
    expect(await decoded(sent, encoding, body.length)).toEqual(body);
    await expect(decoded(sent, encoding, body.length - 1)).rejects.toMatchObject({
      code: "ERR_BUFFER_TOO_LARGE",
    });
  });
});

it.each([
  ["GET", "gzip"],
  ["POST", "identity"],
  ["DELETE", "identity"],
])("for %s it asks for %s", (method, encoding) => {
  expect(encodingsFor(method)).toBe(encoding);
});

it("a failure has a code, as Node's own have it", () => {
  expect(failureWith("ECODE", "words")).toMatchObject({ name: "Error", code: "ECODE", message: "words" });
});
