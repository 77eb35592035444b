import type { Enrollment } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { validUntil, type Reader } from "./valid-until.js";

const now = Date.parse("2026-09-20T10:00:00Z");

/** ICU writes narrow and hard spaces; which ones, changes from version to version. */
const written = (expiresAt: Enrollment["expiresAt"], reader: Reader) =>
  validUntil({ expiresAt }, reader, now).replaceAll(/\s/g, " ");

describe("validUntil", () => {
  it.each<[string, Enrollment["expiresAt"], Reader, string]>([
    [
      "English",
      "2026-09-25T12:30:00Z",
      { timeZone: "Europe/Berlin" },
      "Valid until Friday, September 25, 2026 at 2:30 PM GMT+2",
    ],
    [
      "German",
      "2026-09-25T12:30:00Z",
      { language: "de", timeZone: "Europe/Berlin" },
      "Gültig bis Freitag, 25. September 2026 um 14:30 MESZ",
    ],
    [
      "English as in Britain",
      "2026-09-25T12:30:00Z",
      { language: "en-GB", timeZone: "Europe/London" },
      "Valid until Friday 25 September 2026 at 13:30 BST",
    ],
    [
      "another day in the reader's zone",
      "2026-09-25T12:30:00Z",
      { timeZone: "Pacific/Auckland" },
      "Valid until Saturday, September 26, 2026 at 12:30 AM GMT+12",
    ],
    [
      "seconds are cut off, never rounded up",
      "2026-09-25T12:30:59.999999999Z",
      { timeZone: "UTC" },
      "Valid until Friday, September 25, 2026 at 12:30 PM UTC",
    ],
    [
      "expired at this very instant",
      "2026-09-20T10:00:00Z",
      { timeZone: "UTC" },
      "Expired on Sunday, September 20, 2026 at 10:00 AM UTC",
    ],
    ["never", "never", { timeZone: "UTC" }, "Does not expire"],
    ["the last instant there is", "9999-12-31T23:59:59.999999999Z", { timeZone: "UTC" }, "Does not expire"],
    ["unknown", "unknown", { language: "de", timeZone: "UTC" }, "Kann ablaufen: bitte bald verwenden"],
  ])("%s", (_, expiresAt, reader, expected) => {
    // Some versions of ICU write a comma after the weekday in Britain, some do not.
    expect(written(expiresAt, reader).replace("Friday, 25", "Friday 25")).toBe(expected);
  });

  it.each(["Europe/Nowhere", "", "Berlin"])("refuses the time zone %j", (timeZone) => {
    expect(() => written("never", { timeZone })).toThrow(
      expect.objectContaining({ code: "invalid-request", path: "timeZone" }),
    );
  });
});
