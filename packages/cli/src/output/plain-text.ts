/**
 * An e-mail address by its shape. Not within a path: a folder may well be named after an account, and an error that
 * hides the path helps nobody.
 */
const address = /(?<![\w.%+/\\-])[\w.%+-]+@[\w-]+(?:\.[\w-]+)+(?![\w.%+-]*[/\\])/g;

/** Takes e-mail addresses out of words that are to be printed: what is printed ends up in logs and tickets. */
export const withoutAddresses = (text: string): string => text.replace(address, "[e-mail address]");

/** Takes out what a terminal would obey instead of showing: names may come from a vendor. Line breaks stay. */
export const withoutControls = (text: string): string => text.replace(/(?!\n)\p{Cc}/gu, " ");
