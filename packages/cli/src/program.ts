import { createRequire } from "node:module";
import { Command, InvalidArgumentError, Option } from "commander";
import {
  addRecordFilter,
  concurrency,
  example,
  ledger,
  limit,
  output,
  overwrite,
  provider,
  type Action,
} from "./command-options.js";
import { deviceColumns, enrollmentColumns, type Columns } from "./input/columns.js";
import { addLedgerCommands } from "./ledger-commands.js";
import { addProvisioningCommands } from "./provisioning-commands.js";
import { exitCodes, type ExitCode } from "./terminal.js";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** The two ports behind it are taken too. */
const lastFirstPort = 65_533;

const port = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > lastFirstPort) {
    throw new InvalidArgumentError(`It must be a port from 1 to ${lastFirstPort}, or 0 for free ones.`);
  }
  return value;
};

const columnsOf = (columns: Columns) => `\nColumns: ${Object.keys(columns).join(", ")}`;

const exitCodeHelp = `
Exit codes:
    0  everything was done
    1  some rows failed; the output file says which and why
    2  the command line, an input file or the config is wrong
    3  a vendor or the ledger refused, or cannot be reached
  130  stopped by Ctrl+C; the output file holds what was done
`;

const format = () =>
  new Option("--format <format>", "what the input is; default: by the file's name").choices(["csv", "jsonl"]);
const onUnsupported = () =>
  new Option("--on-unsupported <what>", "what to do about a wish that the vendor cannot honour")
    .choices(["reject", "warn"])
    .default("reject");

/** The command line as commander sees it. `call` is handed what the person asked for. */
export const createProgram = (call: (action: Action) => void): Command => {
  const program = new Command("enrollkit")
    .description("Enroll devices with any MDM: one command, one config, every vendor.")
    .version(version, "-v, --version")
    .option("-c, --config <file>", "the config file", "enrollkit.config.json")
    .option("--json", "print JSON")
    .option("--debug", "print the stack of an error")
    .option("--trace", "print a line before and after every call to a vendor, without secrets")
    .addHelpText("after", example("enrollkit simulate", "enrollkit bulk people.csv --dry-run"))
    .addHelpText("afterAll", exitCodeHelp)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(add --help for the options)");

  program
    .command("check")
    .description("ask every vendor whether the config works; nothing is changed there")
    .addOption(provider())
    .addHelpText("after", example("enrollkit check", "enrollkit check --provider phones --json"))
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/check.js")).check(terminal, command.optsWithGlobals()),
      );
    });

  program
    .command("capabilities")
    .description("compare what the vendors can do, in numbers; needs no config")
    .option("-p, --provider <name>", "a provider of the config instead: what it and its members can do")
    .addHelpText("after", example("enrollkit capabilities", "enrollkit capabilities --provider devices"))
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/capabilities.js")).capabilities(terminal, command.optsWithGlobals()),
      );
    });

  program
    .command("create")
    .description("create one enrollment")
    .addOption(provider())
    .option("--key <text>", "your own id, to find the enrollment again")
    .option("--profile <name>", "a profile of the config")
    .option("--tenant <name>", "whose enrollment it is; for the rules of a router")
    .option("--platform <platform>", "android, ios, ipados, macos …")
    .option("--management <mode>", "fully-managed, work-profile, dedicated …")
    .option("--ownership <ownership>", "company or personal")
    .option("--email <address>", "the recipient's e-mail address")
    .option("--name <text>", "the recipient's name")
    .option("--device-id <id>", "the vendor's id of a device that it knows")
    .option("--device-name <text>", "the device's name")
    .option("--device-description <text>", "the device's description")
    .option("--serial-number <text>", "the device's serial number")
    .option("--valid-for <duration>", "lifetime: PT1H, P7D")
    .option("--uses <number>", "one, unlimited or a number")
    .option("--tags <list>", "labels, with | between them")
    .option("--additional-data <text>", "text that comes back with the enrolled device")
    .option("--delivery <delivery>", "return or vendor-email")
    .addOption(output("where the enrollment goes, with its secrets"))
    .addOption(overwrite())
    .addOption(onUnsupported())
    .option("--qr", "draw the QR code in the terminal")
    .option("--reveal", "print the secrets")
    .addOption(ledger())
    .addHelpText(
      "after",
      example(
        "enrollkit create --provider phones --profile sales --valid-for P1D --qr",
        "enrollkit create --provider apple --email ana@example.com --output ana.json",
      ),
    )
    .action((_, command: Command) => {
      const options = command.optsWithGlobals<Record<string, string>>();
      const fields = Object.fromEntries(
        Object.entries(options).map(([option, value]) => [
          option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
          value,
        ]),
      );
      call(async (terminal) =>
        (await import("./commands/create.js")).create(terminal, {
          ...command.optsWithGlobals(),
          fields,
        }),
      );
    });

  program
    .command("bulk")
    .description("create an enrollment for each row of a CSV or JSON Lines file (- for standard input)")
    .argument("<input>")
    .addOption(output("where the outcomes go, one line each, with their secrets"))
    .addOption(overwrite())
    .addOption(provider())
    .addOption(format())
    .addOption(onUnsupported())
    .addOption(concurrency())
    .option(
      "--run <name>",
      "record each row in the ledger: killed and started again, it goes on where it was",
    )
    .addOption(
      new Option("--queue", "leave the run to `enrollkit work`, in any number of processes").conflicts([
        "output",
        "overwrite",
      ]),
    )
    .addOption(ledger())
    .option("--dry-run", "hold every row against what its vendor can do, and call nobody")
    .addHelpText("after", columnsOf(enrollmentColumns))
    .addHelpText(
      "after",
      example(
        "enrollkit bulk people.csv --output outcomes.jsonl",
        "enrollkit bulk people.csv --dry-run",
        "enrollkit bulk people.csv --run spring",
        "enrollkit bulk people.csv --run spring --queue",
      ),
    )
    .action((input: string, _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/bulk.js")).bulk(terminal, input, command.optsWithGlobals()),
      );
    });

  program
    .command("route")
    .description("say for each row of a CSV or JSON Lines file which rule sends it where; calls nobody")
    .argument("<input>")
    .addOption(provider())
    .addOption(format())
    .option("--dry-run", "required, for nothing is ever sent; `enrollkit bulk` sends")
    .addHelpText("after", columnsOf(enrollmentColumns))
    .addHelpText("after", example("enrollkit route people.csv --dry-run --provider devices"))
    .action((input: string, _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/route.js")).route(terminal, input, command.optsWithGlobals()),
      );
    });

  program
    .command("import")
    .description("make the devices of a CSV or JSON Lines file known before they enroll")
    .argument("<input>")
    .addOption(provider())
    .addOption(format())
    .addHelpText("after", columnsOf(deviceColumns))
    .addHelpText("after", example("enrollkit import devices.csv --provider eset"))
    .action((input: string, _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/import.js")).importCommand(terminal, input, command.optsWithGlobals()),
      );
    });

  addProvisioningCommands(program, call);
  addLedgerCommands(program, call);

  program
    .command("list")
    .description("list the live enrollments of a provider, without their secrets")
    .addOption(provider())
    .addHelpText("after", example("enrollkit list --provider phones"))
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/list.js")).list(terminal, command.optsWithGlobals()),
      );
    });

  addRecordFilter(
    program
      .command("status")
      .description(
        "what became of enrollments, and which devices used them: with ids as the vendor says it now",
      )
      .argument("[id...]", "the vendor's ids; without any: the records of the ledger"),
  )
    .addOption(limit())
    .addOption(ledger())
    .addHelpText(
      "after",
      example(
        "enrollkit status 65a1b2c3d4e5f60718293b01 --provider apple",
        "enrollkit status --run spring --state pending",
      ),
    )
    .action((ids: string[], _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/status.js")).status(terminal, ids, command.optsWithGlobals()),
      );
    });

  program
    .command("revoke")
    .description("take enrollments back; devices that have enrolled stay")
    .argument("<id...>")
    .addOption(provider())
    .addOption(ledger())
    .addHelpText("after", example("enrollkit revoke 65a1b2c3d4e5f60718293b01 --provider apple"))
    .action((ids: string[], _, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/revoke.js")).revoke(terminal, ids, command.optsWithGlobals()),
      );
    });

  program
    .command("gpo-sccm")
    .description("make the file for silent deployment by group policy or SCCM")
    .addOption(provider())
    .option("--profile <name>", "a profile of the config: the group that computers join")
    .addOption(output("default: the name that the vendor's installer expects"))
    .addOption(overwrite())
    .addHelpText("after", example("enrollkit gpo-sccm --provider eset --output install_config.ini"))
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/gpo-sccm.js")).gpoSccm(terminal, command.optsWithGlobals()),
      );
    });

  program
    .command("simulate")
    .description("start local simulators of every vendor, and write a config and a ledger for them")
    .option("--folder <folder>", "where the config and its secrets go", "enrollkit-simulation")
    .addOption(
      new Option("--port <port>", "the first of three ports; default: free ones").argParser(port).default(0),
    )
    .addHelpText(
      "after",
      example("enrollkit simulate", "enrollkit --config enrollkit-simulation/enrollkit.config.json check"),
    )
    .action((_, command: Command) => {
      call(async (terminal) =>
        (await import("./commands/simulate.js")).simulate(terminal, command.optsWithGlobals()),
      );
    });

  program
    .command("schema")
    .description("print the JSON Schema of a config file, for editors")
    .addHelpText("after", example("enrollkit schema > enrollkit.schema.json"))
    .action(() => {
      call(async (terminal) => (await import("./commands/schema.js")).schema(terminal));
    });

  return program;
};

/** The exit code for a command line that commander itself has answered. */
export const commanderExitCode = (exitCode: number): ExitCode =>
  exitCode === 0 ? exitCodes.done : exitCodes.usage;
