/** Whether a text may stand as a link to open. Whatever else a vendor calls a link, `javascript:` too, is text to copy. */
export const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol);
