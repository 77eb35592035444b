import type { CanaryKind } from "./canaries.js";

/** Which part of the suite must have seen it. */
export type Suite = "library" | "providers" | "cli" | "ledger";

/** Somewhere that a secret may be. Whatever is not in the list is a leak. */
export interface Place {
  /** What it is, for a reader of docs/secrets.md. */
  readonly what: string;
  readonly suite: Suite;
  readonly kinds: readonly CanaryKind[];
  readonly why: string;
  /** Of a file: it is written so that only its owner can read it. */
  readonly mode?: 0o600;
}

/** Each must have been seen with each of its kinds: what is no longer true does not stay in the list. */
export const places = {
  reveal: {
    what: "what `Secret.reveal()` returns",
    suite: "library",
    kinds: ["credential", "access-token", "enrollment", "wifi-password"],
    why: "the one way to a value; a `Secret` shows `[redacted]` everywhere else",
  },
  recipient: {
    what: "`recipient` of an enrollment, of a summary, and of a ledger's record",
    suite: "providers",
    kinds: ["person"],
    why: "whom it is for: what the request said, or the vendor's list",
  },
  recipients: {
    what: "what the role `recipients` returns",
    suite: "providers",
    kinds: ["person"],
    why: "it is the directory of people",
  },
  vendor: {
    what: "calls to the vendor itself",
    suite: "providers",
    kinds: ["credential", "access-token", "person"],
    why: "it gets its credentials and whom an enrollment is for, in headers and bodies",
  },
  vendorUrl: {
    what: "URLs of calls to the vendor",
    suite: "providers",
    kinds: ["credential", "access-token", "enrollment", "person"],
    why: "the id that you ask for is part of one, whatever you take for an id; Applivery looks people up by their address. HTTPS covers it, and no hook hears either",
  },
  schemaError: {
    what: "the `ZodError` of an exported schema that you call yourself",
    suite: "library",
    kinds: ["credential", "access-token", "enrollment", "wifi-password", "person"],
    why: "zod repeats the names of fields that it does not know; `parseInput()` leaves out what could be a secret",
  },
  revealed: {
    what: "what `revealEnrollment()` returns",
    suite: "library",
    kinds: ["enrollment", "person"],
    why: "JSON for a file that only its owner can read; it is asked for by name",
  },
  key: {
    what: "the `clientEmail` of a service account's key",
    suite: "library",
    kinds: ["person"],
    why: "Google wants it in each assertion; the key beside it is a `Secret`",
  },
  sheetHtml: {
    what: "what `sheet()` and `sheetHtml()` return",
    suite: "library",
    kinds: ["enrollment", "person"],
    why: "a card to hand out; a name heads it, an address only where there is no name",
  },
  picture: {
    what: "what `qrSymbol()`, `qrPng()`, `qrSvg()` and `terminalQr()` return",
    suite: "library",
    kinds: ["enrollment", "wifi-password"],
    why: "a picture for a camera holds what the camera shall read",
  },
  mailTo: {
    what: "`to` of what `composeMessage()` returns",
    suite: "library",
    kinds: ["person"],
    why: "a mail needs an address; text, HTML and QR code of the mail are `Secret`s",
  },
  mailFile: {
    what: "files of `writeMessages()`",
    suite: "library",
    kinds: ["enrollment", "person"],
    why: "the mail as it would be sent",
    mode: 0o600,
  },
  ownKey: {
    what: "your own `key` of a request, wherever that goes, if you make it an address",
    suite: "providers",
    kinds: ["person"],
    why: "it is yours, and finds the enrollment again; make it no secret",
  },
  ledgerKey: {
    what: "the ledger's column `key`",
    suite: "ledger",
    kinds: ["person"],
    why: "as above",
  },
  ledgerRecipient: {
    what: "the ledger's column `recipient`",
    suite: "ledger",
    kinds: ["person"],
    why: 'only with `recipients: "store"`; by default there is only a fingerprint',
  },
  ledgerFiles: {
    what: "the files of a ledger's folder",
    suite: "cli",
    kinds: ["person"],
    why: "the database's own; they hold what its columns hold, and old versions of it until it clears them away",
  },
  terminalReveal: {
    what: "the terminal, after `create --reveal`, `qr --reveal`, `zero-touch --reveal`, `create --qr`",
    suite: "cli",
    kinds: ["enrollment", "wifi-password"],
    why: "the person asked to see them",
  },
  typed: {
    what: "the terminal: the path of a file, and the id for `revoke` and `status`, as you typed it",
    suite: "cli",
    kinds: ["credential", "access-token", "enrollment", "wifi-password", "person"],
    why: "what was not found has to be named; a secret is neither a path nor an id",
  },
  terminalList: {
    what: "the terminal, after `list`",
    suite: "cli",
    kinds: ["person"],
    why: "it is there to say whom an enrollment is for",
  },
  terminalRecords: {
    what: "the terminal, after `status`, `expiring` and `report`",
    suite: "cli",
    kinds: ["person"],
    why: 'only with `"recipients": "store"`',
  },
  outcomes: {
    what: "the output files of `bulk`, `create`, `runs`, `renew`, `migrate run` and `ledger secrets`",
    suite: "cli",
    kinds: ["enrollment", "person"],
    why: "what was created, with what lets a device in",
    mode: 0o600,
  },
  images: {
    what: "the images of `qr`",
    suite: "cli",
    kinds: ["enrollment", "wifi-password"],
    why: "a picture for a camera holds what the camera shall read",
    mode: 0o600,
  },
  sheet: {
    what: "the document of `sheet`",
    suite: "cli",
    kinds: ["enrollment", "person"],
    why: "cards to hand out",
    mode: 0o600,
  },
  mails: {
    what: "the folder of `mail --dry-run`",
    suite: "cli",
    kinds: ["enrollment", "person"],
    why: "the mails as they would be sent",
    mode: 0o600,
  },
  zeroTouch: {
    what: "the output file of `zero-touch`",
    suite: "cli",
    kinds: ["enrollment"],
    why: "the DPC extras hold the token",
    mode: 0o600,
  },
  deployment: {
    what: "the output file of `gpo-sccm`",
    suite: "cli",
    kinds: ["enrollment"],
    why: "whoever has it can enroll",
    mode: 0o600,
  },
  report: {
    what: "the output file of `report`",
    suite: "cli",
    kinds: ["person"],
    why: 'only with `"recipients": "store"`; no secret is in it',
    mode: 0o600,
  },
  simulation: {
    what: "the folder of `simulate`",
    suite: "cli",
    kinds: ["credential"],
    why: "credentials of simulators, made up for the run",
    mode: 0o600,
  },
} as const satisfies Record<string, Place>;

export type PlaceId = keyof typeof places;

export const placeOf = (id: PlaceId): Place => places[id];

/** Words for a reader. */
export const kindWords: Readonly<Record<CanaryKind, string>> = {
  credential: "credentials",
  "access-token": "access tokens",
  enrollment: "tokens, links, codes, files that let a device in",
  "wifi-password": "Wi-Fi passwords",
  person: "e-mail addresses and names",
};
