import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markup, type Markup } from "./markup.js";

const characters: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

describe("markup", () => {
  it.each([
    ["text", markup`<p>${'<b> & "it\'s"'}</p>`, "<p>&lt;b&gt; &amp; &quot;it&#39;s&quot;</p>"],
    ["numbers", markup`${7}`, "7"],
    ["nothing", markup`[${undefined}]`, "[]"],
    ["markup", markup`<ul>${[markup`<li>${"<"}</li>`, markup`<li/>`]}</ul>`, "<ul><li>&lt;</li><li/></ul>"],
  ])("writes %s", (_, { text }, expected) => {
    expect(text).toBe(expected);
  });

  it("takes no look-alike from JSON for markup", () => {
    const forged = JSON.parse('{"text":"<script>"}') as Markup;
    expect(() => markup`${forged}`.text).toThrow(TypeError);
  });

  it("lets no text out of its place, and loses none of it", () => {
    const hostile = fc.string({
      unit: fc.oneof(fc.string(), fc.constantFrom("<", ">", "&", '"', "'", "`", "/", "script", "&lt;")),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const written = markup`${text}`.text;
        expect(written).not.toMatch(/[<>"']/);
        expect(written.replaceAll(/&[^;]*;/g, (entity) => characters[entity] ?? "?")).toBe(text);
      }),
    );
  });
});
