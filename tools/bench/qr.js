import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Secret } from "../../packages/core/dist/index.js";
import { qrPng, qrSvg } from "../../packages/provisioning/dist/index.js";
import { androidPayload, tokenValue } from "./android-payload.js";
import { atMost, forComparison, insist, median } from "./results.js";

// The encoder that the package itself uses, and no other copy of it.
const { resolve } = createRequire(new URL("../../packages/provisioning/package.json", import.meta.url));
const { encodeQR } = await import(pathToFileURL(resolve("qr")));

const kinds = {
  "Android's payload": androidPayload,
  link: (index) => `https://enterprise.google.com/android/enroll?et=${tokenValue(index)}`,
};

/** The goal is for this one. A link's code is done in a few microseconds, of which starting zlib alone is a third. */
const main = "Android's payload";

/** What is measured: each makes one code, and answers how large it is. */
const subjects = {
  "encoder alone": ({ text }) => encodeQR(text, "raw", { ecc: "low", border: 4 }).length,
  PNG: ({ secret }) => qrPng(secret).length,
  "PNG for print": ({ secret }) => qrPng(secret, { medium: "print", errorCorrection: "low" }).length,
  SVG: ({ secret }) => qrSvg(secret).length,
};
const names = Object.keys(subjects);

/** Codes of one subject between two turns: few, so that a busy moment of the machine strikes all of them. */
const codesPerTurn = 50;

/** CPU time of all codes, in microseconds a code, by subject. */
const round = (codes) => {
  const spent = Object.fromEntries(names.map((name) => [name, 0]));
  for (let start = 0; start < codes.length; start += codesPerTurn) {
    const turn = codes.slice(start, start + codesPerTurn);
    for (const name of names) {
      const before = process.cpuUsage();
      for (const code of turn) insist(subjects[name](code) > 0, `no code by ${name}`);
      const { user, system } = process.cpuUsage(before);
      spent[name] += (user + system) / codes.length;
    }
  }
  return spent;
};

/** @returns {Promise<import("./results.js").Findings>} */
export const qr = async ({ quick }) => {
  const rounds = quick ? 3 : 9;
  const count = quick ? 200 : 1000;
  const results = [];
  const table = [["CPU per code, µs", ...names]];
  for (const [kind, textOf] of Object.entries(kinds)) {
    const codes = Array.from({ length: count }, (_, index) => {
      const text = textOf(index);
      return { text, secret: new Secret(text) };
    });
    round(codes);
    const measured = Array.from({ length: rounds }, () => round(codes));
    const ratio = (name) => median(measured.map((spent) => spent[name] / spent["encoder alone"]));
    const png = `${kind}: QR PNG ÷ the bare encoder`;
    results.push(
      kind === main ? atMost(1.3, png, ratio("PNG")) : forComparison(png, ratio("PNG")),
      forComparison(`${kind}: QR PNG for print ÷ the bare encoder`, ratio("PNG for print")),
      forComparison(`${kind}: QR SVG ÷ the bare encoder`, ratio("SVG")),
    );
    table.push([kind, ...names.map((name) => median(measured.map((spent) => spent[name])).toFixed(0))]);
  }
  return {
    results,
    notes: [
      `${count} codes with different tokens; the encoder alone makes the modules, with the same error correction and quiet ` +
        `zone. In one process, in turns of ${codesPerTurn} codes; medians of ${rounds} rounds.`,
    ],
    table,
  };
};
