import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createEnrollments, revealEnrollment } from "@enrollkit/core";
import { parse } from "csv-parse";

/** An empty cell is a field that is not there. */
const cell = (text) => (text === "" ? undefined : text);

/** One request for each row; the file is read as fast as outcomes are taken, so it may be of any length. */
async function* requestsOf(path) {
  for await (const row of createReadStream(path).pipe(parse({ columns: true, bom: true }))) {
    yield {
      key: cell(row.key),
      recipient: { email: cell(row.email), name: cell(row.name) },
      device: { name: cell(row.device) },
      validFor: cell(row.lifetime),
    };
  }
}

/**
 * Enrolls everybody in a CSV file, and writes one line of JSON for each row.
 *
 * @param output - a new file, with the links in it: for its owner alone.
 * @param show - hears of every row that failed.
 * @returns how many rows came to which end.
 */
export const enrollFile = async (provider, input, output, show) => {
  const counts = { created: 0, failed: 0, unknown: 0 };
  const file = await open(output, "wx", 0o600);
  try {
    for await (const outcome of createEnrollments(provider, requestsOf(input))) {
      counts[outcome.status] += 1;
      if (outcome.status === "created") {
        await file.write(
          `${JSON.stringify({ ...outcome, enrollment: revealEnrollment(outcome.enrollment) })}\n`,
        );
        continue;
      }
      await file.write(`${JSON.stringify(outcome)}\n`);
      // "unknown": the vendor may have made it. Look there before you send it again.
      const { code, message, advice } = outcome.error;
      show(`${outcome.key}: ${outcome.status}, ${code}: ${message}${advice ? `; ${advice}` : ""}`);
    }
  } finally {
    await file.close();
  }
  return counts;
};
