import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { DateTime } from "luxon";

/** A vendor's answer or request that was kept for tests, with its origin. */
export type Fixture = Readonly<Record<string, unknown>> & {
  /** Where it is from: the URL of a documentation page, or of the endpoint that gave it. */
  readonly source: string;
  /** The day on which it was taken: `2026-09-20`. */
  readonly capturedOn: string;
};

const isUrl = (value: unknown): value is string => typeof value === "string" && URL.canParse(value);

const isDay = (value: unknown): value is string =>
  typeof value === "string" && DateTime.fromFormat(value, "yyyy-MM-dd", { zone: "utc" }).isValid;

/**
 * Reads a fixture from a JSON file.
 *
 * ```ts
 * const answer = loadFixture(new URL("../fixtures/token.json", import.meta.url))["body"];
 * ```
 *
 * @throws TypeError if the file holds no JSON object, or one without a `source` (a URL) and a `capturedOn` (a day).
 */
export const loadFixture = (location: URL | string): Fixture => {
  const path = typeof location === "string" ? location : fileURLToPath(location);
  const refuse = (reason: string, cause?: unknown) =>
    new TypeError(`fixture ${basename(path)}: ${reason}`, cause === undefined ? undefined : { cause });
  const text = readFileSync(path, "utf8");
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw refuse("is not JSON", cause);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw refuse("must be a JSON object with source and capturedOn");
  }
  const { source, capturedOn, ...rest } = content as Record<string, unknown>;
  if (!isUrl(source)) throw refuse("source must be the URL that it was taken from");
  if (!isDay(capturedOn)) throw refuse("capturedOn must be the day it was taken, such as 2026-09-20");
  return { ...rest, source, capturedOn };
};
