import { EnrollmentError, Secret } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { assertHidden } from "./exposure.js";

const text = "canary-7d21";
const forbidden = [{ name: "the canary", text }];

const nonEnumerable = Object.defineProperty({}, "token", { value: text });
const circular: { self?: unknown; token: string } = { token: text };
circular.self = circular;

describe("a forbidden text is found", () => {
  it.each<readonly [string, unknown]>([
    ["in a member", { deep: { down: [{ token: text }] } }],
    ["in a hidden member", nonEnumerable],
    ["in a map", new Map([["token", text]])],
    ["in an object within itself", circular],
    ["in a message", new Error(text)],
    ["in a cause of a cause", new Error("one", { cause: new Error("two", { cause: new Error(text) }) })],
    ["in a member of a cause", new Error("one", { cause: Object.assign(new Error("two"), { body: text }) })],
    ["in a text of its own making", { toString: () => text }],
    ["in JSON of its own making", { toJSON: () => ({ token: text }) }],
    ["in an error of ours", new EnrollmentError("no", { code: "unknown", vendorMessage: text })],
  ])("%s", (_where, value) => {
    expect(() => {
      assertHidden(value, forbidden, "the value");
    }).toThrow(/^the value shows the canary in /);
  });
});

describe("a forbidden text of several lines is found", () => {
  const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n9w0BAQEFAASCBKcwggSj\n-----END KEY-----\n";
  it.each<readonly [string, unknown]>([
    ["escaped", { key }],
    ["encoded in a URL", new Error(`GET /?key=${encodeURIComponent(key)}`)],
    ["by one of its lines", new Error("near 9w0BAQEFAASCBKcwggSj")],
  ])("%s", (_how, value) => {
    expect(() => {
      assertHidden(value, [{ name: "the key", text: key }], "the value");
    }).toThrow(/^the value shows the key in /);
  });

  it("and not by what every key begins with", () => {
    expect(() => {
      assertHidden("-----BEGIN KEY-----", [{ name: "the key", text: key }], "the value");
    }).not.toThrow();
  });
});

describe("nothing is found", () => {
  it.each<readonly [string, unknown]>([
    ["in a Secret", { token: new Secret(text) }],
    ["in a function's closure", { reveal: () => text }],
    ["in an error that keeps a Secret", Object.assign(new Error("no"), { token: new Secret(text) })],
    ["in undefined", undefined],
  ])("%s", (_where, value) => {
    expect(() => {
      assertHidden(value, forbidden, "the value");
    }).not.toThrow();
  });
});

it("does not repeat the forbidden text", () => {
  expect(() => {
    assertHidden({ text }, forbidden, "the value");
  }).not.toThrow(text);
});
