import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { bodyText } from "./body-text.js";

const body = Buffer.from('{"name":"Müller"}');

describe("bodyText", () => {
  it.each([
    undefined,
    "",
    "application/json",
    "Application/JSON; charset=UTF-8",
    'application/json;charset="utf8"',
    "application/json; charset='us-ascii'",
    "application/problem+json; odata=x; charset=ascii",
    "text/json",
    "text/plain; charset=utf-8",
  ])("reads what is called %s", (contentType) => {
    // A type that was found right is not looked at again: the second time must say the same.
    for (let time = 0; time < 2; time += 1)
      expect(bodyText(body, contentType)).toEqual({ text: '{"name":"Müller"}' });
  });

  it.each([
    ["text/html", "its content type is text/html, not JSON"],
    ["application/jsonp", "its content type is application/jsonp, not JSON"],
    ["xapplication/json", "its content type is xapplication/json, not JSON"],
    ["image/png; charset=utf-8", "its content type is image/png, not JSON"],
    ["token canary", "its content type is something unreadable, not JSON"],
    ["a".repeat(101), "its content type is something unreadable, not JSON"],
    ["application/json; charset=utf-16", "its charset is utf-16, not UTF-8"],
    ["application/json; charset=iso-8859-1", "its charset is iso-8859-1, not UTF-8"],
    ["application/json; charset=xutf-8", "its charset is xutf-8, not UTF-8"],
    ["application/json; charset=utf-8x", "its charset is utf-8x, not UTF-8"],
    ['application/json; charset="a canary"', "its charset is something unreadable, not UTF-8"],
  ])("does not read %s", (contentType, unreadable) => {
    expect(bodyText(body, contentType)).toEqual({ text: '{"name":"Müller"}', unreadable });
  });

  it("does not read bytes that are no UTF-8, whatever they are called", () => {
    const latin = Buffer.from('{"name":"Müller"}', "latin1");
    expect(bodyText(latin, "application/json").unreadable).toBe("it is not UTF-8 text");
    expect(bodyText(latin, "application/json").unreadable).toBe("it is not UTF-8 text");
  });

  it("has nothing against nothing", () => {
    expect(bodyText(Buffer.alloc(0), "text/html")).toEqual({ text: "" });
  });
});
