import { describe, expect, it } from "vitest";
import { acmePlugin } from "../test/acme.js";
import { configJsonSchema } from "./json-schema.js";

const reference = [
  expect.objectContaining({ required: ["$env"], additionalProperties: false }) as unknown,
  expect.objectContaining({ required: ["$file"], additionalProperties: false }) as unknown,
];

describe("configJsonSchema", () => {
  const schema = configJsonSchema([acmePlugin]) as {
    properties: {
      defaultProvider: unknown;
      providers: { additionalProperties: { oneOf: Record<string, Record<string, unknown>>[] } };
    };
  };
  const [acme] = schema.properties.providers.additionalProperties.oneOf;

  it("describes the frame", () => {
    expect(schema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["providers"],
      additionalProperties: false,
    });
    expect(schema.properties.defaultProvider).toMatchObject({ type: "string" });
  });

  it("describes a vendor's settings under its word", () => {
    expect(acme).toMatchObject({
      title: "Acme MDM",
      required: ["vendor", "tenant", "apiKey"],
      additionalProperties: false,
      properties: { vendor: { const: "acme-mdm" }, mode: { enum: ["fast", "careful"], default: "careful" } },
    });
  });

  it("allows secrets as references only, and URLs as both", () => {
    expect(acme?.["properties"]?.["apiKey"]).toEqual({
      description: "The key of the tenant's API user.",
      oneOf: reference,
    });
    expect(acme?.["properties"]?.["baseUrl"]).toEqual({
      description: "Where the API is.",
      oneOf: [{ type: "string" }, ...reference],
    });
  });
});
