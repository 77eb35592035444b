import type { FileHandle } from "node:fs/promises";

/** Bytes that are read at once. */
const blockSize = 1 << 20;
const newline = 0x0a;

/** Where a line stands in its file, in bytes, without its line break. */
export interface LinePlace {
  readonly start: number;
  readonly length: number;
}

/** A whole line of a file. */
export interface FoundLine extends LinePlace {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/**
 * The whole lines of a file, from its start.
 *
 * @returns what comes behind the last of them, without a line break.
 */
export async function* wholeLines(file: FileHandle): AsyncGenerator<FoundLine, FoundLine, void> {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  let line = 1;
  for (;;) {
    const chunk = Buffer.allocUnsafe(blockSize);
    const { bytesRead } = await file.read(chunk, 0, blockSize, start + rest.length);
    if (bytesRead === 0) return { text: rest.toString("utf8"), start, length: rest.length, line };
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    for (let length = rest.indexOf(newline); length !== -1; length = rest.indexOf(newline)) {
      yield { text: rest.toString("utf8", 0, length), start, length, line };
      start += length + 1;
      line += 1;
      rest = rest.subarray(length + 1);
    }
  }
}

/** Reads lines again by their places; for many that stand behind one another it looks at the disk once. */
export const createLineReader = (file: FileHandle): ((place: LinePlace) => Promise<string>) => {
  let block: Buffer = Buffer.alloc(0);
  let from = 0;
  return async ({ start, length }) => {
    if (start < from || start + length > from + block.length) {
      const next = Buffer.allocUnsafe(Math.max(blockSize, length));
      const { bytesRead } = await file.read(next, 0, next.length, start);
      block = next.subarray(0, bytesRead);
      from = start;
    }
    return block.toString("utf8", start - from, start - from + length);
  };
};
