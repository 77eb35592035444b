import { REFERENCE_SETTING, SECRET_SETTING, type ProviderPlugin } from "@enrollkit/core";
import * as z from "zod";
import { compositeKinds, type CompositeKind } from "./composites.js";
import { frameSchema, providerName } from "./config.js";

type JsonSchema = Record<string, unknown>;

const reference = (description: unknown): JsonSchema => ({
  ...(typeof description === "string" && { description }),
  oneOf: [
    {
      type: "object",
      properties: {
        $env: { type: "string", minLength: 1, description: "The name of an environment variable." },
      },
      required: ["$env"],
      additionalProperties: false,
    },
    {
      type: "object",
      properties: {
        $file: { type: "string", minLength: 1, description: "The path of a file, from this file's folder." },
      },
      required: ["$file"],
      additionalProperties: false,
    },
  ],
});

const replace = (schema: JsonSchema, by: JsonSchema) => {
  for (const key of Object.keys(schema)) Reflect.deleteProperty(schema, key);
  Object.assign(schema, by);
};

const toJsonSchema = (schema: z.ZodType): JsonSchema => {
  const jsonSchema: JsonSchema = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema: part }) => {
      const { description } = part;
      if (SECRET_SETTING in part) replace(part, reference(description));
      if (REFERENCE_SETTING in part) {
        const { oneOf } = reference(undefined) as { oneOf: JsonSchema[] };
        replace(part, { description, oneOf: [{ type: "string" }, ...oneOf] });
      }
    },
  });
  delete jsonSchema["$schema"];
  return jsonSchema;
};

/** A provider's settings with the vendor, or the kind of composite, that they are for. */
const providerSchema = ({
  vendor,
  title,
  settings,
}: Pick<CompositeKind, "vendor" | "title" | "settings">): JsonSchema => {
  const schema = toJsonSchema(settings);
  return {
    ...schema,
    title,
    properties: { vendor: { const: vendor }, ...(schema["properties"] as object | undefined) },
    required: ["vendor", ...((schema["required"] as string[] | undefined) ?? [])],
  };
};

/**
 * The JSON Schema of a config file (draft 2020-12), for editors: completion, and squiggles under mistakes.
 *
 * @param plugins - the vendors that the file may name.
 */
export const configJsonSchema = (plugins: readonly ProviderPlugin[]): JsonSchema => {
  const frame = toJsonSchema(frameSchema);
  const properties = frame["properties"] as Record<string, JsonSchema>;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "EnrollKit config",
    ...frame,
    properties: {
      ...properties,
      providers: {
        type: "object",
        description: properties["providers"]?.["description"],
        minProperties: 1,
        propertyNames: { pattern: providerName.source },
        additionalProperties: {
          oneOf: [
            ...plugins.map(({ vendor, descriptor, settings }) =>
              providerSchema({ vendor, title: descriptor.product, settings }),
            ),
            ...compositeKinds.map(providerSchema),
          ],
        },
      },
    },
  };
};
