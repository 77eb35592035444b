import { Buffer } from "node:buffer";
import { Serialize, Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { describe, expect, it } from "vitest";
import { billOf, hashOf, packageUrl } from "./bom.js";

const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
const validator = new Validation.JsonStrictValidator(Spec.Spec1dot6.version);
const integrity = `sha512-${Buffer.alloc(64, 7).toString("base64")}`;
const manifestOf = (name, license = "MIT") => ({ name, version: "1.0.0", license });
const part = (name, dependencies = [], license = "MIT") => ({
  manifest: manifestOf(name, license),
  integrity,
  dependencies: dependencies.map((each) => packageUrl(manifestOf(each))),
});
const jsonOf = (subject, parts) => serializer.serialize(billOf(subject, parts), { sortLists: true });

// Before it is packed, a package of ours has no checksum.
const subject = { ...part("@enrollkit/core", ["zod", "@types/luxon"]), integrity: undefined };
const parts = [part("zod", ["tiny"]), part("tiny", [], "(MIT OR Apache-2.0)"), part("@types/luxon")];

describe("a bill", () => {
  it("is valid CycloneDX 1.6", async () => {
    expect(await validator.validate(jsonOf(subject, parts))).toBeNull();
  });

  it("is held against a schema that says no", async () => {
    const bill = JSON.parse(jsonOf(subject, parts));
    bill.components[0].hashes[0].content = "no hash";
    expect(await validator.validate(JSON.stringify(bill))).not.toBeNull();
  });

  it("names every part with its address, hash and licence", () => {
    const { metadata, components } = JSON.parse(jsonOf(subject, parts));
    expect(metadata.component.purl).toBe("pkg:npm/%40enrollkit/core@1.0.0");
    expect(components.map(({ purl }) => purl).sort()).toEqual([
      "pkg:npm/%40types/luxon@1.0.0",
      "pkg:npm/tiny@1.0.0",
      "pkg:npm/zod@1.0.0",
    ]);
    const tiny = components.find(({ name }) => name === "tiny");
    expect(tiny.hashes).toEqual([{ alg: "SHA-512", content: "07".repeat(64) }]);
    expect(tiny.licenses).toEqual([{ expression: "(MIT OR Apache-2.0)" }]);
  });

  it("says what depends on what", () => {
    const { dependencies } = JSON.parse(jsonOf(subject, parts));
    const of = (url) => dependencies.find(({ ref }) => ref === url).dependsOn;
    expect(of("pkg:npm/%40enrollkit/core@1.0.0")).toEqual([
      "pkg:npm/%40types/luxon@1.0.0",
      "pkg:npm/zod@1.0.0",
    ]);
    expect(of("pkg:npm/zod@1.0.0")).toEqual(["pkg:npm/tiny@1.0.0"]);
  });

  it("is the same twice: it has no clock and no random number", () => {
    expect(jsonOf(subject, parts)).toBe(jsonOf(subject, [...parts].reverse()));
  });

  it("is refused if a part is missing", () => {
    expect(() => billOf(subject, [part("zod")])).toThrow(
      "needs pkg:npm/%40types/luxon@1.0.0, which is not listed",
    );
  });
});

it("takes no weaker hash for a strong one", () => {
  expect(() => hashOf("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=")).toThrow("is no sha512 integrity");
});
