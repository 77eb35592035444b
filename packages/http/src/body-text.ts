import { isUtf8 } from "node:buffer";

/** A body as text, and why it must not be read as JSON if so; then the text is only for an error's words. */
export interface BodyText {
  readonly text: string;
  readonly unreadable?: string;
}

/** Gateways call JSON text; nobody has a reason to call it a page or a picture. */
const jsonTypes = /^(?:application\/(?:[\w.-]+\+)?json|text\/(?:json|plain))$/;
/** Names of UTF-8, and of the part of it that is one byte a character. */
const utf8Names = /^(?:utf-?8|us-ascii|ascii)$/;

/** Only a name that has the form of one may stand in a message. */
const shown = (name: string) => (/^[\w./+-]{1,100}$/.test(name) ? name : "something unreadable");

const problemWithType = (contentType: string): string | undefined => {
  const [type = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  if (type !== "" && !jsonTypes.test(type)) return `its content type is ${shown(type)}, not JSON`;
  const charset = parameters
    .find((parameter) => parameter.startsWith("charset="))
    ?.slice("charset=".length)
    .replace(/^(["'])(.*)\1$/, "$2");
  if (charset !== undefined && !utf8Names.test(charset)) return `its charset is ${shown(charset)}, not UTF-8`;
  return undefined;
};

/** A vendor has one or two content types; it says them with every answer. */
const readable = new Set<string>();

const problemWith = (body: Buffer, contentType: string): string | undefined => {
  if (!readable.has(contentType)) {
    const problem = problemWithType(contentType);
    if (problem !== undefined) return problem;
    if (readable.size < 100) readable.add(contentType);
  }
  return isUtf8(body) ? undefined : "it is not UTF-8 text";
};

/**
 * Reads the bytes of a body. JSON between systems is UTF-8 (https://www.rfc-editor.org/rfc/rfc8259#section-8.1); what is
 * not would put replacement characters into ids and names.
 */
export const bodyText = (body: Buffer, contentType = ""): BodyText => {
  const text = body.toString("utf8");
  const unreadable = body.length === 0 ? undefined : problemWith(body, contentType);
  return unreadable === undefined ? { text } : { text, unreadable };
};
