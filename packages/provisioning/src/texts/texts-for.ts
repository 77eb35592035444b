import { EnrollmentError } from "@enrollkit/core";
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

const ownTexts = (texts: Texts): Texts => {
  if (primaryLanguage(texts.language) !== undefined) return texts;
  throw new EnrollmentError("language.language must be a language tag, such as fr or pt-BR", {
    code: "invalid-request",
    path: "language.language",
  });
};

/**
 * The words of a language.
 *
 * @param language - `en`, `de`, or one with a region, such as `de-AT`: the words are the same, dates are written as
 *   they are there. Or a {@link Texts} of one's own, for a further language or other words.
 * @throws EnrollmentError `unsupported`, path `language`, for a language that is not here; `invalid-request` for Texts
 *   whose own `language` is no tag.
 */
export const textsFor = (language: string | Texts): Texts => {
  if (typeof language !== "string") return ownTexts(language);
  const texts = builtIn.find((each) => each.language === primaryLanguage(language));
  if (texts !== undefined) return { ...texts, language };
  const known = builtIn.map((each) => each.language).join(", ");
  throw new EnrollmentError(`language must be one of: ${known}; or Texts of your own`, {
    code: "unsupported",
    path: "language",
  });
};
