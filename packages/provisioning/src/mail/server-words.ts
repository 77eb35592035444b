import { REDACTED } from "@enrollkit/core";

/** Words of a server's answer that are kept. */
const KEPT_WORDS = 60;

const words = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "");

/** A word of prose, a small number, an SMTP code, with the marks that may stand around them. */
const harmless =
  /^[("'[]?(?:\p{L}{1,20}(?:['-]\p{L}{1,20})*|\d{1,4}|[245]\.\d{1,3}\.\d{1,3})[.,:;!?)"'\]]*$/u;

/**
 * Makes a mail server's answer fit for an error. Only words of prose and SMTP codes are kept, and of these none that
 * occurs in what is known to be personal or secret: servers like to repeat the address, and filters the link.
 *
 * @param known - addresses, names, links, passwords.
 */
export const redactServerWords = (response: string, known: Iterable<string>): string => {
  const hidden = new Set([...known].flatMap(words));
  const shown = response
    .slice(0, 2000)
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, KEPT_WORDS)
    .map((word) => (harmless.test(word) && !words(word).some((part) => hidden.has(part)) ? word : REDACTED));
  return shown.filter((word, index) => word !== REDACTED || shown[index - 1] !== REDACTED).join(" ");
};
