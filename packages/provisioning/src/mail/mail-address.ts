import { domainToASCII } from "node:url";
import * as z from "zod";

/** One mailbox of one person, fit for a header and for the SMTP dialogue. */
export interface MailAddress {
  /** ASCII; an internationalised domain is in its `xn--` form. */
  readonly address: string;
  readonly name?: string | undefined;
}

/** Line breaks would begin a header of their own; marks of direction make a name read as another. */
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

/** What a reader of mail would decode, and show something else: https://www.rfc-editor.org/rfc/rfc2047 */
const encodedWord = /=\?.*\?=/;

/** What RFC 5322 calls a dot-atom: no quotes, no space, no comma, nothing that a parser could read in two ways. */
const localPart = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** Before it is made ASCII: that step would drop a line break, or turn a percent sign into what it stands for. */
const writtenDomain = /^[\p{L}\p{M}\p{N}.-]+$/u;
const asciiDomain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** The address with its domain in ASCII, or nothing if it is not exactly one address. */
const normalize = (text: string): string | undefined => {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(at, 0));
  const domain = text.slice(at + 1);
  if (!localPart.test(local) || local.length > 64 || !writtenDomain.test(domain)) return undefined;
  const ascii = domainToASCII(domain);
  const address = `${local}@${ascii}`;
  return asciiDomain.test(ascii) && address.length <= 254 ? address : undefined;
};

/**
 * Reads an e-mail address. Exactly one, at most 254 characters; before the @ only ASCII letters, digits, dots and
 * signs, because not every mail server takes more. Domains may be internationalised.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1
 */
export const addressSchema = z.string().transform((text, context) => {
  const address = normalize(text);
  if (address !== undefined) return address;
  context.addIssue({
    code: "custom",
    message: "is not one e-mail address; it takes a name in ASCII, an @ and a domain",
  });
  return z.NEVER;
});

/** Reads a name to stand beside an address: 1 to 512 characters of one line, in any script, and not only blanks. */
export const nameSchema = z
  .string()
  .regex(/\S/, "must not be empty")
  .max(512, "must have at most 512 characters")
  .refine((name) => !hidden.test(name), "has a line break or an invisible control character")
  .refine((name) => !encodedWord.test(name), "has the form of an encoded word (=?…?=)");
