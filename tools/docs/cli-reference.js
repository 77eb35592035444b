// Pages of the command line, from the commands themselves.
import { createProgram } from "../../packages/cli/dist/program.js";

const cell = (text) => text.replaceAll("|", "\\|");
/** Prose goes through a template language: `{{` and `<` are text, nothing else. */
const prose = (text) => cell(text).replaceAll("<", "&lt;").replaceAll("{", "&#123;");
const code = (text) => `\`${cell(text)}\``;

const rows = (head, lines) =>
  lines.length === 0
    ? ""
    : [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const defaultOf = ({ defaultValue }) =>
  defaultValue === undefined
    ? ""
    : code(typeof defaultValue === "string" ? defaultValue : JSON.stringify(defaultValue));

const notesOf = ({ mandatory, argChoices, conflictsWith = [] }, siblings) => {
  const flagsOf = (name) => siblings.find((each) => each.attributeName() === name)?.long ?? `--${name}`;
  return [
    ...(mandatory ? ["required"] : []),
    ...(argChoices ? [`one of ${argChoices.map(code).join(", ")}`] : []),
    ...(conflictsWith.length > 0
      ? [`not with ${conflictsWith.map((name) => code(flagsOf(name))).join(", ")}`]
      : []),
  ].join("; ");
};

const optionTable = (options) =>
  rows(
    ["option", "default", "what it does"],
    options.map((option) => {
      const notes = notesOf(option, options);
      const words = `${prose(option.description)}${notes === "" ? "" : ` (${notes})`}`;
      return [code(option.flags), defaultOf(option), words];
    }),
  );

const argumentTable = (registeredArguments) =>
  rows(
    ["argument", "what it is"],
    registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? "…" : ""}`;
      const presence = argument.required ? "required" : "may be left out";
      const words = argument.description === "" ? presence : `${prose(argument.description)} (${presence})`;
      return [code(name), words];
    }),
  );

/** What `--help` adds after the options: examples, columns, the form of a file. */
const addedHelp = (command) => {
  const lines = [];
  const context = { error: false, command, write: (text) => lines.push(text) };
  command.emit("afterHelp", context);
  return lines.join("").trim();
};

const fullName = (command) => {
  const names = [];
  for (let each = command; each; each = each.parent) names.unshift(each.name());
  return names.join(" ");
};

const describe = (command, level) => {
  const arguments_ = argumentTable(command.registeredArguments);
  const options = optionTable(command.options.filter(({ hidden }) => !hidden));
  const help = addedHelp(command);
  const usage = command.commands.length > 0 ? "<command> [options]" : command.usage();
  return [
    `${"#".repeat(level)} ${fullName(command)}`,
    `${prose(command.description())[0].toUpperCase()}${prose(command.description()).slice(1)}.`,
    `\`\`\`text\n${fullName(command)} ${usage}\n\`\`\``,
    arguments_,
    options,
    help === "" ? "" : `\`\`\`text\n${help}\n\`\`\``,
    ...command.commands.map((each) => describe(each, level + 1)),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
};

/** Hand-written guides that show a command at work. */
const guides = {
  bulk: ["Bulk from CSV", "bulk-from-csv"],
  runs: ["Resume after a crash", "resume-after-a-crash"],
  work: ["Many workers", "many-workers"],
  sheet: ["Print and mail", "print-and-mail"],
  mail: ["Print and mail", "print-and-mail"],
  qr: ["Print and mail", "print-and-mail"],
  simulate: ["Test your app", "test-your-app"],
};

const guideOf = (name) =>
  guides[name] === undefined ? "" : `\n\nAt work: [${guides[name][0]}](../../guides/${guides[name][1]}).`;

/** Every page, by the name of its file without the ending, in the order of `--help`. */
export const cliPages = () => {
  const program = createProgram(() => undefined);
  const global = `## Options of every command\n\n${optionTable(program.options)}`;
  const exitCodes = addedAfterAll(program);
  const index = [
    "# Command line",
    `${program.description()} Every command takes \`--help\`. This reference is made from the commands themselves.`,
    rows(
      ["command", "what it does"],
      program.commands.map((command) => [
        `[${command.name()}](./${command.name()})`,
        prose(command.description()),
      ]),
    ),
    global,
    `## Exit codes\n\n\`\`\`text\n${exitCodes}\n\`\`\``,
  ].join("\n\n");
  const pages = program.commands.map((command) => [
    command.name(),
    `${describe(command, 1)}${guideOf(command.name())}\n\nOptions of every command, and exit codes: [Command line](./).\n`,
  ]);
  return new Map([["index", `${index}\n`], ...pages]);
};

function addedAfterAll(program) {
  const lines = [];
  program.emit("afterAllHelp", { error: false, command: program, write: (text) => lines.push(text) });
  return lines
    .join("")
    .trim()
    .replace(/^Exit codes:\n/, "");
}
