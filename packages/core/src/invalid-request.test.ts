import * as z from "zod";
import { describe, expect, it } from "vitest";
import { EnrollmentError } from "./errors.js";
import { formatPath, parseInput } from "./invalid-request.js";
import { Secret } from "./secret.js";

const schema = z.strictObject({
  name: z.string(),
  count: z.int().optional(),
  size: z.number().optional(),
  open: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  owner: z.strictObject({ name: z.string() }).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  kind: z.enum(["one", "other"]).optional(),
  since: z.date().optional(),
  code: z.string().min(3, "must have at least 3 characters").optional(),
  pin: z.string().min(3).optional(),
});

const errorOf = (input: unknown, of: z.ZodType = schema, provider?: string): EnrollmentError => {
  try {
    parseInput(of, input, "invalid-request", provider);
  } catch (error) {
    if (EnrollmentError.is(error)) return error;
    throw error;
  }
  throw new Error("was taken for right");
};

describe("parseInput", () => {
  it("answers right input with what the schema makes of it", () => {
    expect(parseInput(schema, { name: "a", count: 3 }, "invalid-request")).toEqual({ name: "a", count: 3 });
  });

  it.each([
    [{}, "name is missing"],
    [{ name: 7 }, "name must be text, not a number"],
    [{ name: null }, "name must be text, not null"],
    [{ name: ["a"] }, "name must be text, not a list"],
    [{ name: { first: "a" } }, "name must be text, not an object"],
    [{ name: true }, "name must be text, not a boolean"],
    [{ name: new Secret("CANARY") }, "name must be text, not a Secret or a reference to one"],
    [{ name: "a", count: 1.5 }, "count must be a whole number, not a number"],
    [{ name: "a", count: "1" }, "count must be a number, not a string"],
    [{ name: "a", size: "1" }, "size must be a number, not a string"],
    [{ name: "a", open: "yes" }, "open must be true or false, not a string"],
    [{ name: "a", tags: "a" }, "tags must be a list, not a string"],
    [{ name: "a", owner: "CANARY" }, "owner must be an object, not a string"],
    [{ name: "a", labels: "CANARY" }, "labels must be an object, not a string"],
    [{ name: "a", since: "CANARY" }, "since must be date, not a string"],
    [{ name: "a", kind: "CANARY" }, "kind must be one of: one, other"],
    [{ name: "a", code: "x" }, "code must have at least 3 characters"],
    [{ name: "a", pin: "x" }, "pin Too small: expected string to have >=3 characters"],
    [{ name: "a", nmae: 1 }, "nmae is not a known field"],
    [{ name: "a", nmae: 1, tgas: 2 }, "nmae, tgas are not known fields"],
    [{ name: "a", owner: { name: "b", mail: 1 } }, "owner.mail is not a known field"],
    [{ name: "a", "ana@example.com": 1 }, "… is not a known field"],
    [{ name: 7, tags: ["a", 8] }, "name must be text, not a number; tags[1] must be text, not a number"],
    ["CANARY", "must be an object, not a string"],
    [undefined, "is missing"],
  ])("says of %j: %s", (input, message) => {
    const error = errorOf(input);
    expect(error.message).toBe(message);
    expect(JSON.stringify(error)).not.toMatch(/CANARY|example\.com/);
  });

  it("has the path of the first problem, and none where the whole input is wrong", () => {
    const error = errorOf({ name: "a", tags: ["a", 8], kind: "x" });
    expect(error).toMatchObject({ code: "invalid-request", path: "tags[1]" });
    expect(error).not.toHaveProperty("provider");
    expect(errorOf("x")).not.toHaveProperty("path");
  });

  it("names the provider that it was for", () => {
    expect(errorOf({}, schema, "phones")).toMatchObject({ provider: "phones", path: "name" });
  });
});

it.each([
  [[], ""],
  [["devices", 3, "name"], "devices[3].name"],
  [[0, "name"], "[0].name"],
  [["labels", "q7Zk1m0tT3bVv4Yd2h9sWc8pLx"], "labels.…"],
])("the path %j is written %s", (path, text) => {
  expect(formatPath(path)).toBe(text);
});
