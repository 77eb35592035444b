import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";

/** A body that is larger than may be read, or written in a way that nobody asked for. */
export const OVERSIZED = "EBODYOVERSIZED";
export const UNREADABLE = "EBODYUNREADABLE";

/** An error with a code, as Node's own have it. */
export const failureWith = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code });

const decoders = new Map(
  Object.entries({
    gzip: promisify(gunzip),
    "x-gzip": promisify(gunzip),
    deflate: promisify(inflate),
    br: promisify(brotliDecompress),
  }),
);

/**
 * What to ask for: a list may be long, while unpacking the short answer to a write costs more than sending it plainly.
 */
export const encodingsFor = (method: string): string => (method === "GET" ? "gzip" : "identity");

/**
 * Undoes a content encoding. Servers may use one that was not asked for.
 *
 * @param largest - bytes that may come out.
 */
export const decoded = async (
  body: Buffer,
  encoding: string | undefined,
  largest: number,
): Promise<Buffer> => {
  if (encoding === undefined || encoding === "identity" || body.length === 0) return body;
  const decode = decoders.get(encoding.trim().toLowerCase());
  if (decode === undefined) throw failureWith(UNREADABLE, "the content encoding is not known");
  return decode(body, { maxOutputLength: largest });
};
