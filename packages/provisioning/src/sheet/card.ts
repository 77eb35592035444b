import { isExpired, type Enrollment, type Secret } from "@enrollkit/core";
import { qrSvg } from "../qr/svg.js";
import { fill } from "../texts/fill.js";
import { firstText } from "../texts/first-text.js";
import type { Instructions, Texts } from "../texts/texts.js";
import { toCopy, type ToCopy } from "../texts/to-copy.js";
import { usesLine } from "../texts/uses-line.js";
import { validUntil } from "../texts/valid-until.js";
import { wayIn, type WayIn } from "../texts/way-in.js";
import { isWebAddress } from "../texts/web-address.js";
import { Markup, markup } from "./markup.js";

/** What a card needs to know beside its enrollment. */
export interface CardContext {
  readonly texts: Texts;
  readonly timeZone: string;
  /** The sheet's title; it stands above the name. */
  readonly title: string;
  /** The card's place on the sheet, from 1. */
  readonly number: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

const headingOf = ({ recipient, device, key }: Enrollment, { texts, number }: CardContext): string =>
  firstText(recipient?.name, device?.name, recipient?.email, device?.serialNumber, key) ??
  fill(texts.unnamed, { number: String(number) });

const labelled = (label: string, text: string | undefined): string | undefined =>
  text === undefined ? undefined : `${label}: ${text}`;

/** For whoever hands the cards out: what tells two with the same name apart, and which pile a card belongs to. */
const aboutOf = (enrollment: Enrollment, heading: string, { labels, ...texts }: Texts): readonly string[] => {
  const { device, platform, management, profile } = enrollment;
  const unlessHeading = (text: string | undefined) => (text === heading ? undefined : text);
  return [
    platform && texts.platforms[platform],
    management && texts.managementModes[management],
    labelled(labels.profile, firstText(profile)),
    labelled(labels.device, unlessHeading(firstText(device?.name))),
    labelled(labels.serialNumber, unlessHeading(firstText(device?.serialNumber))),
  ].filter((part) => part !== undefined);
};

const valueMarkup = ({ kind, value }: ToCopy): Markup => {
  const text = value.reveal();
  if (kind !== "link") return markup`<code class="copy">${text}</code>`;
  return isWebAddress(text)
    ? markup`<a class="copy" href="${text}" rel="noopener noreferrer">${text}</a>`
    : markup`<span class="copy">${text}</span>`;
};

const waysMarkup = (way: WayIn, texts: Texts): Markup | undefined => {
  const entries = toCopy(way, texts).map(
    (each) => markup`<dt>${each.label}</dt><dd><bdi dir="ltr">${valueMarkup(each)}</bdi></dd>`,
  );
  return entries.length === 0 ? undefined : markup`<dl class="ways">${entries}</dl>`;
};

/** The drawing has a name of its own, in English: screen readers get the one in the card's language instead. */
const scanMarkup = (payload: Secret, { labels }: Texts): Markup =>
  markup`<div class="scan" role="img" aria-label="${labels.qr}"><div aria-hidden="true">${new Markup(qrSvg(payload, { medium: "print" }))}</div></div>`;

const stepsMarkup = ({ steps, otherwise }: Instructions, { labels }: Texts): Markup =>
  markup`<section class="steps"><h3>${labels.steps}</h3><ol>${steps.map((step) => markup`<li>${step}</li>`)}</ol>${
    otherwise === undefined ? undefined : markup`<p class="otherwise">${otherwise}</p>`
  }</section>`;

/**
 * One person's or one device's card. Once expired it says so, and shows no way in.
 *
 * @throws EnrollmentError where the enrollment holds nothing that a person could use.
 */
export const cardMarkup = (enrollment: Enrollment, context: CardContext): Markup => {
  const { texts, timeZone, title, number, now } = context;
  const heading = headingOf(enrollment, context);
  const about = aboutOf(enrollment, heading, texts).map((part) => markup`<li><bdi>${part}</bdi></li>`);
  const id = `card-${number}`;
  const way = isExpired(enrollment, now) === true ? undefined : wayIn(enrollment);
  const look =
    way === undefined ? "expired" : `${way.scan === undefined ? "readable" : "scannable"} ${way.entrance}`;
  const notice =
    way === undefined
      ? texts.expiry.expiredAdvice
      : `${usesLine(enrollment.uses, texts)} ${texts.confidential}`;
  return markup`<article class="card ${look}" lang="${texts.language}" dir="${texts.direction}" aria-labelledby="${id}">
<header><p class="title"><bdi>${title}</bdi></p><h2 id="${id}"><bdi>${heading}</bdi></h2>${
    about.length === 0 ? undefined : markup`<ul class="about">${about}</ul>`
  }</header>
${way?.scan && scanMarkup(way.scan, texts)}
${way && stepsMarkup(texts.instructions[way.entrance], texts)}
${way && waysMarkup(way, texts)}
<footer><p class="validity">${validUntil(enrollment, { language: texts, timeZone }, now)}</p><p>${notice}</p></footer>
</article>
`;
};
