import { EnrollmentError } from "@enrollkit/core";
import { loadFixture } from "@enrollkit/testing";
import { describe, expect, it } from "vitest";
import { parseEnrollmentNotification } from "./notifications.js";

const device = loadFixture(new URL("../fixtures/device.json", import.meta.url))["body"];
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64");

const message = (data: unknown, notificationType = "ENROLLMENT") => ({
  messageId: "1184",
  publishTime: "2026-09-20T10:20:00Z",
  attributes: { notificationType },
  data,
});

const expected = {
  kind: "enrollment",
  enrollmentId: "enterprises/LC02dhxx1r/enrollmentTokens/q7Zk1m0tT3bVv4Yd2h9sWc8pLxR5nEoUa6iGfJkBz0M",
  additionalData: '{"site":"BER-3"}',
  device: {
    id: "enterprises/LC02dhxx1r/devices/3dc9d72fbd517bbc",
    description: "google Pixel 8",
    serialNumber: "39011FDJH000AB",
  },
  deviceState: "PROVISIONING",
  enrolledAt: "2026-09-20T10:20:00.123456789Z",
  policyName: "enterprises/LC02dhxx1r/policies/warehouse",
  managementMode: "DEVICE_OWNER",
  ownership: "COMPANY_OWNED",
  previousDeviceIds: ["enterprises/LC02dhxx1r/devices/1aa0d72fbd517b00"],
  messageId: "1184",
};

describe("parseEnrollmentNotification", () => {
  it.each([
    ["a push delivery", { message: message(encode(device)), subscription: "projects/p/subscriptions/s" }],
    ["a message with base64", message(encode(device))],
    ["base64 for URLs", message(Buffer.from(JSON.stringify(device)).toString("base64url"))],
    ["a message with bytes, as a client gives it", message(Buffer.from(JSON.stringify(device)))],
  ])("reads %s", (_name, input) => {
    expect(parseEnrollmentNotification(input)).toEqual(expected);
  });

  it("says that the device of a late message has left again", () => {
    const read = parseEnrollmentNotification(message(encode({ ...(device as object), state: "DELETED" })));
    expect(read).toEqual({ ...expected, deviceState: "DELETED" });
  });

  it("reads a device that came in by no token, with states nobody knows yet", () => {
    const read = parseEnrollmentNotification(
      message(encode({ name: "enterprises/e/devices/d", state: "NEW" })),
    );
    expect(read).toMatchObject({ kind: "enrollment", deviceState: "NEW", previousDeviceIds: [] });
    expect(read).toHaveProperty("enrollmentId", undefined);
  });

  it.each([
    ["the test message, which has no data", message(undefined, "test"), "test"],
    ["a status report", message(encode(device), "STATUS_REPORT"), "STATUS_REPORT"],
    ["a kind of tomorrow", message(null, "SOMETHING_NEW"), "SOMETHING_NEW"],
  ])("passes over %s", (_name, input, notificationType) => {
    expect(parseEnrollmentNotification(input)).toEqual({
      kind: "other",
      notificationType,
      messageId: "1184",
    });
  });

  it.each([
    ["nothing", undefined, "message", /must be a Pub\/Sub message/],
    ["text", "hello", "message", /must be a Pub\/Sub message/],
    ["null", null, "message", /must be a Pub\/Sub message/],
    ["an empty object", {}, "message.attributes", /notificationType/],
    ["an empty delivery", { message: {} }, "message.attributes", /notificationType/],
    ["no kind", { attributes: {}, data: "" }, "message.attributes.notificationType", /kind/],
    ["no data", message(undefined), "message.data", /missing/],
    ["data that is not base64", message("{not base64}"), "message.data", /base64/],
    ["data that is a number", message(7), "message.data", /base64/],
    ["data that is not UTF-8", message(Buffer.from([0xff, 0xfe, 0xfd])), "message.data", /UTF-8/],
    ["data that is not JSON", message(Buffer.from("canary {").toString("base64")), "message.data", /JSON/],
    ["data that is no device", message(encode({ canary: true })), "message.data", /not a device/],
    ["data that is empty", message(""), "message.data", /JSON/],
  ])("refuses %s", (_name, input, path, words) => {
    let caught: unknown;
    try {
      parseEnrollmentNotification(input);
    } catch (error) {
      caught = error;
    }
    expect(EnrollmentError.is(caught)).toBe(true);
    expect(caught).toMatchObject({ code: "invalid-request", path });
    expect((caught as EnrollmentError).message).toMatch(words);
    expect(JSON.stringify(caught)).not.toContain("canary");
  });
});
