import { Option, type Command } from "commander";
import { example, ledger, output, overwrite, positiveInteger, type Action } from "./command-options.js";

/** Adds the commands that look after the ledger itself. */
export const addLedgerCare = (program: Command, call: (action: Action) => void): void => {
  const care = program
    .command("ledger")
    .description("look after the ledger itself")
    .addHelpText(
      "after",
      example("enrollkit ledger history 17", "enrollkit ledger purge --older-than 90d --dry-run"),
    );

  care
    .command("history")
    .description("everything that has become of a record, oldest first")
    .argument("<id>", "the record's id, as `enrollkit status` shows it", positiveInteger)
    .addOption(ledger())
    .addHelpText("after", example("enrollkit ledger history 17"))
    .action((id: number, _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/ledger-history.js")).ledgerHistory(terminal, id, command.optsWithGlobals()),
      );
    });

  care
    .command("secrets")
    .description("write enrollments with the secrets that the ledger has sealed")
    .argument("<id...>", "the records' ids, as `enrollkit status` shows them")
    .addOption(output("one enrollment on each line").makeOptionMandatory())
    .addOption(overwrite())
    .addOption(ledger())
    .addHelpText("after", example("enrollkit ledger secrets 17 18 --output found-again.jsonl"))
    .action((ids: string[], _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/ledger-secrets.js")).ledgerSecrets(
          terminal,
          ids,
          command.optsWithGlobals(),
        ),
      );
    });

  care
    .command("purge")
    .description("delete what is over and done with, and its history")
    .addOption(
      new Option("--before <date>", "what has not changed since: 2026-09-21, or an instant").conflicts(
        "olderThan",
      ),
    )
    .option("--older-than <duration>", "what has not changed for so long: 90d, P1Y")
    .option("--run <name>", "only what belongs to this run")
    .option("--dry-run", "say how much it would be, and delete nothing")
    .addOption(ledger())
    .addHelpText(
      "after",
      example("enrollkit ledger purge --older-than 90d", "enrollkit ledger purge --before 2026-01-01"),
    )
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/ledger-purge.js")).ledgerPurge(terminal, command.optsWithGlobals()),
      );
    });

  care
    .command("erase")
    .description(
      "take every trace of a person out, at once and without asking; enrollments that still live are named",
    )
    .requiredOption("--email <address>", "the person's e-mail address")
    .addOption(ledger())
    .addHelpText("after", example("enrollkit ledger erase --email ana@example.com"))
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/ledger-erase.js")).ledgerErase(terminal, command.optsWithGlobals()),
      );
    });

  care
    .command("rotate-keys")
    .description("seal everything again with the first key of the settings; then the others can go")
    .addOption(ledger())
    .addHelpText("after", example("enrollkit ledger rotate-keys"))
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/ledger-rotate-keys.js")).ledgerRotateKeys(
          terminal,
          command.optsWithGlobals(),
        ),
      );
    });
};
