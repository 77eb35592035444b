import { EnrollmentError, parseInput, systemClock, type Clock, type Enrollment } from "@enrollkit/core";
import * as z from "zod";
import { textsFor } from "../texts/texts-for.js";
import type { Texts } from "../texts/texts.js";
import { assertTimeZone, type Reader } from "../texts/valid-until.js";
import { cardMarkup } from "./card.js";
import { Markup, markup } from "./markup.js";
import { contentSecurityPolicy, style } from "./style.js";

/** `pages`: one card a page. `labels`: a grid of cards, two in a row and three rows a page, to cut out. */
export const sheetLayouts = ["pages", "labels"] as const;
export type SheetLayout = (typeof sheetLayouts)[number];

/** How a sheet looks, and who reads it. */
export interface SheetOptions extends Reader {
  /** Default: `pages`. */
  readonly layout?: SheetLayout | undefined;
  /** Stands in the window's title, and above each name on a page of its own. Default: "Set up your device", in the reader's language. */
  readonly title?: string | undefined;
  /** Who reads one card, where that differs from the rest of the sheet. */
  readonly readerOf?: ((enrollment: Enrollment) => Partial<Reader> | undefined) | undefined;
  /** Tells what has expired. Default: the machine's clock. */
  readonly clock?: Pick<Clock, "now"> | undefined;
}

const documentStart = (title: string, { language, direction }: Texts, layout: SheetLayout): Markup =>
  markup`<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="format-detection" content="telephone=no, email=no, address=no">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<h1><bdi>${title}</bdi></h1>
<main class="${layout}">
`;

const documentEnd = "</main>\n</body>\n</html>\n";
const rowStart = '<div class="row">\n';
const rowEnd = "</div>\n";

const optionsSchema = z.object({
  layout: z.enum(sheetLayouts).default("pages"),
  timeZone: z.string(),
  title: z.string().optional(),
});

const cardsInRow: Readonly<Record<SheetLayout, number>> = { pages: 1, labels: 2 };

/**
 * A printable sheet, one card for each enrollment, as pieces of one HTML document: write them to a file or a response as they
 * come, and memory stays flat. The document loads nothing, runs nothing, and lets nothing in that was not meant as text.
 *
 * **The document holds secrets in clear text.** Give it only to whoever may hand the cards out.
 *
 * A card is headed by the person's name, else the device's, else the person's e-mail address, else the serial number, else
 * the caller's key. The address is shown only there, for a card must find its way to somebody.
 *
 * @throws EnrollmentError `invalid-request` or `unsupported` for wrong options, before the first piece; later, with a path
 *   such as `enrollments[17].artifacts`, for an enrollment that holds nothing a person could use. What was written until then
 *   is no whole document. Besides, whatever the source throws.
 */
export async function* sheet(
  enrollments: Iterable<Enrollment> | AsyncIterable<Enrollment>,
  options: SheetOptions,
): AsyncGenerator<string, void, void> {
  const { language = "en", readerOf, clock = systemClock } = options;
  const { layout, timeZone, title } = parseInput(optionsSchema, options, "invalid-request");
  const sheetTexts = textsFor(language);
  assertTimeZone(timeZone);

  const draw = (enrollment: Enrollment, index: number): string => {
    try {
      const reader = readerOf?.(enrollment);
      const texts = reader?.language === undefined ? sheetTexts : textsFor(reader.language);
      return cardMarkup(enrollment, {
        texts,
        timeZone: reader?.timeZone ?? timeZone,
        title: title ?? texts.sheetTitle,
        number: index + 1,
        now: clock.now(),
      }).text;
    } catch (error) {
      throw EnrollmentError.is(error) ? error.within(`enrollments[${index}]`) : error;
    }
  };

  yield documentStart(title ?? sheetTexts.sheetTitle, sheetTexts, layout).text;
  const rowLength = cardsInRow[layout];
  let count = 0;
  for await (const enrollment of enrollments) {
    const start = count % rowLength === 0 ? rowStart : "";
    const card = draw(enrollment, count);
    count += 1;
    yield start + card + (count % rowLength === 0 ? rowEnd : "");
  }
  if (count % rowLength !== 0) yield rowEnd;
  yield documentEnd;
}

/** A {@link sheet} in one piece: up to some 15 kB a card. */
export const sheetHtml = async (
  enrollments: Iterable<Enrollment> | AsyncIterable<Enrollment>,
  options: SheetOptions,
): Promise<string> => {
  let document = "";
  for await (const piece of sheet(enrollments, options)) document += piece;
  return document;
};
