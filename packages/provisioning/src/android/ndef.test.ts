import ndef from "@taptrack/ndef";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ndefMessage } from "./ndef.js";

const MEDIA = 2;
const type = "application/com.android.managedprovisioning";

describe("ndefMessage", () => {
  // Flags (begin, end, short, media type), length of the type, length of the payload.
  it.each([
    ["an empty payload", 0, "d2 2b 00"],
    ["a short one", 10, "d2 2b 0a"],
    ["the longest short one", 255, "d2 2b ff"],
    ["the shortest long one", 256, "c2 2b 00 00 01 00"],
    ["one of two bytes' length", 1000, "c2 2b 00 00 03 e8"],
    ["one of three bytes' length", 70_000, "c2 2b 00 01 11 70"],
  ])("begins %s as the format has it", (_, length, header) => {
    const payload = Buffer.alloc(length, "x");
    const message = ndefMessage(type, payload);
    const expected = Buffer.from(header.replaceAll(" ", ""), "hex");
    expect(message.equals(Buffer.concat([expected, Buffer.from(type), payload]))).toBe(true);
  });

  it("is read by another implementation", () => {
    // It cannot read an empty payload.
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000, size: "max" }), (payload) => {
        const records = ndef.Message.fromBytes(ndefMessage(type, payload)).getRecords();
        expect(records).toHaveLength(1);
        const [record] = records;
        expect(record?.getTnf()).toBe(MEDIA);
        expect(record?.isChunked()).toBe(false);
        expect(Buffer.from(record?.getId() ?? [0])).toHaveLength(0);
        expect(Buffer.from(record?.getType() ?? []).toString()).toBe(type);
        expect(Buffer.from(record?.getPayload() ?? []).equals(payload)).toBe(true);
      }),
    );
  });

  it.each([0, 1, 254, 256, 900, 70_000])("has the bytes that another implementation writes: %i", (length) => {
    const payload = Buffer.alloc(length, "x");
    const record = new ndef.Record(false, MEDIA, Buffer.from(type), null, payload);
    const written = new ndef.Message([record]).toByteArray();
    expect(ndefMessage(type, payload).equals(written)).toBe(true);
  });
});
