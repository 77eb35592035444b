import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { UsageError } from "../output/usage-error.js";
import type { Terminal } from "../terminal.js";

/** What is read: a file, or standard input. */
export interface TextSource {
  /** How errors name it. */
  readonly name: string;
  /** Its place in the file system; absent for standard input, which can be read only once. */
  readonly path?: string;
  /** Its text, from the start. */
  text(): AsyncGenerator<string, void, void>;
}

const advice = 'save it as UTF-8 (in Excel: "CSV UTF-8"); letters with accents would be lost otherwise';
const newline = 0x0a;

/** Two characters of UTF-16, in which every ASCII letter has a zero. */
const examinedBytes = 4;

const isUtf16 = (bytes: Uint8Array): boolean => {
  const [first, second, third, fourth] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasMark || (first === 0 && third === 0) || (second === 0 && fourth === 0);
};

/** Bytes as they come, except that the first piece is long enough to tell UTF-16 by. */
async function* pieces(chunks: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void, void> {
  let start: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Uint8Array);
    if (start === undefined) {
      yield bytes;
      continue;
    }
    start = Buffer.concat([start, bytes]);
    if (start.length < examinedBytes) continue;
    yield start;
    start = undefined;
  }
  if (start !== undefined) yield start;
}

const countLineBreaks = (bytes: Uint8Array): number => {
  let count = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
};

const canBeginUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return false;
  }
};

/** How many line breaks lie before the first bytes that are not UTF-8. The piece may begin and end within a character. */
const lineBreaksBeforeFault = (bytes: Uint8Array): number => {
  const firstWhole = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  let start = Math.max(firstWhole, 0);
  for (let count = 0; ; count += 1) {
    const end = bytes.indexOf(newline, start);
    // With no fault anywhere it lies where this piece meets the one before.
    if (end === -1) return canBeginUtf8(bytes.subarray(start)) ? 0 : count;
    if (!isUtf8(bytes.subarray(start, end))) return count;
    start = end + 1;
  }
};

/** Bytes as text. UTF-8 only: anything else would garble names in silence. */
async function* decode(name: string, chunks: AsyncIterable<unknown>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let isStart = true;
  const decodeOrRefuse = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      const place = line + (bytes === undefined ? 0 : lineBreaksBeforeFault(bytes));
      throw new UsageError(`${name}: line ${place}: not UTF-8`, advice);
    }
  };
  for await (const bytes of pieces(chunks)) {
    if (isStart && isUtf16(bytes)) throw new UsageError(`${name} is UTF-16`, advice);
    isStart = false;
    yield decodeOrRefuse(bytes);
    line += countLineBreaks(bytes);
  }
  yield decodeOrRefuse();
}

/** A stream that ends when the person gives up: standard input would keep the process waiting. */
const stoppable = (stream: Readable, signal: AbortSignal | undefined): Readable =>
  signal === undefined ? stream : addAbortSignal(signal, stream);

async function* readFile(path: string, signal: AbortSignal | undefined): AsyncGenerator<unknown, void, void> {
  try {
    yield* stoppable(createReadStream(path), signal);
  } catch (error) {
    // That it is a folder shows only on reading, and then the error does not say which.
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
}

/** @param path - a file, or "-" for standard input. */
export const openTextSource = (path: string, terminal: Terminal): TextSource => {
  const { folder, signal } = terminal;
  if (path === "-") {
    const name = "standard input";
    return { name, text: () => decode(name, stoppable(terminal.stdin, signal)) };
  }
  const whole = resolve(folder, path);
  return {
    name: path,
    path: whole,
    text: () => decode(path, readFile(whole, signal)),
  };
};
