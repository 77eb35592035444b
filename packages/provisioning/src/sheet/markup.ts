const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** HTML that may be written as it is. A class, so that no data read from JSON can pass for it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[] | undefined;

const write = (part: Part): string => {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(write).join("");
  return String(part).replace(/[&<>"']/g, (character) => entities[character] ?? character);
};

/**
 * HTML from a template: what is filled in is escaped, for text and for quoted attributes alike, unless it is
 * {@link Markup} itself. `undefined` writes nothing.
 */
export const markup = (template: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(template.map((text, index) => text + write(parts[index])).join(""));
