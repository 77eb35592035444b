import { Option, type Command } from "commander";
import {
  addRecordFilter,
  concurrency,
  example,
  ledger,
  limit,
  output,
  overwrite,
  type Action,
} from "./command-options.js";
import { addLedgerCare } from "./ledger-care-commands.js";
import { addMigrateCommands } from "./migrate-commands.js";

const settingsHelp = `
A file for --ledger; keys and passwords come from the environment or from a file:
  { "folder": "ledger", "keys": [{ "$file": "ledger-key" }] }       one process at a time
  { "url": { "$env": "LEDGER_URL" }, "keys": [{ "$env": "LEDGER_KEY" }] }       PostgreSQL, for any number`;

/** Adds the commands that work with the ledger. */
export const addLedgerCommands = (program: Command, call: (action: Action) => void): void => {
  program
    .command("work")
    .description(
      "work on runs that were left with --queue, until Ctrl+C or SIGTERM; what is under way is seen through",
    )
    .addOption(concurrency())
    .option("--until-empty", "end when nothing is left to do")
    .addOption(ledger())
    .addHelpText("after", settingsHelp)
    .addHelpText("after", example("enrollkit work", "enrollkit work --until-empty --concurrency 4"))
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/work.js")).work(terminal, command.optsWithGlobals()),
      );
    });

  program
    .command("runs")
    .description("how far runs have come, over all their workers")
    .argument("[name]", "only this one")
    .option("--watch", "look again and again until they are over")
    .addOption(output("where the outcomes of the run so far go, with their secrets"))
    .addOption(overwrite())
    .addOption(ledger())
    .addHelpText("after", settingsHelp)
    .addHelpText(
      "after",
      example(
        "enrollkit runs",
        "enrollkit runs spring --watch",
        "enrollkit runs spring --output outcomes.jsonl",
      ),
    )
    .action((name: string | undefined, _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/runs.js")).runs(terminal, name, command.optsWithGlobals()),
      );
    });

  program
    .command("expiring")
    .description("enrollments that nobody has used yet and that expire soon, the soonest first")
    .option("--within <duration>", "how soon: 7d, 36h, 90m or P7D", "7d")
    .addOption(new Option("-p, --provider <name>", "by its name in the config"))
    .option("--profile <name>", "a profile of the config")
    .option("--run <name>", "the run that they belong to")
    .addOption(limit())
    .addOption(ledger())
    .addHelpText(
      "after",
      example("enrollkit expiring --within 36h", "enrollkit expiring --run spring --json"),
    )
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/expiring.js")).expiring(terminal, command.optsWithGlobals()),
      );
    });

  program
    .command("renew")
    .description("make new enrollments in the place of old ones, and take the old ones back")
    .argument("[id...]", "the records' ids, as `enrollkit status` shows them")
    .option("--expiring-within <duration>", "all that expire so soon: 7d, 36h, 90m or P7D")
    .option("--valid-for <duration>", "another lifetime than before")
    .option("--keep-old", "leave the old ones as they are")
    .addOption(
      output("where the new enrollments go, one line each, with their secrets").makeOptionMandatory(),
    )
    .addOption(overwrite())
    .addOption(ledger())
    .addHelpText(
      "after",
      example(
        "enrollkit renew 17 18 --output renewed.jsonl",
        "enrollkit renew --expiring-within 36h --valid-for P7D --output renewed.jsonl",
      ),
    )
    .action((ids: string[], _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/renew.js")).renew(terminal, ids, command.optsWithGlobals()),
      );
    });

  program
    .command("sync")
    .description("ask the vendors which enrollments were used, and take note of it")
    .addOption(new Option("-p, --provider <name>", "only this one; with --messages: whose messages they are"))
    .option(
      "--messages <file>",
      "take note of Android's Pub/Sub messages instead, one JSON a line (- for standard input)",
    )
    .addOption(ledger())
    .addHelpText(
      "after",
      example(
        "enrollkit sync",
        "enrollkit sync --provider apple",
        "enrollkit sync --messages messages.jsonl",
      ),
    )
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/sync.js")).sync(terminal, command.optsWithGlobals()),
      );
    });

  addRecordFilter(
    program
      .command("report")
      .description("write the ledger's records for a spreadsheet or a program; no secret is in them"),
  )
    .addOption(new Option("--format <format>", "default: csv, and json with --json").choices(["csv", "json"]))
    .addOption(output("default: standard output"))
    .addOption(overwrite())
    .addOption(ledger())
    .addHelpText(
      "after",
      example(
        "enrollkit report --run spring --output spring.csv",
        "enrollkit report --state pending --format json",
      ),
    )
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/report.js")).report(terminal, command.optsWithGlobals()),
      );
    });

  addMigrateCommands(program, call);
  addLedgerCare(program, call);
};
