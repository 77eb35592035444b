import { describe, expect, it } from "vitest";
import type { OutcomeCount } from "./lifecycle-hooks.js";
import { logHooks, type Logger } from "./log-hooks.js";

const request = {
  provider: "phones",
  method: "POST",
  host: "api.example.com",
  port: 443,
  path: "/v1/devices",
  attempt: 1,
};
const operation = {
  provider: "phones",
  vendor: "acme",
  operation: "create-batch",
  size: 2,
  duration: 5,
} as const;

const createRecordingLogger = () => {
  const lines: string[] = [];
  const write = (level: string) => (_: object, message: string) => void lines.push(`${level}: ${message}`);
  const logger: Logger = {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
  return { logger, lines };
};

describe("logHooks", () => {
  it("has a level for each thing that happens", () => {
    const { logger, lines } = createRecordingLogger();
    const hooks = logHooks(logger);
    hooks.onRequest?.(request);
    hooks.onResponse?.({ ...request, status: 429, duration: 1 }, request);
    hooks.onPause?.({ ...request, wait: 1000 });
    hooks.onRetry?.({ ...request, wait: 1000, error: "rate-limited" });
    expect(lines).toEqual([
      "debug: vendor request",
      "debug: vendor response",
      "warn: vendor asks for a pause",
      "info: vendor call is tried again",
    ]);
  });

  it.each<[string, readonly OutcomeCount[]]>([
    ["info", [{ status: "created", count: 2 }]],
    ["info", [{ status: "aborted", count: 2 }]],
    [
      "warn",
      [
        { status: "created", count: 1 },
        { status: "failed", error: "not-found", count: 1 },
      ],
    ],
    [
      "error",
      [
        { status: "failed", error: "not-found", count: 1 },
        { status: "unknown", error: "outcome-unknown", count: 1 },
      ],
    ],
    ["error", [{ status: "undecided", count: 2 }]],
  ])("%s for the outcomes %j", (level, outcomes) => {
    const { logger, lines } = createRecordingLogger();
    logHooks(logger).onOutcome?.({ ...operation, outcomes });
    expect(lines).toEqual([`${level}: enrollment outcome`]);
  });
});
