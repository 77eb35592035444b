import type { InputFile } from "../input/read-input.js";
import { withLedger } from "../ledger-session.js";
import { runsTable } from "../output/run-words.js";
import { exitCodes, printResult, type ExitCode, type Terminal } from "../terminal.js";
import { inLines, prepareRun, type RunCommandOptions } from "./prepared-run.js";

/** `enrollkit bulk --queue`: leaves a run to workers. */
export const queueRun = (
  terminal: Terminal,
  input: InputFile,
  options: RunCommandOptions,
): Promise<ExitCode> =>
  withLedger(terminal, options, async ({ ledger }) => {
    const { places, submit } = await prepareRun(terminal, ledger, input, options);
    try {
      const progress = await ledger.submit(submit);
      printResult(terminal, options, progress, () =>
        [
          runsTable([progress]),
          "",
          "`enrollkit work` does it, in as many processes as you like; on other machines with the same ledger",
          `\`enrollkit runs ${options.run} --watch\` shows how far it is, and with --output it writes the outcomes`,
        ].join("\n"),
      );
    } catch (error) {
      throw inLines(error, input, places);
    }
    return exitCodes.done;
  });
