import { expect, it } from "vitest";
import { isNarrow, recordFilterOf } from "./record-filter.js";

const config = "enrollkit.config.json";

it("means what the options say", () => {
  const filter = recordFilterOf({
    config,
    state: ["pending", "used"],
    outcome: ["created"],
    provider: "phones",
    profile: "sales",
    run: "spring",
    email: "ana@example.com",
    key: ["a", "b"],
  });
  expect(filter).toEqual({
    states: ["pending", "used"],
    outcomes: ["created"],
    provider: "phones",
    profile: "sales",
    run: "spring",
    recipient: "ana@example.com",
    keys: ["a", "b"],
  });
  expect(isNarrow(filter)).toBe(true);
  expect(isNarrow(recordFilterOf({ config }))).toBe(false);
});
