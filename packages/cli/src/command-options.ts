import { Option } from "commander";
import type { ExitCode, Terminal } from "./terminal.js";

/** What every action is called with; commands are loaded when they are called. */
export type Action = (terminal: Terminal) => Promise<ExitCode>;

/** The last lines of a command's help. */
export const example = (...lines: readonly string[]) =>
  `\nExample${lines.length === 1 ? "" : "s"}:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;

export const output = (what: string) =>
  new Option("-o, --output <file>", `${what}; it is created with mode 0600`);

export const overwrite = () => new Option("--overwrite", "replace the output file if it exists");
