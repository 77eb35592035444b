import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EnrollmentError, enrollmentErrorCodes } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { recordingStream } from "../../test/test-terminal.js";
import type { GlobalOptions } from "../terminal.js";
import { adviceFor, explainRow, helpOn, reportFailure } from "./failure.js";
import { UsageError } from "./usage-error.js";

const report = (error: unknown, options?: Partial<GlobalOptions>, signal?: AbortSignal) => {
  const stderr = recordingStream();
  const exitCode = reportFailure(
    {
      stdin: process.stdin,
      stdout: recordingStream().stream,
      stderr: stderr.stream,
      environment: {},
      folder: "/",
      isInteractive: false,
      ...(signal !== undefined && { signal }),
    },
    error,
    options,
  );
  return { exitCode, text: stderr.text() };
};

const errorPage = fileURLToPath(new URL("../../../core/errors.md", import.meta.url));

const fileError = (code: string, path?: string) => Object.assign(new Error(`${code}: x`), { code, path });

describe("failures", () => {
  it.each<[string, unknown, number, string]>([
    [
      "a mistake on the command line",
      new UsageError("the config has several providers", "add --provider"),
      2,
      "error: the config has several providers\n  → add --provider\n",
    ],
    ["a mistake with nothing to add", new UsageError("no"), 2, "error: no\n"],
    [
      "a refusal with the vendor's request id",
      new EnrollmentError("the token is not known", {
        code: "unauthenticated",
        provider: "apple",
        requestId: "r-1",
      }),
      3,
      "error: apple: the token is not known (request id r-1)\n  → renew the credentials that the config refers to\n" +
        `  more: ${errorPage}#unauthenticated\n`,
    ],
    [
      "advice of the adapter's own",
      new EnrollmentError("eset is closed", { code: "unavailable", provider: "eset", advice: "wait" }),
      3,
      `error: eset is closed\n  → wait\n  more: ${errorPage}#unavailable\n`,
    ],
    [
      "a file that is not there",
      fileError("ENOENT", "/tmp/people.csv"),
      2,
      "error: /tmp/people.csv does not exist\n  → check the path\n",
    ],
    ["a file error that nobody foresaw", fileError("EMFILE", "/x"), 2, "error: /x failed (EMFILE)\n"],
    [
      "something unforeseen",
      new TypeError("x is not a function"),
      3,
      "error: EnrollKit met an error that it did not expect\n  → run it again with --debug, and report what it prints\n",
    ],
  ])("%s", (_, error, exitCode, text) => {
    expect(report(error)).toEqual({ exitCode, text });
  });

  it.each(["invalid-request", "invalid-config", "unsupported"] as const)(
    "%s is the person's to mend",
    (code) => {
      expect(report(new EnrollmentError("no", { code })).exitCode).toBe(2);
    },
  );

  it("there is advice for every code", () => {
    expect(Object.keys(adviceFor).sort()).toEqual([...enrollmentErrorCodes].sort());
  });

  it.each(enrollmentErrorCodes)("%s leads to a heading of a file that is there", (code) => {
    const [file = "", heading = ""] = helpOn(new EnrollmentError("x", { code })).split("#");
    expect(readFileSync(file, "utf8")).toContain(`\n## ${heading}\n`);
  });

  it("an address on the web stays as it is", () => {
    const error = new EnrollmentError("x", { code: "unknown" });
    Object.defineProperty(error, "help", { value: "https://docs.example.com/errors#unknown" });
    expect(helpOn(error)).toBe("https://docs.example.com/errors#unknown");
  });

  it("a stack is printed with --debug, and never without", () => {
    const error = new UsageError("no", "do");
    expect(report(error).text).not.toContain("    at ");
    expect(report(error, { debug: true }).text).toContain("    at ");
    const caused = new EnrollmentError("no", { code: "unknown", cause: new RangeError("too far") });
    expect(report(caused, { debug: true }).text).toMatch(/\ncaused by: RangeError: too far\n {4}at /);
  });

  it("as JSON", () => {
    const error = new EnrollmentError("no such policy", { code: "not-found", provider: "phones" });
    expect(JSON.parse(report(error, { json: true }).text)).toEqual({
      error: {
        name: "EnrollmentError",
        message: "no such policy",
        code: "not-found",
        retryable: false,
        provider: "phones",
      },
      advice: adviceFor["not-found"],
      help: `${errorPage}#not-found`,
    });
    expect(JSON.parse(report(new UsageError("no"), { json: true }).text)).toEqual({
      error: { message: "no" },
    });
  });

  it("after Ctrl+C it says so, whatever the error is", () => {
    const aborted = AbortSignal.abort(new Error("stopped"));
    for (const error of [new Error("stopped"), new EnrollmentError("x", { code: "timeout" })]) {
      expect(report(error, {}, aborted)).toEqual({ exitCode: 130, text: "error: stopped by Ctrl+C\n" });
    }
  });

  it("no address and no control character is printed", () => {
    const error = new EnrollmentError('profile "ana@example.com\u001b[2J" is not known', {
      code: "invalid-request",
    });
    for (const options of [{}, { json: true }, { debug: true }] as const) {
      const { text } = report(error, options);
      expect(text).not.toContain("ana@example.com");
      expect(text).not.toContain("\u001b");
    }
    expect(explainRow(error)).toBe(
      'profile "[e-mail address] [2J" is not known; correct the field that is named and try again',
    );
  });
});
