import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../output/failure.js";
import type { Terminal } from "../terminal.js";

/** What is read: a file, or standard input. */
export interface TextSource {
  /** How errors name it. */
  readonly name: string;
  /** Whether it can be read more than once. */
  readonly isFile: boolean;
  /** Its text, from the start. */
  text(): AsyncGenerator<string, void, void>;
}

const utf16 = (name: string) =>
  new UsageError(`${name} is UTF-16`, 'save it as UTF-8 (in Excel: "CSV UTF-8")');

const rejectUtf16 = (name: string, bytes: Uint8Array) => {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (hasMark || bytes.subarray(0, 64).includes(0)) throw utf16(name);
};

/** Bytes as text. UTF-8 only: anything else would garble names in silence. */
async function* decode(name: string, chunks: AsyncIterable<unknown>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let started = false;
  const read = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new UsageError(
        `${name}: near line ${line}: not UTF-8`,
        'save it as UTF-8 (in Excel: "CSV UTF-8"); umlauts would be lost otherwise',
      );
    }
  };
  for await (const chunk of chunks) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Uint8Array);
    if (!started) rejectUtf16(name, bytes);
    started = true;
    const text = read(bytes);
    line += text.split("\n").length - 1;
    yield text;
  }
  yield read();
}

/** @param path - a file, or "-" for standard input. */
export const openTextSource = (path: string, { stdin, folder }: Terminal): TextSource => {
  if (path === "-") {
    return { name: "standard input", isFile: false, text: () => decode("standard input", stdin) };
  }
  return {
    name: path,
    isFile: true,
    text: () => decode(path, createReadStream(resolve(folder, path))),
  };
};
