import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Workplace } from "../../packages/cli/test/simulated.js";
import { pasted, planted } from "./canaries.js";
import { textOfPng } from "./pictures.js";
import type { PlaceId } from "./places.js";
import type { Watch } from "./watch.js";

const { email, name } = planted;

/** A cell of CSV. */
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

const people = [
  "key,profile,email,name,device_name,valid_for,delivery",
  `a,sales,${email},${name},Phone 1,,`,
  `b,${email},${email},,Phone 2,,`,
  `c,,${email},,Phone 3,${email},`,
  `d,,${email},,Phone 4,,${email}`,
  `${email},,not-an-address-${email}@,,Phone 5,,`,
  ...pasted.map(
    (text, index) => `p${index},${cell(text)},${email},,Phone p${index},${cell(text)},${cell(text)}`,
  ),
  "",
].join("\n");

const jsonLines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

const fields = [
  "profile",
  "platform",
  "management",
  "ownership",
  "email",
  "uses",
  "valid_for",
  "delivery",
] as const;

const wrongRows = pasted.flatMap((text, index) => [
  ...fields.map((field) => ({ key: `${field}-${index}`, [field]: text })),
  { key: `unknown-${index}`, [text]: text },
  { key: `nested-${index}`, recipient: { email: text, [text]: text }, extras: { [text]: text } },
]);

const nobodyListens = { host: "127.0.0.1", port: 9, security: "none" };
const from = { email, name };

const inputs = (mail: object): Readonly<Record<string, string>> => ({
  "people.csv": people,
  "wrong.jsonl": jsonLines(wrongRows),
  "no-heading.csv": `Ana,${email}\n${planted.accessToken},${cell(planted.wifiPassword)}\n`,
  "broken.jsonl": `{"key": ${planted.accessToken}\n${email}\n`,
  "devices.csv": `key,name,kind,profile\na,Device 1,,\n${email},Device 1,,\nb,Device 2,${planted.accessToken},${planted.email}\n`,
  "extras.json": JSON.stringify({ wifi: { ssid: "Office", password: { $env: "WIFI_PASSWORD" } } }),
  "wrong-extras.json": JSON.stringify({
    wifi: { ssid: "Office", password: planted.wifiPassword },
    [planted.email]: 1,
  }),
  "enrollkit.mail.json": JSON.stringify({ ...mail, from }),
  "nowhere.mail.json": JSON.stringify({ smtp: nobodyListens, from, timeZone: "Europe/Berlin" }),
  "login.mail.json": JSON.stringify({
    ...mail,
    smtp: {
      ...(mail as { smtp: object }).smtp,
      username: email,
      password: { $env: "SMTP_PASSWORD" },
    },
    from,
  }),
  "wrong.mail.json": JSON.stringify({
    smtp: { host: email, password: planted.smtpPassword },
    [email]: email,
  }),
  "messages.jsonl": jsonLines([
    {
      message: {
        attributes: { notificationType: "ENROLLMENT" },
        data: Buffer.from(email).toString("base64"),
      },
    },
    { [planted.accessToken]: planted.enrollmentToken },
  ]),
  "nowhere.ledger.json": JSON.stringify({ url: { $env: "LEDGER_URL" } }),
  "wrong.ledger.json": JSON.stringify({
    folder: "ledger",
    keys: [planted.ledgerKey],
    [planted.email]: email,
  }),
  "other-key.ledger.json": JSON.stringify({ folder: "ledger", keys: [{ $env: "OTHER_LEDGER_KEY" }] }),
});

/** The variables that the files refer to. */
export const inputEnvironment = {
  WIFI_PASSWORD: planted.wifiPassword,
  SMTP_PASSWORD: planted.smtpPassword,
  LEDGER_KEY: planted.ledgerKey,
  OTHER_LEDGER_KEY: planted.otherLedgerKey,
  LEDGER_URL: `postgres://${encodeURIComponent(email)}:${encodeURIComponent(planted.databasePassword)}@127.0.0.1:9/x`,
} as const;

/** Writes what a person has, with secrets in the right and in the wrong columns. @returns the files' names. */
export const writeInputs = async ({ write }: Workplace, mail: object): Promise<ReadonlySet<string>> => {
  const files = inputs(mail);
  for (const [file, content] of Object.entries(files)) await write(file, content);
  return new Set([...Object.keys(files), "enrollkit.config.json", "enrollkit.ledger.json"]);
};

/** Which place a file is, by its name. A file of another name may hold nothing. */
const filePlaces: readonly (readonly [RegExp, PlaceId])[] = [
  [
    /^(?:people|wrong|move)\.outcomes\.jsonl$|^(?:phone\.json|spring\.jsonl|renewed\.jsonl|found\.jsonl)$/,
    "outcomes",
  ],
  [/^(?:codes|wifi-codes)\//, "images"],
  [/\.html$/, "sheet"],
  [/^mails\//, "mails"],
  [/\.dpc-extras\.json$/, "zeroTouch"],
  [/^pc\.ini$/, "deployment"],
  [/^report\.csv$/, "report"],
  [/^simulation\//, "simulation"],
  [/^ledger\//, "ledgerFiles"],
];

/** Looks at every file that commands have left. @returns how many there are. */
export const lookAtFolder = async (watch: Watch, { folder }: Workplace, inputFiles: ReadonlySet<string>) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let files = 0;
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const file = relative(folder, path);
    if (!entry.isFile() || inputFiles.has(file)) continue;
    files += 1;
    const place = filePlaces.find(([pattern]) => pattern.test(file))?.[1];
    const content = await readFile(path);
    const { mode } = await stat(path);
    // What is in no list is for its owner alone as well.
    if (place === undefined && (mode & 0o077) !== 0)
      watch.complain(`the file ${file} is not for its owner alone`);
    watch.lookAtFile(`the file ${file}`, content, mode, place);
    if (file.endsWith(".png")) watch.lookAtText(`the picture ${file}`, textOfPng(content), place);
  }
  return files;
};
