import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Writable } from "node:stream";

/** Writes pieces of any number as fast as they are taken, and leaves the stream open. */
export const writePieces = (stream: Writable, pieces: AsyncIterable<string>): Promise<void> =>
  pipeline(Readable.from(pieces), stream, { end: false });
