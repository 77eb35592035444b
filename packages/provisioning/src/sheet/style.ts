import { createHash } from "node:crypto";

/**
 * The look of a sheet, on paper and on a screen. Widths and heights suit A4 and US Letter alike: the page's size is left to
 * the printer, and three rows of labels fit on the shorter of the two: each has 86 mm. Nothing is told by colour alone.
 */
export const style = `
:root { color-scheme: only light; }
* { box-sizing: border-box; margin: 0; padding: 0; }
body {
  color: #16181d; background: #e9ebef;
  font: 11pt/1.45 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans Condensed", sans-serif;
  print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
h1 { max-width: 190mm; margin: 10mm auto 6mm; padding: 0 4mm; font-size: 17pt; line-height: 1.25; }
h1, h2, li, p, dd { overflow-wrap: anywhere; }
main { max-width: 190mm; margin: 0 auto; padding-bottom: 10mm; }

.card {
  display: flex; flex-direction: column; background: #fff; border: 1px solid #c4c9d2; border-radius: 3mm;
  break-inside: avoid;
}
.card > header { grid-area: head; }
.card > footer { grid-area: foot; margin-top: auto; }
.scan { grid-area: scan; }
.steps { grid-area: steps; }
.ways { grid-area: ways; }
.scan svg { display: block; width: 100%; height: auto; }

.title { color: #4a5160; font-size: 10pt; font-weight: 600; letter-spacing: 0.02em; }
h2 {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden;
  line-height: 1.2; font-weight: 700; letter-spacing: -0.01em;
}
.about { list-style: none; display: flex; flex-wrap: wrap; color: #4a5160; }
.about li:not(:last-child)::after { content: "·"; margin: 0 0.5em; }
h3, dt { font-weight: 700; }
ol { padding-inline-start: 1.35em; }
li::marker { font-weight: 700; font-variant-numeric: tabular-nums; }
.otherwise { color: #4a5160; }
.copy { user-select: all; -webkit-user-select: all; overflow-wrap: anywhere; }
a.copy { color: #10357f; text-decoration: none; }
a.copy:hover, a.copy:focus-visible { text-decoration: underline; }
.ways dd, code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-weight: 700; letter-spacing: 0.06em; }
.validity { font-weight: 700; }
.expired { border: 2px dashed #16181d; }
.expired h2 { text-decoration: line-through; }

.pages .card { gap: 7mm; padding: 10mm; margin-bottom: 8mm; font-size: 12pt; }
.pages .card > header { padding-bottom: 6mm; border-bottom: 2px solid #16181d; }
.pages h2 { margin-top: 1mm; font-size: 26pt; }
.pages .about { margin-top: 2mm; }
.pages h3 { font-size: 14pt; }
.pages ol { margin-top: 2mm; }
.pages ol li + li, .pages .otherwise { margin-top: 2.5mm; }
.pages dd { margin: 1mm 0 3mm; font-size: 0.83em; line-height: 1.4; }
.pages code { font-size: 1.7em; }
.pages .card > footer { padding: 4mm 5mm; border: 1px solid #16181d; border-radius: 2mm; }
.pages .validity { font-size: 1.17em; }

.labels .row { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 2mm; margin-bottom: 2mm; }
.labels .card { gap: 1.5mm 2mm; padding: 3mm; min-height: 83mm; font-size: 7.5pt; line-height: 1.3; }
.labels .title, .labels h3 { display: none; }
.labels h2 { font-size: 13pt; }
.labels .steps { padding-top: 1mm; }
.labels ol li + li, .labels .otherwise { margin-top: 0.8mm; }
.labels dt, .labels dd { display: inline; }
.labels dt::after { content: ": "; }
.labels dd::after { content: "\\a"; white-space: pre; }
.labels .copy { font-size: 0.93em; }
.labels code.copy { font-size: 1.2em; }
.labels .card > footer { padding-top: 1.5mm; border-top: 1px solid #16181d; }
.labels .validity { font-size: 1.07em; }

@media print, (min-width: 190mm) {
  .scannable {
    display: grid; grid-template: "head head" "scan steps" "ways ways" 1fr "foot foot" / 87mm minmax(0, 1fr);
  }
  .pages .scan { margin-inline-start: -3mm; }
  .labels .scannable { grid-template-columns: 40mm minmax(0, 1fr); }
  .labels .android-setup { grid-template-columns: 45mm minmax(0, 1fr); }
  .labels .scan { margin-block: -1mm -2mm; margin-inline-start: -1mm; }
}
@media screen and (max-width: 190mm) {
  h1 { margin: 6mm auto 4mm; }
  main .row, .labels .row { display: block; margin: 0; }
  main .card, .labels .card {
    gap: 5mm; min-height: 0; margin-bottom: 4mm; padding: 6mm 4mm; border-inline: 0; border-radius: 0; font-size: 11pt;
  }
  .scan { width: 100%; max-width: 90mm; margin: 0 auto; }
}

@page { margin: 8mm; }
@media print {
  body { background: #fff; }
  h1 { display: none; }
  main { max-width: none; padding: 0; }
  .pages .card { margin: 0; }
  .pages .card:not(.expired) { padding: 0; border: 0; }
  .pages .row + .row { break-before: page; }
}
`;

const styleHash = createHash("sha256").update(style, "utf8").digest("base64");

/** What a browser may load for a sheet: nothing. It may apply the one style above, and run no script. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
