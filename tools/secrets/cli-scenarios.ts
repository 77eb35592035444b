import { pasted, planted } from "./canaries.js";
import type { PlaceId } from "./places.js";

/** One command line. */
export interface Line {
  /** What stands behind the command. */
  readonly words: readonly string[];
  /** Where its results may show secrets: it was asked for. */
  readonly stdout?: PlaceId;
  readonly stderr?: PlaceId;
  /** `vendor`: also run while vendors fail, and with wrong credentials. */
  readonly calls?: "vendor";
}

const line = (...words: readonly string[]): Line => ({ words });
const calling = (...words: readonly string[]): Line => ({ words, calls: "vendor" });
const revealing = (...words: readonly string[]): Line => ({
  words,
  stdout: "terminalReveal",
  stderr: "terminalReveal",
});
/** A path or an id is shown as it was typed. */
const typing = (...words: readonly string[]): Line => ({ words, stdout: "typed", stderr: "typed" });

const { email } = planted;
const providers = ["eset", "phones", "apple"] as const;
const everyProvider = (lineOf: (provider: string) => Line) => providers.map(lineOf);
const withPasted = (lineOf: (text: string) => Line) => pasted.map(lineOf);

/** What becomes of each command: done, refused by a vendor, and typed wrong. In the order in which they run. */
export const scenarios: Readonly<Record<string, readonly Line[]>> = {
  check: [calling(), ...withPasted((text) => line("--provider", text))],
  capabilities: [line(), line("--provider", "apple"), ...withPasted((text) => line("--provider", text))],
  create: [
    calling("--provider", "apple", "--email", email, "--name", planted.name, "--key", email),
    calling("--provider", "eset", "--profile", "field", "--device-name", "Phone 6"),
    calling(
      "--provider",
      "phones",
      "--email",
      email,
      "--uses",
      "unlimited",
      "--output",
      "phone.json",
      "--overwrite",
    ),
    revealing("--provider", "phones", "--profile", "sales", "--reveal"),
    revealing("--provider", "phones", "--profile", "sales", "--qr"),
    line("--provider", "apple", "--email", `${email}@`),
    ...withPasted((text) => line("--profile", text)),
    ...withPasted((text) => line("--tenant", text, "--provider", "eset")),
    ...withPasted((text) => line("--valid-for", text, "--platform", text)),
    ...withPasted((text) => line("--uses", text, "--delivery", text, "--management", text)),
    ...withPasted((text) => line("--email", `${text} @`, "--provider", text)),
    ...withPasted((text) => typing("--config", text)),
    ...withPasted((text) => line(`--${text}`)),
    ...withPasted((text) => line(text)),
    ...withPasted((text) => line("--on-unsupported", text)),
  ],
  bulk: [
    ...everyProvider((provider) => calling("people.csv", "--provider", provider, "--overwrite")),
    ...everyProvider((provider) => line("people.csv", "--provider", provider, "--dry-run")),
    line("wrong.jsonl", "--overwrite"),
    line("wrong.jsonl", "--dry-run"),
    line("no-heading.csv", "--overwrite"),
    line("broken.jsonl", "--overwrite"),
    ...withPasted((text) => typing(text)),
    ...withPasted((text) => line("people.csv", "--concurrency", text)),
    ...withPasted((text) => line("people.csv", "--format", text)),
  ],
  route: [
    line("people.csv", "--dry-run", "--provider", "phones"),
    line("people.csv", "--dry-run"),
    line("wrong.jsonl", "--dry-run"),
    line("people.csv"),
    ...withPasted((text) => line("people.csv", "--dry-run", "--provider", text)),
  ],
  import: [calling("devices.csv", "--provider", "eset"), line("no-heading.csv", "--provider", "eset")],
  qr: [
    line("people.outcomes.jsonl", "--output", "codes", "--overwrite"),
    line("phone.json", "--extras", "extras.json", "--output", "wifi-codes", "--overwrite"),
    line("phone.json", "--extras", "wrong-extras.json", "--overwrite"),
    line("people.csv"),
    revealing("phone.json", "--reveal"),
    revealing("phone.json", "--extras", "extras.json", "--reveal"),
    ...withPasted((text) => line("people.outcomes.jsonl", "--key", text)),
  ],
  sheet: [
    line("people.outcomes.jsonl", "--overwrite"),
    line("people.csv"),
    line("broken.jsonl"),
    ...withPasted((text) => line("people.outcomes.jsonl", "--time-zone", text, "--language", text)),
  ],
  mail: [
    line("people.outcomes.jsonl", "--dry-run", "mails"),
    line("people.outcomes.jsonl", "--mail-settings", "nowhere.mail.json"),
    line("people.outcomes.jsonl", "--mail-settings", "login.mail.json"),
    line("people.outcomes.jsonl", "--mail-settings", "wrong.mail.json"),
    line("people.outcomes.jsonl", "--output", "mailed.jsonl", "--overwrite"),
    line("--check", "--mail-settings", "login.mail.json"),
    line("--check", "--mail-settings", "nowhere.mail.json"),
    ...withPasted((text) => typing("people.outcomes.jsonl", "--mail-settings", text)),
  ],
  "zero-touch": [
    line("phone.json", "--overwrite"),
    line("phone.json", "--extras", "extras.json"),
    line("people.outcomes.jsonl"),
    revealing("phone.json", "--reveal"),
  ],
  list: [
    { words: ["--provider", "apple"], stdout: "terminalList", calls: "vendor" },
    calling("--provider", "phones"),
    line("--provider", "eset"),
  ],
  "gpo-sccm": [
    calling("--provider", "eset", "--output", "pc.ini", "--overwrite"),
    ...withPasted((text) => line("--profile", text)),
  ],
  revoke: [
    calling("1", "2", "--provider", "apple"),
    calling("1", "2", "--provider", "phones"),
    ...everyProvider((provider) => typing(...pasted, "--provider", provider)),
  ],
  simulate: [line("--folder", "simulation")],
  schema: [line()],
};

const queued = ["people.csv", "--provider", "phones", "--run"] as const;

/** The same with a ledger, in which `bulk`, `create`, `status` and `revoke` take note of what they do. */
export const ledgerScenarios: readonly (readonly [command: string, line: Line])[] = [
  ["bulk", line(...queued, "spring")],
  ["bulk", line("wrong.jsonl", "--provider", "apple", "--run", "wrong")],
  ["bulk", line("people.csv", "--provider", "apple", "--run", `${planted.accessToken}!`)],
  ["bulk", line(...queued, "night", "--queue")],
  ["create", line("--provider", "apple", "--email", email, "--key", email)],
  ["work", line("--until-empty")],
  ["runs", line()],
  ["runs", line("spring", "--output", "spring.jsonl", "--overwrite")],
  ["runs", line(planted.enrollmentToken)],
  ["status", line()],
  ["status", line("--email", email, "--key", email)],
  ["status", typing(...pasted, "--provider", "apple")],
  ["status", line("--ledger", "nowhere.ledger.json")],
  ["status", line("--ledger", "wrong.ledger.json")],
  ["expiring", line("--within", "40d")],
  ["expiring", line("--within", planted.esetPassword)],
  ["renew", line("--expiring-within", "40d", "--output", "renewed.jsonl", "--overwrite")],
  ["renew", line(planted.enrollmentToken, "--output", "renewed.jsonl", "--overwrite")],
  ["sync", line()],
  ["sync", line("--messages", "messages.jsonl", "--provider", "phones")],
  ["report", line()],
  ["report", line("--output", "report.csv", "--overwrite")],
  ["migrate plan", line("--from", "apple", "--to", "phones", "--profile", "sales")],
  ["migrate plan", line("--from", planted.accessToken, "--to", "phones")],
  ["migrate plan", line("--from", "apple", "--to", "phones", "--valid-for", planted.esetPassword)],
  ["migrate run", line("--name", "move", "--from", "apple", "--to", "phones", "--profile", "sales")],
  ["migrate run", line("--name", `${planted.accessToken}!`, "--from", "apple", "--to", "phones")],
  ["migrate report", line("--name", "move")],
  ["migrate report", line("--name", "move", "--output", "move.csv", "--overwrite")],
  ["migrate report", line("--name", planted.enrollmentToken)],
  ["ledger history", line("1")],
  ["ledger history", line(planted.accessToken)],
  ["ledger secrets", line("1", "--output", "found.jsonl", "--overwrite")],
  ["ledger secrets", line(planted.enrollmentToken, "--output", "found.jsonl", "--overwrite")],
  ["ledger purge", line("--before", "2000-01-01")],
  ["ledger purge", line("--before", planted.appliveryToken)],
  ["ledger rotate-keys", line()],
  ["ledger rotate-keys", line("--ledger", "other-key.ledger.json")],
  ["ledger erase", line("--email", `nobody.${email}`)],
];

/** With a ledger that stores recipients, because its owner asked for it. */
export const storingScenarios: readonly (readonly [command: string, line: Line])[] = [
  ["create", line("--provider", "apple", "--email", email, "--name", planted.name)],
  ["status", { words: [], stdout: "terminalRecords" }],
  ["expiring", { words: ["--within", "40d"], stdout: "terminalRecords" }],
  ["report", { words: [], stdout: "terminalRecords" }],
  ["report", line("--output", "report.csv", "--overwrite")],
];
