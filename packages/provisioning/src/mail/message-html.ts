import { markup, type Markup } from "../sheet/markup.js";
import { toCopy, type ToCopy } from "../texts/to-copy.js";
import { isWebAddress } from "../texts/web-address.js";
import { caption, greeting, terms, type MailContent } from "./content.js";

/** By what the HTML part refers to the QR code beside it. */
export const QR_CONTENT_ID = "qr-code@enrollkit";

/** Mail clients know no style sheets: each element carries its own. Outlook takes the width from the attribute alone. */
const styles = {
  page: "margin:0;padding:24px 12px;background:#f2f4f7",
  card: "width:100%;max-width:600px;background:#ffffff;border:1px solid #dde2ea;border-radius:8px",
  body: "padding:28px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1b2430;text-align:start",
  paragraph: "margin:0 0 16px",
  qr: "display:block;margin:0 0 16px;max-width:100%;height:auto;background:#ffffff;image-rendering:pixelated",
  label: "margin:0 0 4px;font-size:14px;color:#4a5666",
  value: "margin:0 0 16px;word-break:break-all;overflow-wrap:anywhere",
  code: "font-family:Menlo,Consolas,monospace;font-size:18px",
  heading: "margin:24px 0 8px;font-size:18px",
  list: "margin:0 0 16px;padding-inline-start:24px",
  terms: "margin:24px 0 16px;padding:12px 16px;background:#f2f4f7;border-radius:6px",
  footer: "margin:0;font-size:14px;color:#4a5666",
} as const;

const valueMarkup = ({ kind, value }: ToCopy): Markup => {
  const text = value.reveal();
  return kind === "link" && isWebAddress(text)
    ? markup`<a href="${text}" rel="noopener noreferrer">${text}</a>`
    : markup`<code style="${styles.code}">${text}</code>`;
};

const copyMarkup = (each: ToCopy): Markup =>
  markup`<p style="${styles.label}">${each.label}</p>
<p style="${styles.value}"><bdi dir="ltr">${valueMarkup(each)}</bdi></p>
`;

const paragraph = (text: string | undefined, style: string = styles.paragraph) =>
  text === undefined
    ? undefined
    : markup`<p style="${style}">${text}</p>
`;

/**
 * The HTML of a mail: one table, styles on the elements, no script, nothing loaded from anywhere. Everything that is
 * filled in is escaped.
 */
export const htmlPart = (subject: string, content: MailContent): string => {
  const { way, texts } = content;
  const { steps, otherwise } = texts.instructions[way.entrance];
  const qr = markup`<img src="cid:${QR_CONTENT_ID}" alt="${texts.labels.qr}" style="${styles.qr}">
`;
  const [expiry, ...otherTerms] = terms(content);
  return markup`<!doctype html>
<html lang="${texts.language}" dir="${texts.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light only">
<title>${subject}</title>
</head>
<body style="${styles.page}">
<table role="presentation" align="center" width="600" cellpadding="0" cellspacing="0" style="${styles.card}"><tr><td style="${styles.body}">
${paragraph(greeting(content))}${paragraph(texts.mail.introduction)}${paragraph(caption(content))}${
    way.scan && qr
  }${toCopy(way, texts).map(copyMarkup)}<h2 style="${styles.heading}">${texts.labels.steps}</h2>
<ol style="${styles.list}">${steps.map(
    (step) => markup`<li>${step}</li>
`,
  )}</ol>
${paragraph(otherwise)}<p style="${styles.terms}"><strong>${expiry}</strong>${otherTerms.map(
    (term) => markup`<br>${term}`,
  )}</p>
${paragraph(texts.mail.footer, styles.footer)}</td></tr></table>
</body>
</html>
`.text;
};
