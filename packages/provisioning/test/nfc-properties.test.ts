import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Secret } from "@enrollkit/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { nfcProperties } from "../src/index.js";
import { describeWithTool } from "./support/debian-tool.js";

const COMPONENT = "android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME";
const BUNDLE = "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE";

type Texts = Readonly<Record<string, string>>;
type Properties = Readonly<Record<string, string | Texts>>;

const withText = (text: string): Properties => ({
  [COMPONENT]: "com.example/.Receiver",
  "android.app.extra.PROVISIONING_WIFI_SSID": text,
  [`key ${text}`]: "value",
  [BUNDLE]: { "com.example.TOKEN": text, [text]: "value" },
});

const cases: readonly [string, Properties][] = [
  ["ASCII", withText("Warehouse-5G 'a' \"b\" <c> $d %e")],
  ["umlauts", withText("Büro Süd – Größe €")],
  ["beyond the first plane", withText("📱 𝔘")],
  ["=", withText("a=b==c")],
  [":", withText("https://example.com:8443/")],
  ["# and !", withText("#a !b")],
  ["backslashes", withText("C:\\new\\table \\\\ \\u0041 \\")],
  ["line breaks", withText("a\nb\r\nc\rd\u2028e")],
  ["tab, form feed, control characters", withText("\ta\fb\u0000c\u007f")],
  ["spaces at both ends", withText("  a  b  ")],
  ["only a space", withText(" ")],
  ["nothing", withText("")],
];

/** Texts that mostly consist of what matters to the format. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(" ", "\\", "=", ":", "#", "!", "\n", "\r", "\t", "\f", "u", "0", "ü"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
});
const texts = fc.dictionary(text, text, { noNullPrototype: true });

/** One JVM reads them all: its start is what takes time. */
const readByJava = (java: string, all: readonly Properties[]): unknown[] => {
  const folder = mkdtempSync(join(tmpdir(), "enrollkit-properties-"));
  try {
    const files = all.map((properties, index) => {
      const file = join(folder, `${index}.properties`);
      writeFileSync(file, nfcProperties(new Secret(JSON.stringify(properties))).reveal(), "ascii");
      return file;
    });
    const program = join(import.meta.dirname, "support/ReadProperties.java");
    const lines = execFileSync(java, ["-Xshare:auto", "-XX:TieredStopAtLevel=1", program, ...files], {
      encoding: "ascii",
    });
    return lines
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

// A lone JRE cannot run a program from its source.
describeWithTool("javac", "NFC properties", (javac) => {
  it("reads back the same properties, bundle included", () => {
    const samples = fc
      .sample(fc.tuple(texts, texts), { numRuns: 200, seed: 1 })
      .map(([outer, bundle]): Properties => ({
        ...outer,
        [COMPONENT]: "com.example/.Receiver",
        [BUNDLE]: bundle,
      }));
    const all = [...cases.map(([, properties]) => properties), ...samples];
    const read = readByJava(join(dirname(javac), "java"), all);
    expect(read).toHaveLength(all.length);
    for (const [index, properties] of all.entries()) {
      expect(read[index], cases[index]?.[0] ?? `sample ${index}`).toEqual(properties);
    }
  });
});
