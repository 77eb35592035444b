import { Option, type Command } from "commander";
import { example, output, overwrite, repeatable, type Action } from "./command-options.js";

const file = "a file of `bulk`, of `create --output`, or - for standard input";

const key = () => repeatable("--key <key>", "only the enrollment with this key");
const extras = () =>
  new Option("--extras <file>", "JSON of Android provisioning extras: Wi-Fi, locale, time zone …");

const extrasHelp = `
A file for --extras; passwords come from the environment or from a file:
  { "wifi": { "ssid": "Office", "password": { "$env": "WIFI_PASSWORD" } }, "locale": "de_DE" }`;

const mailSettingsHelp = `
A file for --mail-settings; the password comes from the environment or from a file:
  {
    "smtp": { "host": "mail.company.example", "username": "it", "password": { "$env": "SMTP_PASSWORD" } },
    "from": { "email": "it@company.example", "name": "IT department" },
    "language": "en",
    "timeZone": "Europe/Berlin"
  }
smtp.security is tls (the default), starttls, or none for a server on this machine.`;

/** Adds the commands that bring enrollments to people: they work on files, and call no vendor. */
export const addProvisioningCommands = (program: Command, call: (action: Action) => void): void => {
  program
    .command("qr")
    .description("write the QR code of each enrollment of a file, or draw it in the terminal")
    .argument("<file>", file)
    .addOption(key())
    .addOption(extras())
    .addOption(new Option("-o, --output <folder>", "where the images go, for you alone to read"))
    .addOption(overwrite())
    .addOption(new Option("--format <format>", "of the images").choices(["png", "svg"]).default("png"))
    .addOption(
      new Option("--medium <medium>", "what the images are for")
        .choices(["screen", "print"])
        .default("screen"),
    )
    .addOption(new Option("--reveal", "draw in the terminal, and write nothing").conflicts("output"))
    .addHelpText("after", extrasHelp)
    .addHelpText(
      "after",
      example("enrollkit qr outcomes.jsonl --output codes --format svg", "enrollkit qr ana.json --reveal"),
    )
    .action((path: string, _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/qr.js")).qr(terminal, path, command.optsWithGlobals()),
      );
    });

  program
    .command("sheet")
    .description("make a sheet to print: a card to hand out for each enrollment of a file")
    .argument("<file>", file)
    .addOption(key())
    .addOption(extras())
    .addOption(output("the HTML document"))
    .addOption(overwrite())
    .addOption(
      new Option("--layout <layout>", "one card a page, or six to cut out")
        .choices(["pages", "labels"])
        .default("pages"),
    )
    .addOption(new Option("--language <tag>", "en or de, also with a region: de-AT").default("en"))
    .option("--time-zone <zone>", "in which times are told: Europe/Berlin; default: this machine's")
    .option("--title <text>", "what stands above each name")
    .addHelpText("after", extrasHelp)
    .addHelpText(
      "after",
      example("enrollkit sheet outcomes.jsonl --output sheet.html --layout labels --language de"),
    )
    .action((path: string, _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/sheet.js")).sheet(terminal, path, command.optsWithGlobals()),
      );
    });

  program
    .command("mail")
    .description("mail each enrollment of a file to its recipient, once")
    .argument("[file]", file)
    .addOption(key())
    .addOption(extras())
    .option(
      "--mail-settings <file>",
      "JSON: the mail server, the sender, the language",
      "enrollkit.mail.json",
    )
    .option("--journal <file>", "what was sent, so that nobody is mailed twice; default: beside the input")
    .addOption(
      new Option("--in-doubt <what>", "what to do about a mail of an earlier run whose answer was lost")
        .choices(["leave", "resend"])
        .default("leave"),
    )
    .option("--dry-run <folder>", "write the mails as .eml files, for you alone to read, and send none")
    .option("--check", "connect to the mail server and log in, and send nothing")
    .addOption(output("where the outcomes go, one line each, without addresses and secrets"))
    .addOption(overwrite())
    .addHelpText("after", mailSettingsHelp)
    .addHelpText("after", extrasHelp)
    .addHelpText(
      "after",
      example(
        "enrollkit mail --check",
        "enrollkit mail outcomes.jsonl --dry-run mails",
        "enrollkit mail outcomes.jsonl --output mailed.jsonl",
      ),
    )
    .action((path: string | undefined, _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/mail.js")).mail(terminal, path, command.optsWithGlobals()),
      );
    });

  program
    .command("zero-touch")
    .description('write the "DPC extras" of a zero-touch configuration from one enrollment')
    .argument("<file>", file)
    .addOption(key())
    .addOption(extras())
    .addOption(output("the JSON, with its token"))
    .addOption(overwrite())
    .addOption(new Option("--reveal", "print the JSON, and write nothing").conflicts("output"))
    .addHelpText(
      "after",
      example(
        "enrollkit create --profile sales --uses unlimited --valid-for P30D --output fleet.json",
        "enrollkit zero-touch fleet.json --output dpc-extras.json",
      ),
    )
    .action((path: string, _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/zero-touch.js")).zeroTouch(terminal, path, command.optsWithGlobals()),
      );
    });
};
