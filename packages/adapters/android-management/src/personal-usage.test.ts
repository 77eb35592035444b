import { describe, expect, it } from "vitest";
import { letsPersonalDevicesIn, personalUsageFor } from "./personal-usage.js";

describe("personalUsageFor", () => {
  it.each([
    ["fully-managed", undefined, "PERSONAL_USAGE_DISALLOWED"],
    ["fully-managed", "company", "PERSONAL_USAGE_DISALLOWED"],
    ["fully-managed", "personal", "impossible"],
    ["work-profile", undefined, "PERSONAL_USAGE_ALLOWED"],
    ["work-profile", "company", "PERSONAL_USAGE_ALLOWED"],
    ["work-profile", "personal", "PERSONAL_USAGE_ALLOWED"],
    ["dedicated", undefined, "PERSONAL_USAGE_DISALLOWED_USERLESS"],
    ["dedicated", "company", "PERSONAL_USAGE_DISALLOWED_USERLESS"],
    ["dedicated", "personal", "impossible"],
    [undefined, "company", "PERSONAL_USAGE_DISALLOWED"],
    [undefined, "personal", "PERSONAL_USAGE_ALLOWED"],
    [undefined, undefined, "unstated"],
  ] as const)("%s, %s → %s", (management, ownership, expected) => {
    expect(personalUsageFor(management, ownership)).toBe(expected);
  });
});

it.each([
  ["PERSONAL_USAGE_ALLOWED", true],
  ["PERSONAL_USAGE_DISALLOWED", false],
  ["PERSONAL_USAGE_DISALLOWED_USERLESS", false],
  ["A_VALUE_OF_TOMORROW", true],
  [undefined, true],
])("%s lets personal devices in: %s", (usage, expected) => {
  expect(letsPersonalDevicesIn(usage)).toBe(expected);
});
