import { LAST_INSTANT } from "@enrollkit/core";

/** PostgreSQL's numbers for the types that its drivers would return differently, one from the other. */
const types = { int8: 20, date: 1082, timestamp: 1114, timestamptz: 1184 } as const;

const readInteger = (text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError("the ledger holds an integer beyond 2^53, which it never writes");
};

const written = /^(\d{4,6}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?)\+00$/;

/**
 * `2026-11-22 05:23:03.5+00`, as a session in UTC writes it, to an ISO 8601 instant with the same digits. PostgreSQL rounds
 * the ninth digit of the last instant up, into the year 10000.
 */
const readInstant = (text: string): string => {
  const parts = written.exec(text);
  if (parts === null) throw new RangeError(`not an instant as PostgreSQL writes it in UTC: ${text}`);
  const [, day = "", time = ""] = parts;
  return day.length > "9999-12-31".length ? LAST_INSTANT : `${day}T${time}Z`;
};

/**
 * How values are read, by the number of their type: the same for both back ends. An int8 is a number, an instant is
 * ISO 8601 text in UTC with all its digits; times without a zone do not occur, and stay text.
 */
export const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [types.int8]: readInteger,
  [types.timestamptz]: readInstant,
  [types.date]: (text) => text,
  [types.timestamp]: (text) => text,
};

/** What a session must be told before {@link parsers} hold. */
export const sessionSettings = (schema: string): readonly string[] => [
  "SET TIME ZONE 'UTC'",
  "SET DateStyle TO ISO",
  `SET search_path TO "${schema}"`,
];
