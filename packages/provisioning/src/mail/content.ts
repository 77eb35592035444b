import type { Uses } from "@enrollkit/core";
import { fill } from "../texts/fill.js";
import type { Texts } from "../texts/texts.js";
import { usesLine } from "../texts/uses-line.js";
import type { WayIn } from "../texts/way-in.js";

/** What a mail says, whatever the part. */
export interface MailContent {
  /** The person's. */
  readonly name: string | undefined;
  readonly way: WayIn;
  readonly texts: Texts;
  readonly uses: Uses;
  /** A whole line. */
  readonly validUntil: string;
}

/** The line that greets. */
export const greeting = ({ name, texts: { mail } }: MailContent): string =>
  name === undefined ? mail.greetingWithoutName : fill(mail.greeting, { name });

/** The line above the way in; a link or code alone has its label, and needs none. */
export const caption = ({ way, texts: { mail } }: MailContent): string | undefined => {
  if (way.scan === undefined) return undefined;
  return way.link === undefined ? mail.scan : mail.scanOrOpen;
};

/** How long and how often it works, and that it is secret. */
export const terms = ({ texts, uses, validUntil }: MailContent): readonly string[] => [
  validUntil,
  usesLine(uses, texts),
  texts.confidential,
];
