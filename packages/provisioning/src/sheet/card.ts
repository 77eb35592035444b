import { isExpired, type Enrollment, type Secret } from "@enrollkit/core";
import { qrSvg } from "../qr/svg.js";
import { fill } from "../texts/fill.js";
import type { Instructions, Texts } from "../texts/texts.js";
import { validUntil } from "../texts/valid-until.js";
import { wayIn, type WayIn } from "../texts/way-in.js";
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

/** The first that is not blank. */
const firstText = (...texts: readonly (string | undefined)[]): string | undefined =>
  texts.map((text) => text?.trim()).find((text) => text !== undefined && text !== "");

const headingOf = ({ recipient, device, key }: Enrollment, { texts, number }: CardContext): string =>
  firstText(recipient?.name, device?.name, recipient?.email, device?.serialNumber, key) ??
  fill(texts.unnamed, { number: String(number) });

/** What tells two cards with the same name apart. */
const aboutOf = (enrollment: Enrollment, heading: string, { labels, ...texts }: Texts): readonly string[] => {
  const { device, platform, management } = enrollment;
  const name = firstText(device?.name);
  const serialNumber = firstText(device?.serialNumber);
  return [
    platform && texts.platforms[platform],
    management && texts.managementModes[management],
    name === heading ? undefined : name && `${labels.device}: ${name}`,
    serialNumber === heading ? undefined : serialNumber && `${labels.serialNumber}: ${serialNumber}`,
  ].filter((part) => part !== undefined);
};

const usesText = ({ uses }: Enrollment, texts: Texts): string => {
  if (typeof uses === "string") return texts.uses[uses];
  return uses === 1 ? texts.uses.one : fill(texts.uses.several, { count: String(uses) });
};

const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol);

const linkMarkup = (link: string): Markup =>
  isWebAddress(link)
    ? markup`<a class="copy" href="${link}" rel="noopener noreferrer">${link}</a>`
    : markup`<span class="copy">${link}</span>`;

const entry = (
  label: string,
  value: Secret | undefined,
  draw: (value: string) => Markup,
): readonly Markup[] =>
  value === undefined ? [] : [markup`<dt>${label}</dt><dd dir="ltr">${draw(value.reveal())}</dd>`];

const drawCode = (code: string) => markup`<code class="copy">${code}</code>`;

const waysMarkup = ({ link, code, token }: WayIn, { labels }: Texts): Markup | undefined => {
  const entries = [
    ...entry(labels.link, link, linkMarkup),
    ...entry(link === undefined ? labels.codeAlone : labels.code, code, drawCode),
    ...entry(labels.token, token, drawCode),
  ];
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
  const about = aboutOf(enrollment, heading, texts).map((part) => markup`<li dir="auto">${part}</li>`);
  const id = `card-${number}`;
  const way = isExpired(enrollment, now) === true ? undefined : wayIn(enrollment);
  const look = way === undefined ? "expired" : way.scan === undefined ? "readable" : "scannable";
  const notice =
    way === undefined ? texts.expiry.expiredAdvice : `${usesText(enrollment, texts)} ${texts.confidential}`;
  return markup`<article class="card ${look}" lang="${texts.language}" dir="${texts.direction}" aria-labelledby="${id}">
<header><p class="title" dir="auto">${title}</p><h2 id="${id}" dir="auto">${heading}</h2>${
    about.length === 0 ? undefined : markup`<ul class="about">${about}</ul>`
  }</header>
${way?.scan && scanMarkup(way.scan, texts)}
${way && stepsMarkup(texts.instructions[way.entrance], texts)}
${way && waysMarkup(way, texts)}
<footer><p class="validity">${validUntil(enrollment, { language: texts, timeZone }, now)}</p><p>${notice}</p></footer>
</article>
`;
};
