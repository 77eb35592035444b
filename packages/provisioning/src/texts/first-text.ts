/** The first text that is not blank, without the blanks around it. */
export const firstText = (...texts: readonly (string | undefined)[]): string | undefined =>
  texts.map((text) => text?.trim()).find((text) => text !== undefined && text !== "");
