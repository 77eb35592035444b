/** A UTF-16 unit as `\uXXXX`, which JSON and `java.util.Properties` read alike. */
export const unicodeEscape = (unit: string): string =>
  `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
