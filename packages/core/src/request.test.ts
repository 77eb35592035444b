import { describe, expect, it } from "vitest";
import * as z from "zod";
import { deviceToImportSchema, enrollmentRequestSchema } from "./request.js";

describe("the schemas of a bulk run", () => {
  it.each([
    ["a request", enrollmentRequestSchema],
    ["a device", deviceToImportSchema],
  ])("%s has nothing in it that zod cannot compile", (_, schema) => {
    expect(() => z.compile(schema, { strict: true })).not.toThrow();
  });
});
