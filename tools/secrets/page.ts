import prettier from "prettier";
import { kindWords, placeOf, places, type Place, type PlaceId } from "./places.js";

const all: readonly Place[] = (Object.keys(places) as PlaceId[]).map(placeOf);

const row = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;

const tableOf = (chosen: readonly Place[]): string =>
  [
    row("where", "what may be there", "why"),
    row("---", "---", "---"),
    ...chosen.map(({ what, kinds, why, mode }) =>
      row(
        mode === undefined ? what : `${what} (mode 0${mode.toString(8)})`,
        kinds.map((kind) => kindWords[kind]).join("; "),
        why,
      ),
    ),
  ].join("\n");

const fromProgram = (place: Place) => place.suite === "library" || place.suite === "providers";

const text = `# Where secrets can appear, and where never

Written from \`tools/secrets/places.ts\`. A suite plants credentials, access tokens, enrollment tokens, links, codes, Wi-Fi
passwords, e-mail addresses and names, calls every export of every package and every command with them, lets it succeed and
fail in every way there is, and searches all that comes out. Whatever it finds in a place that is not listed here fails it,
and so does a place in which it no longer finds what the list says.

## In a program

${tableOf(all.filter(fromProgram))}

## In the terminal and in files of the command line

${tableOf(all.filter(({ suite }) => suite === "cli"))}

## In the ledger's database

${tableOf(all.filter(({ suite }) => suite === "ledger"))}

## Nowhere else

Not in errors: neither in message, \`vendorMessage\`, \`path\`, request id and stack, nor in any cause, in what \`inspect\` shows
at any depth, in JSON, or in a property that a debugger finds. A vendor that repeats what it was told changes nothing about
that: what was sent in confidence is taken out of its words, whole or in parts of 16 characters and more. Not in what
hooks hear, logs and spans included. Not in a command's output, with or without \`--json\`, \`--debug\` and \`--trace\`.
Not in the ledger's other columns, its history, and the queue of its jobs.

## What somebody writes into a wrong field

A message repeats what it is about only if that reads as a name, a path of names, a date or a duration; else it says \`"…"\`.
So a token in the place of a profile, an address in the place of a lifetime, or a password in the place of the name of a
variable is not repeated; nor is an id in the path of a call that is reported. A short password that is a word cannot be told
from one.

What you write into \`key\`, the name of a run, \`profile\`, \`tags\`, \`device\` and \`additionalData\` is yours: it comes back in results, goes to
the vendor, and the ledger keeps it in the open. Write no secret there.
`;

/** docs/secrets.md. */
export const secretsPage = async (): Promise<string> =>
  prettier.format(text, { parser: "markdown", printWidth: 110 });
