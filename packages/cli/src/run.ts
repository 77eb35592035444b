import { CommanderError, type Command } from "commander";
import { commanderExitCode, createProgram } from "./program.js";
import type { ExitCode, GlobalOptions, Terminal } from "./terminal.js";

/** Lets commander neither end the process nor write past the terminal. */
const confine = (command: Command, terminal: Terminal): void => {
  const { stdout, stderr } = terminal;
  command.exitOverride();
  command.configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) });
  for (const each of command.commands) confine(each, terminal);
};

/** The lines of a trace would tear a bar apart that redraws itself. */
const withoutBars = (terminal: Terminal): Terminal =>
  Object.create(terminal, { isInteractive: { value: false } }) as Terminal;

/**
 * Runs one command line.
 *
 * @param words - without the program's own name: `["check", "--json"]`.
 * @returns the exit code; it never throws for what a person did wrong or a vendor refused.
 */
export const run = async (words: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  let action: ((terminal: Terminal) => Promise<ExitCode>) | undefined;
  const program = createProgram((chosen) => {
    action = chosen;
  });
  confine(program, terminal);
  try {
    program.parse(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return commanderExitCode(error.exitCode);
    throw error;
  }
  if (action === undefined) return 0;
  try {
    return await action(program.opts<Partial<GlobalOptions>>().trace ? withoutBars(terminal) : terminal);
  } catch (error) {
    const { reportFailure } = await import("./output/failure.js");
    return reportFailure(terminal, error, program.opts<Partial<GlobalOptions>>());
  }
};
