import { DateTime, Duration, type DurationLikeObject } from "luxon";

/** A duration as ISO 8601 text: `PT1H`, `P7D`, `PT90S`. */
export type IsoDuration = `P${string}`;

/** A duration as callers give it: luxon's, or ISO 8601 text. */
export type DurationInput = Duration | IsoDuration;

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
  ["millisecond", 1],
] as const;

/** Beyond this, days say nothing to a reader. */
const manyYears = 365.25 * 200 * 86_400_000;

/**
 * A duration in human words: `1 minute`, `30 days`, `1 day 2 hours`, `about 10,000 years`.
 *
 * @param milliseconds - its length; negative values get a leading minus.
 */
export const describeDuration = (milliseconds: number): string => {
  if (milliseconds < 0) return `minus ${describeDuration(-milliseconds)}`;
  if (milliseconds >= manyYears) {
    const years = Math.round(milliseconds / (365.25 * 86_400_000));
    return `about ${years.toLocaleString("en-US")} years`;
  }
  const parts: string[] = [];
  let rest = milliseconds;
  for (const [unit, length] of units) {
    const count = unit === "millisecond" ? rest : Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count.toLocaleString("en-US")} ${unit}${count === 1 ? "" : "s"}`);
  }
  return parts.length === 0 ? "0 seconds" : parts.join(" ");
};

const finerThanMilliseconds = /^(-?)P.*?(-?)\d+[.,]\d{3}(\d+)S$/;

/** What luxon cuts off: the digits of a second after the third, in milliseconds. */
const cutOff = (text: string): number => {
  const [, all = "", seconds = "", digits = "0"] = finerThanMilliseconds.exec(text) ?? [];
  return Number(`0.${digits}`) * (all === seconds ? 1 : -1);
};

const validate = (duration: Duration): Duration => {
  if (duration.isValid && Object.keys(duration.toObject()).length > 0) return duration;
  throw new RangeError("is not an ISO 8601 duration; write PT1H for one hour, P7D for seven days");
};

const readText = (text: IsoDuration): Duration => {
  const duration = validate(Duration.fromISO(text));
  const rest = cutOff(text);
  return rest === 0 ? duration : duration.plus({ milliseconds: rest });
};

/** A million requests say the same few lifetimes. A Duration never changes, so that all of them can share it. */
const recent = new Map<IsoDuration, Duration>();
const mostRemembered = 100;

/**
 * Reads a duration.
 *
 * @returns luxon's Duration, with the units that were written: `P1M` stays one calendar month.
 * @throws RangeError if it is not one; the message says how to write one.
 */
export const parseDuration = (input: DurationInput): Duration => {
  if (Duration.isDuration(input)) return validate(input);
  const known = recent.get(input);
  if (known !== undefined) return known;
  const duration = readText(input);
  if (recent.size >= mostRemembered) recent.clear();
  recent.set(input, duration);
  return duration;
};

/** Units of the calendar have no length of their own. */
const calendarUnits = ({ years = 0, quarters = 0, months = 0 }: DurationLikeObject) =>
  years === 0 && quarters === 0 && months === 0 ? undefined : { years, quarters, months };

/** Fractions of a day or an hour are not exact as numbers: 0.7 days would be a hair less than 16.8 hours. */
const inMilliseconds = (duration: Duration): number => {
  const exact = Math.round(duration.toMillis() * 1000);
  // Centuries have more digits than a number holds thousandths for.
  return Number.isSafeInteger(exact) ? exact / 1000 : Math.round(duration.toMillis());
};

/**
 * The exact length of a duration that starts now. Months and years have no fixed length, so they are counted on
 * the calendar (UTC) from `now`: `P1M` is 31 days in January and 28 or 29 in February.
 *
 * @param now - milliseconds since the Unix epoch.
 * @returns milliseconds; negative durations give a negative length. Where the calendar ends, years have 365 days.
 * @throws RangeError for a fraction of a month or year.
 */
export const durationFrom = (duration: Duration, now: number): number => {
  const calendar = calendarUnits(duration.toObject());
  if (calendar === undefined) return inMilliseconds(duration);
  if (!Object.values(calendar).every((count) => Number.isInteger(count))) {
    throw new RangeError("has a fraction of a month or year, which has no exact length; write days");
  }
  const end = DateTime.fromMillis(now, { zone: "utc" }).plus(calendar);
  if (!end.isValid) return inMilliseconds(duration);
  return end.toMillis() - now + inMilliseconds(duration.set({ years: 0, quarters: 0, months: 0 }));
};

/**
 * The exact length of ISO 8601 text that has no months or years.
 *
 * @returns milliseconds.
 * @throws RangeError if the text is no duration, or its length depends on the calendar.
 */
export const durationLength = (text: IsoDuration): number => {
  const duration = parseDuration(text);
  if (calendarUnits(duration.toObject()) !== undefined) {
    throw new RangeError("has months or years, whose length depends on the calendar; write days");
  }
  return inMilliseconds(duration);
};

/** Writes a length as ISO 8601 text in seconds, to the millisecond: `PT3600S`. */
export const toIsoDuration = (milliseconds: number): IsoDuration => `PT${Math.round(milliseconds) / 1000}S`;
