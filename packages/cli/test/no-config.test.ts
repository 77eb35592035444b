import { beforeAll, describe, expect, it } from "vitest";
import { createWorkplace, exampleConfig, loadVendors } from "./simulated.js";

/** No vendor is asked, and the config is not even looked at. */
const nobody = { environment: {} };

beforeAll(loadVendors);

const cellsOf = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));

describe("what needs no config", () => {
  it("capabilities: a column for each vendor", async () => {
    const { stdout, exitCode } = await (
      await createWorkplace(nobody, "not a config")
    ).enrollkit(["capabilities"]);
    expect(exitCode).toBe(0);
    const rows = new Map(cellsOf(stdout).map(([feature, ...cells]) => [feature, cells]));
    expect(rows.get("")).toEqual(["ESET Connect", "Android Management API", "Applivery"]);
    expect(rows.get("lifetime")).toEqual([
      "set by the vendor",
      "1 minute to 30 days, default 1 hour",
      "1 minute to 30 days, default 1 day",
    ]);
    for (const cells of rows.values()) expect(cells).toHaveLength(3);
  });

  it("capabilities as JSON: the descriptors themselves", async () => {
    const { enrollkit } = await createWorkplace(nobody, "not a config");
    const descriptors = JSON.parse((await enrollkit(["capabilities", "--json"])).stdout) as {
      vendor: string;
    }[];
    expect(descriptors.map(({ vendor }) => vendor)).toEqual([
      "eset-connect",
      "android-management",
      "applivery",
    ]);
  });

  it("schema: what an editor checks a config with", async () => {
    const { enrollkit } = await createWorkplace(nobody, "not a config");
    const { exitCode, stdout } = await enrollkit(["schema"]);
    expect(exitCode).toBe(0);
    interface Schema {
      readonly $schema?: string;
      readonly required?: readonly string[];
      readonly properties: Record<string, { additionalProperties?: { oneOf: Schema[] }; const?: string }>;
    }
    const schema = JSON.parse(stdout) as Schema;
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(schema.required).toEqual(["providers"]);
    const vendors = schema.properties["providers"]?.additionalProperties?.oneOf ?? [];
    const example = Object.values(exampleConfig().providers);
    expect(vendors.map(({ properties }) => properties["vendor"]?.const)).toEqual([
      ...example.map((provider) => provider["vendor"]),
      "router",
      "fallback",
    ]);
    for (const [place, { properties, required = [] }] of vendors.slice(0, example.length).entries()) {
      const settings = Object.keys(example[place] ?? {});
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(settings));
      expect(settings).toEqual(expect.arrayContaining([...required]));
    }
  });
});
