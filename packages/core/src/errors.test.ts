import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { EnrollmentError, enrollmentErrorCodes, enrollmentErrorSchema, mayAnswerLater } from "./errors.js";

const full = new EnrollmentError("Applivery refused: too many requests", {
  code: "rate-limited",
  provider: "apple",
  retryAfter: "PT30S",
  path: "requests[17].device.name",
  advice: "wait half a minute",
  httpStatus: 429,
  vendorCode: 5017,
  vendorMessage: "Limit Exceeded",
  requestId: "0f1e",
  cause: Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
});

describe("EnrollmentError", () => {
  it.each(enrollmentErrorCodes)("%s says by itself whether to try again", (code) => {
    const retryable = ["rate-limited", "unavailable", "timeout"].includes(code);
    expect(new EnrollmentError("x", { code }).retryable).toBe(retryable);
    expect(new EnrollmentError("x", { code, retryable: !retryable }).retryable).toBe(!retryable);
  });

  it("has only the details that were given", () => {
    expect(new EnrollmentError("x", { code: "unknown" }).toJSON()).toEqual({
      name: "EnrollmentError",
      message: "x",
      code: "unknown",
      retryable: false,
    });
  });

  it("has no details that were undefined, and no cause", () => {
    const error = new EnrollmentError("x", { code: "unknown", path: undefined as never, cause: undefined });
    expect([Object.keys(error).sort(), "cause" in error]).toEqual([["code", "name", "retryable"], false]);
    expect(Object.keys(error.with({ message: "y" })).sort()).toEqual(["code", "name", "retryable"]);
  });

  it.each([
    [
      "a code that is no text",
      Object.assign(new Error("broken"), { code: 7 }),
      { name: "Error", message: "broken" },
    ],
    ["what was thrown and is no error", "broken", undefined],
  ])("tells of its cause only what can be read back: %s", (_, cause, told) => {
    expect(new EnrollmentError("x", { code: "unknown", cause }).toJSON()["cause"]).toEqual(told);
  });

  it("survives JSON, the cause included", () => {
    const back = enrollmentErrorSchema.parse(JSON.parse(JSON.stringify(full)));
    expect(back).toBeInstanceOf(EnrollmentError);
    expect(back.toJSON()).toEqual(full.toJSON());
    expect(back.cause).toMatchObject({ message: "socket hang up", code: "ECONNRESET" });
  });

  it("is recognised across two installed copies", () => {
    const foreign = Object.assign(new Error("x"), { [Symbol.for("@enrollkit/core/EnrollmentError")]: true });
    expect(
      [full, foreign, new Error("x"), undefined, null, "x"].filter((value) => EnrollmentError.is(value)),
    ).toEqual([full, foreign]);
  });

  it.each([
    ["device.name", "requests[17]", "requests[17].device.name"],
    [undefined, "requests[17]", "requests[17]"],
    ["[2]", "tags", "tags[2]"],
    ["", "requests[17]", "requests[17]"],
  ])("path %s within %s is %s", (path, parent, expected) => {
    const error = new EnrollmentError("x", { code: "invalid-request", ...(path !== undefined && { path }) });
    expect(error.within(parent).path).toBe(expected);
  });

  it("keeps everything that with() does not change", () => {
    const changed = full.with({ provider: "other", message: "new" });
    expect(changed.toJSON()).toEqual({ ...full.toJSON(), provider: "other", message: "new" });
    expect(changed.cause).toBe(full.cause);
  });
});

describe("mayAnswerLater", () => {
  const answered = ["rate-limited", "unavailable", "timeout", "outcome-unknown", "protocol"];
  it.each(enrollmentErrorCodes)("%s", (code) => {
    expect(mayAnswerLater(new EnrollmentError("x", { code }))).toBe(answered.includes(code));
    expect(mayAnswerLater(new EnrollmentError("x", { code, retryable: true }))).toBe(true);
  });
});

describe("the page about the codes", () => {
  const page = readFileSync(new URL("../errors.md", import.meta.url), "utf8");
  const sections = page.split(/^## /m).slice(1);

  it("has a section for each code, in their order, and no other", () => {
    expect(sections.map((section) => section.slice(0, section.indexOf("\n")))).toEqual(enrollmentErrorCodes);
  });

  it.each(enrollmentErrorCodes)("says of %s what it means, what causes it and what to do", (code) => {
    const section = sections[enrollmentErrorCodes.indexOf(code)] ?? "";
    expect(section).toMatch(/\n\n\S[^]*\n\n\*\*Typical causes?\.\*\* \S[^]*\n\n\*\*What to do\.\*\* \S/);
  });

  it("is what an error points to, in the package as it is published", () => {
    const [file, heading] = new EnrollmentError("x", { code: "outcome-unknown" }).help.split("#");
    expect([file, heading]).toEqual(["@enrollkit/core/errors.md", "outcome-unknown"]);
    const manifest = createRequire(import.meta.url)("../package.json") as {
      readonly name: string;
      readonly exports: Readonly<Record<string, unknown>>;
      readonly files: readonly string[];
    };
    expect(file).toBe(`${manifest.name}/errors.md`);
    expect(manifest.exports["./errors.md"]).toBe("./errors.md");
    expect(manifest.files).toContain("errors.md");
  });

  it("is not written into an error's JSON: it follows from the code", () => {
    expect(full.toJSON()).not.toHaveProperty("help");
  });
});
