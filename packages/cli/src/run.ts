import { CommanderError, type Command } from "commander";
import { commanderExitCode, createProgram } from "./program.js";
import type { ExitCode, GlobalOptions, Terminal } from "./terminal.js";

/** Lets commander neither end the process nor write past the terminal. */
const confine = (command: Command, terminal: Terminal, complain: (text: string) => void): void => {
  command.exitOverride();
  command.configureOutput({ writeOut: (text) => terminal.stdout.write(text), writeErr: complain });
  for (const each of command.commands) confine(each, terminal, complain);
};

/** What commander says repeats the words of the command line: those that may be a secret are left out. */
const withoutSecretWords = async (complaint: string, words: readonly string[]): Promise<string> => {
  if (complaint === "") return "";
  const { isName } = await import("@enrollkit/core");
  return words
    .flatMap((word) => [word, word.replace(/^--?[\w-]+=/, ""), word.replace(/^--?/, "")])
    .filter((word) => !isName(word))
    .sort((one, other) => other.length - one.length)
    .reduce((text, word) => text.replaceAll(word, "…"), complaint);
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
  let complaint = "";
  confine(program, terminal, (text) => {
    complaint += text;
  });
  try {
    program.parse(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return commanderExitCode(error.exitCode);
    throw error;
  } finally {
    terminal.stderr.write(await withoutSecretWords(complaint, words));
  }
  if (action === undefined) return 0;
  try {
    return await action(program.opts<Partial<GlobalOptions>>().trace ? withoutBars(terminal) : terminal);
  } catch (error) {
    const { reportFailure } = await import("./output/failure.js");
    return reportFailure(terminal, error, program.opts<Partial<GlobalOptions>>());
  }
};
