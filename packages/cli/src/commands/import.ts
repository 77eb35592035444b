import { importDevices, type BulkProgress, type DeviceToImport, type ImportOutcome } from "@enrollkit/core";
import { deviceColumns } from "../input/columns.js";
import { openInput } from "../input/read-input.js";
import { failureLines } from "../output/bulk-report.js";
import { createProgressDisplay } from "../output/progress.js";
import { createRowPlaces, printableKey, type RowPlaces } from "../output/row-places.js";
import { table } from "../output/table.js";
import { chooseProviderWith, openSession } from "../session.js";
import {
  exitCodes,
  printResult,
  writeLine,
  type ExitCode,
  type GlobalOptions,
  type Terminal,
} from "../terminal.js";
import { createProviderGate, survey } from "./preflight.js";

export interface ImportCommandOptions extends GlobalOptions {
  readonly provider?: string;
  readonly format?: "csv" | "jsonl";
}

const rowOf = (outcome: ImportOutcome, places: RowPlaces): readonly (string | number)[] => [
  places.lineOf(outcome.index),
  outcome.status,
  outcome.status === "created" ? outcome.device.name : (printableKey(outcome.key) ?? ""),
  outcome.status === "created" ? outcome.device.id : "",
];

/** `enrollkit import`: makes devices known before they enroll. */
export const importCommand = async (
  terminal: Terminal,
  path: string,
  options: ImportCommandOptions,
): Promise<ExitCode> => {
  const input = openInput(path, options.format, deviceColumns, terminal);
  const session = await openSession(terminal, options);
  const provider = chooseProviderWith(session, options.provider, "deviceImport", "import devices");
  const seen = await survey(input, session.service, provider.name);
  await createProviderGate(session.service, terminal.signal)(provider.name);

  const places = createRowPlaces(input);
  const devices = async function* () {
    for await (const { line, value } of input.rows()) {
      places.add(line);
      yield value as unknown as DeviceToImport;
    }
  };
  const outcomes: ImportOutcome[] = [];
  const finish = (): ExitCode => {
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === "created" ? [] : [places.failure(outcome.index, outcome.key, outcome.error)],
    );
    if (!options.json) for (const line of failureLines(failures)) writeLine(terminal.stderr, line);
    printResult(
      terminal,
      options,
      outcomes.map((outcome) => ({
        ...outcome,
        key: printableKey(outcome.key),
        line: places.lineOf(outcome.index),
      })),
      () =>
        table(
          ["LINE", "STATUS", "NAME", "ID"],
          outcomes.map((outcome) => rowOf(outcome, places)),
        ),
    );
    return failures.length === 0 ? exitCodes.done : exitCodes.someFailed;
  };
  const progress = createProgressDisplay(terminal, seen?.rows);
  try {
    const { signal, clock } = terminal;
    const onProgress = (each: BulkProgress) => {
      progress.update(each);
    };
    const options = { signal, clock, total: seen?.rows, onProgress };
    for await (const outcome of importDevices(provider, devices(), options)) {
      outcomes.push(outcome);
    }
  } catch (error) {
    // What was imported is the vendor's now, whatever came after.
    if (outcomes.length > 0) finish();
    throw error;
  } finally {
    progress.stop();
  }
  return finish();
};
