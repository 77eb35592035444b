import type { TextSource } from "../src/input/text-source.js";
import { openTextSource } from "../src/input/text-source.js";
import { Readable } from "node:stream";
import { recordingStream } from "./test-terminal.js";

/** Standard input that delivers these bytes, cut at these places. */
export const byteSource = (bytes: string | Uint8Array, cuts: readonly number[] = []): TextSource => {
  const whole = Buffer.from(bytes);
  const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  const chunks = places.slice(1).map((end, place) => whole.subarray(places[place], end));
  return openTextSource("-", {
    stdin: Readable.from(chunks),
    stdout: recordingStream().stream,
    stderr: recordingStream().stream,
    environment: {},
    folder: ".",
    isInteractive: false,
  });
};

/** All rows; if the source breaks, those before and the error. */
export const readAll = async <Row>(rows: AsyncIterable<Row>) => {
  const read: Row[] = [];
  try {
    for await (const row of rows) read.push(row);
  } catch (error) {
    return { read, error };
  }
  return { read, error: undefined };
};
