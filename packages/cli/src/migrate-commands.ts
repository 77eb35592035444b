import { Option, type Command } from "commander";
import { concurrency, example, ledger, limit, output, overwrite, type Action } from "./command-options.js";

const what = `
A migration gives each live enrollment of one provider a new one at another, and takes the old one back
once the new one is there. Beforehand, \`migrate plan\` says what neither vendor can do.`;

/** Adds what a migration asks for; `migrate run` takes what is not given from its first start. */
const addTerms = (command: Command): Command =>
  command
    .addOption(
      new Option(
        "--revoke-after <when>",
        "take an old enrollment back once the new one was created, once a device has enrolled by it, or never; default: created",
      ).choices(["created", "enrolled", "never"]),
    )
    .addOption(
      new Option(
        "--valid-for <duration>",
        "lifetime of the new ones; default: as their provider has it",
      ).conflicts("keepExpiry"),
    )
    .option("--keep-expiry", "let each new one live as long as the old one has left")
    .addOption(new Option("--profile <name>", "the profile of all new ones").conflicts("profileMap"))
    .option(
      "--profile-map <file>",
      'JSON: {"old profile": "new profile"}; by default a profile keeps its name',
    )
    .addOption(
      new Option(
        "--on-unsupported <what>",
        "what to do about a wish that the new vendor cannot honour; default: reject",
      ).choices(["reject", "warn"]),
    )
    .addOption(ledger());

/** Adds the commands that move enrollments from one provider to another. */
export const addMigrateCommands = (program: Command, call: (action: Action) => void): void => {
  const migrate = program
    .command("migrate")
    .description("move live enrollments from one provider to another")
    .addHelpText("after", what)
    .addHelpText(
      "after",
      example(
        "enrollkit migrate plan --from phones --to apple",
        "enrollkit migrate run --name spring-move --from phones --to apple",
      ),
    );

  addTerms(
    migrate
      .command("plan")
      .description("what a migration would do, row by row, and what neither vendor can; nothing is changed")
      .requiredOption("--from <provider>", "whose live enrollments are moved")
      .requiredOption("--to <provider>", "who makes new ones"),
  )
    .addHelpText(
      "after",
      example(
        "enrollkit migrate plan --from phones --to apple --keep-expiry",
        "enrollkit migrate plan --from phones --to apple --profile office --json",
      ),
    )
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/migrate-plan.js")).migratePlan(terminal, command.optsWithGlobals()),
      );
    });

  addTerms(
    migrate
      .command("run")
      .description("move them; stopped or killed, the same command goes on, and so does --name alone")
      .requiredOption("--name <name>", "the migration's name")
      .option("--from <provider>", "whose live enrollments are moved; needed at the first start")
      .option("--to <provider>", "who makes new ones; needed at the first start"),
  )
    .addOption(output("the outcomes, with their secrets; default: <name>.outcomes.jsonl"))
    .addOption(overwrite())
    .addOption(concurrency())
    .addHelpText(
      "after",
      example(
        "enrollkit migrate run --name spring-move --from phones --to apple",
        "enrollkit migrate run --name spring-move --from phones --to apple --revoke-after enrolled",
        "enrollkit migrate run --name spring-move",
      ),
    )
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/migrate-run.js")).migrateRun(terminal, command.optsWithGlobals()),
      );
    });

  migrate
    .command("report")
    .description("what has become of each row of a migration; no secret is in it")
    .requiredOption("--name <name>", "the migration's name")
    .addOption(
      new Option("--format <format>", "default: table, and json with --json").choices([
        "table",
        "csv",
        "json",
      ]),
    )
    .addOption(output("default: standard output"))
    .addOption(overwrite())
    .addOption(limit())
    .addOption(ledger())
    .addHelpText(
      "after",
      example(
        "enrollkit migrate report --name spring-move",
        "enrollkit migrate report --name spring-move --format csv --output moved.csv",
      ),
    )
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/migrate-report.js")).migrateReport(terminal, command.optsWithGlobals()),
      );
    });
};
