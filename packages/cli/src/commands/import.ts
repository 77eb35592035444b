import { importDevices, type DeviceToImport, type ImportOutcome } from "@enrollkit/core";
import { deviceColumns } from "../input/columns.js";
import { openInput } from "../input/read-input.js";
import { explainRow } from "../output/failure.js";
import { createProgressDisplay } from "../output/progress.js";
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

export interface ImportCommandOptions extends GlobalOptions {
  readonly provider?: string;
  readonly format?: "csv" | "jsonl";
}

/** `enrollkit import`: makes devices known before they enroll. */
export const importCommand = async (
  terminal: Terminal,
  path: string,
  options: ImportCommandOptions,
): Promise<ExitCode> => {
  const input = openInput(path, options.format, deviceColumns, terminal);
  const { service } = await openSession(terminal, options);
  const provider = chooseProviderWith(service, options.provider, "deviceImport", "does not import devices");
  const progress = createProgressDisplay(terminal, undefined);
  const lines: number[] = [];
  const devices = async function* () {
    for await (const { line, value } of input.rows()) {
      lines.push(line);
      yield value as unknown as DeviceToImport;
    }
  };
  const outcomes: ImportOutcome[] = [];
  for await (const outcome of importDevices(provider, devices(), {
    signal: terminal.signal,
    onProgress: (each) => {
      progress.update(each);
    },
  })) {
    outcomes.push(outcome);
    if (outcome.status === "created") continue;
    writeLine(terminal.stderr, `line ${lines[outcome.index] ?? 0}: ${explainRow(outcome.error)}`);
  }
  progress.stop();
  printResult(terminal, options, outcomes, () =>
    table(
      ["LINE", "STATUS", "NAME", "ID"],
      outcomes.map((outcome) => [
        lines[outcome.index] ?? 0,
        outcome.status,
        outcome.status === "created" ? outcome.device.name : (outcome.key ?? ""),
        outcome.status === "created" ? outcome.device.id : "",
      ]),
    ),
  );
  return outcomes.every(({ status }) => status === "created") ? exitCodes.done : exitCodes.someFailed;
};
