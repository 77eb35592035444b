import { createProgram } from "../../packages/cli/src/program.js";

type Command = Pick<ReturnType<typeof createProgram>, "commands">;

const leavesOf = (command: Command, path: readonly string[]): readonly string[] =>
  command.commands.length === 0
    ? [path.join(" ")]
    : command.commands.flatMap((each) => leavesOf(each, [...path, each.name()]));

/** Every command of the program, as a person types it: `create`, `ledger erase`. */
export const cliCommands: readonly string[] = leavesOf(
  createProgram(() => undefined),
  [],
);
