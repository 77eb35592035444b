import { UsageError } from "../output/usage-error.js";
import { longestRow, type InputRow } from "./rows.js";
import type { TextSource } from "./text-source.js";

async function* linesOf(source: TextSource): AsyncGenerator<InputRow<string>, void, void> {
  let rest = "";
  let line = 1;
  const refuseEndless = (text: string) => {
    if (text.length <= longestRow) return;
    throw new UsageError(
      `${source.name}: line ${line}: is longer than ${longestRow.toLocaleString("en-US")} characters`,
      "JSON Lines has one object on each line",
    );
  };
  for await (const chunk of source.text()) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const value of lines) {
      refuseEndless(value);
      yield { line, value };
      line += 1;
    }
    refuseEndless(rest);
  }
  yield { line, value: rest };
}

/**
 * Reads JSON Lines: one object a line; empty lines are fine.
 *
 * @throws UsageError that names the file, the line and what to change.
 */
export async function* readJsonLines(
  source: TextSource,
): AsyncGenerator<InputRow<Record<string, unknown>>, void, void> {
  let any = false;
  for await (const { line, value: text } of linesOf(source)) {
    if (text.trim() === "") continue;
    any = true;
    const place = `${source.name}: line ${line}`;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new UsageError(`${place}: not valid JSON`, "JSON Lines has one object on each line");
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new UsageError(
        `${place}: not an object`,
        'write it as {"key": "…", "recipient": {"email": "…"}}',
      );
    }
    yield { line, value: value as Record<string, unknown> };
  }
  if (!any) throw new UsageError(`${source.name} is empty`, "JSON Lines has one object on each line");
}
