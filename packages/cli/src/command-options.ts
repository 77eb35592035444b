import { InvalidArgumentError, Option, type Command } from "commander";
import type { ExitCode, Terminal } from "./terminal.js";

/** What every action is called with; commands are loaded when they are called. */
export type Action = (terminal: Terminal) => Promise<ExitCode>;

/** The last lines of a command's help. */
export const example = (...lines: readonly string[]) =>
  `\nExample${lines.length === 1 ? "" : "s"}:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;

export const output = (what: string) =>
  new Option("-o, --output <file>", `${what}; it is created with mode 0600`);

export const overwrite = () => new Option("--overwrite", "replace the output file if it exists");

export const provider = () =>
  new Option("-p, --provider <name>", "the provider, by its name in the config; default: as the config says");

export const ledger = () =>
  new Option("--ledger <file>", "the ledger's settings; default: enrollkit.ledger.json beside the config");

export const positiveInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0)
    throw new InvalidArgumentError("It must be a whole number above zero.");
  return value;
};

export const concurrency = () =>
  new Option("--concurrency <number>", "how many calls may be under way at once")
    .argParser(positiveInteger)
    .default(8);

/** An option that may be given more than once. */
export const repeatable = (flags: string, description: string, choices?: readonly string[]) => {
  const option = new Option(flags, `${description}; may be given more than once`);
  if (choices !== undefined) option.choices(choices);
  return option.argParser((value: string, earlier: readonly string[] | undefined) => {
    if (choices?.includes(value) === false) {
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
    }
    return [...(earlier ?? []), value];
  });
};

/** What a record may be asked by; the words are those of core and of the ledger, which are not loaded for a `--help`. */
export const recordStates = ["pending", "used", "failed", "expired", "revoked", "unknown"] as const;
export const recordOutcomes = [
  "planned",
  "sending",
  "in-doubt",
  "created",
  "failed",
  "unknown",
  "set-aside",
] as const;

/** Adds the options that say which of the ledger's records are meant. */
export const addRecordFilter = (command: Command): Command =>
  command
    .addOption(repeatable("--state <state>", "what became of the enrollment", recordStates))
    .addOption(repeatable("--outcome <outcome>", "how far the request has come", recordOutcomes))
    .addOption(new Option("-p, --provider <name>", "by its name in the config"))
    .option("--profile <name>", "a profile of the config")
    .option("--run <name>", "the run that they belong to")
    .option("--email <address>", "the recipient's e-mail address")
    .addOption(repeatable("--key <key>", "your own id"));

export const limit = () =>
  new Option("--limit <number>", "how many are shown at most").argParser(positiveInteger).default(100);
