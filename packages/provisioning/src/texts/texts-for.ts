import { EnrollmentError, parseInput } from "@enrollkit/core";
import * as z from "zod";
import { english } from "./english.js";
import { german } from "./german.js";
import type { Texts } from "./texts.js";

const builtIn: readonly Texts[] = [english, german];

/** @returns undefined for what is no BCP 47 tag. */
const primaryLanguage = (tag: string): string | undefined => {
  try {
    return new Intl.Locale(tag).language;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

/** What has the same texts as a pattern. Steps may be more or fewer, and every way in may do without its `otherwise`. */
const schemaLike = (pattern: string | object): z.ZodType => {
  if (typeof pattern === "string") return z.string();
  if (Array.isArray(pattern)) return z.array(z.string()).min(1, "must not be empty");
  const fields = Object.entries(pattern).map(([key, each]: [string, string | object]) => {
    const field = schemaLike(each);
    return [key, key === "otherwise" ? field.optional() : field] as const;
  });
  return z.object(Object.fromEntries(fields));
};

const ownTextsSchema = z.object({
  language: z.intersection(
    schemaLike(english),
    z.object({
      language: z
        .string()
        .refine((tag) => primaryLanguage(tag) !== undefined, "must be a language tag, such as fr or pt-BR"),
      direction: z.enum(["ltr", "rtl"]),
    }),
  ),
});

/** Card after card asks for the same ones, and a check takes a tenth of a millisecond. */
const checked = new WeakSet<Texts>();

/** Texts come from translators' files: a missing one must not show as "undefined" on the hundredth card. */
const ownTexts = (texts: Texts): Texts => {
  if (checked.has(texts)) return texts;
  parseInput(ownTextsSchema, { language: texts }, "invalid-request");
  checked.add(texts);
  return texts;
};

/**
 * The words of a language.
 *
 * @param language - `en`, `de`, or one with a region, such as `de-AT`: the words are the same, dates are written as
 *   they are there. Or a {@link Texts} of one's own, for a further language or other words.
 * @throws EnrollmentError `unsupported`, path `language`, for a language that is not here; `invalid-request` for Texts
 *   that lack some, or whose own `language` is no tag: its path, such as `language.mail.subject`, names the first one.
 */
export const textsFor = (language: string | Texts): Texts => {
  if (typeof language !== "string") return ownTexts(language);
  const texts = builtIn.find((each) => each.language === primaryLanguage(language));
  if (texts !== undefined) {
    const spoken = { ...texts, language };
    checked.add(spoken);
    return spoken;
  }
  const known = builtIn.map((each) => each.language).join(", ");
  throw new EnrollmentError(`language must be one of: ${known}; or Texts of your own`, {
    code: "unsupported",
    path: "language",
  });
};
