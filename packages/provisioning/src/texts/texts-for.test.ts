import { describe, expect, it } from "vitest";
import { english } from "./english.js";
import { german } from "./german.js";
import { textsFor } from "./texts-for.js";
import type { Texts } from "./texts.js";

/** Every text by its path, as the names that it lets one fill in. */
const placeholders = (value: unknown, path = ""): readonly (readonly [string, string])[] => {
  if (typeof value === "string") return [[path, (value.match(/\{\w+\}/g) ?? []).sort().join()]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => placeholders(each, `${path}.${key}`));
};

/** Steps may be cut differently in another language. */
const comparable = (texts: Texts) =>
  Object.fromEntries(placeholders(texts).filter(([path]) => !path.includes(".steps.")));

describe("textsFor", () => {
  it.each([
    ["en", "en", english.sheetTitle],
    ["de", "de", german.sheetTitle],
    ["de-AT", "de-AT", german.sheetTitle],
    ["EN-gb", "EN-gb", english.sheetTitle],
  ])("%s: keeps the tag, for the dates, and has the words", (wish, language, sheetTitle) => {
    expect(textsFor(wish)).toMatchObject({ language, sheetTitle });
  });

  it.each(["fr", "", "no such language", "deutsch!"])("refuses %j and names what there is", (language) => {
    expect(() => textsFor(language)).toThrow(
      expect.objectContaining({
        code: "unsupported",
        path: "language",
        message: "language must be one of: en, de; or Texts of your own",
      }),
    );
  });

  it("takes a language of one's own", () => {
    const french: Texts = { ...english, language: "fr", sheetTitle: "Configurez votre appareil" };
    expect(textsFor(french)).toBe(french);
  });

  it("refuses a language of one's own that no date can be written in", () => {
    expect(() => textsFor({ ...english, language: "français" })).toThrow(
      expect.objectContaining({ code: "invalid-request", path: "language.language" }),
    );
  });

  it.each<[string, unknown]>([
    ["language.mail", { ...english, mail: undefined }],
    ["language.labels.profile", { ...english, labels: { ...english.labels, profile: 7 } }],
    [
      "language.instructions.iphone.steps",
      { ...english, instructions: { ...english.instructions, iphone: {} } },
    ],
    [
      "language.instructions.mac.steps[1]",
      { ...english, instructions: { ...english.instructions, mac: { steps: ["Open it.", null] } } },
    ],
    ["language.direction", { ...english, direction: "up" }],
  ])("refuses a language of one's own without %s", (path, texts) => {
    expect(() => textsFor(texts as Texts)).toThrow(
      expect.objectContaining({ code: "invalid-request", path }),
    );
  });

  it("takes a language that cuts its steps in another way, as read from JSON", () => {
    const read = JSON.parse(JSON.stringify(german)) as Texts;
    const instructions = { ...read.instructions, code: { steps: ["Tippen."], otherwise: "Fragen." } };
    expect(textsFor({ ...read, instructions }).instructions.code.steps).toEqual(["Tippen."]);
  });

  it("has the same texts, with the same names to fill in, in each language", () => {
    expect(comparable(german)).toStrictEqual(comparable(english));
  });
});
