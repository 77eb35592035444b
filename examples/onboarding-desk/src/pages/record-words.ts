import type { DeviceReference, EnrollmentState, IsoInstant } from "@enrollkit/core";
import type { HistoryEntry, LedgerRecord } from "@enrollkit/ledger";
import { html } from "hono/html";
import type { Html } from "./layout.js";

/** Which colour a state is shown in. */
type Tone = "waiting" | "good" | "over" | "bad";

/** How far a record has come. */
export interface Standing {
  /** As it stands in the address of a list. */
  readonly name: string;
  readonly word: string;
  readonly tone: Tone;
  readonly sentence: string;
}

const standings = {
  waiting: { word: "Waiting", tone: "waiting", sentence: "No device has come in yet." },
  enrolled: { word: "Enrolled", tone: "good", sentence: "The device has come in." },
  expired: { word: "Run out", tone: "over", sentence: "It ran out before a device came in." },
  revoked: { word: "Taken back", tone: "over", sentence: "It was taken back, and lets nobody in." },
  replaced: { word: "Replaced", tone: "over", sentence: "A newer one has taken its place." },
  unfinished: { word: "Not finished", tone: "bad", sentence: "A device began, and did not finish." },
  "not-known": {
    word: "Not known",
    tone: "waiting",
    sentence: "The vendor cannot tell whether a device came in.",
  },
  "in-doubt": {
    word: "In doubt",
    tone: "bad",
    sentence:
      "The vendor’s answer was lost: nobody knows whether there is an enrollment. Do not make another before you have asked.",
  },
  "not-made": { word: "Not made", tone: "bad", sentence: "There is no enrollment." },
} as const satisfies Record<string, Omit<Standing, "name">>;

type StandingName = keyof typeof standings;

const nameOf = ({ outcome, state, renewedBy }: LedgerRecord): StandingName => {
  if (outcome === "failed" || outcome === "set-aside") return "not-made";
  if (outcome !== "created" || state === undefined) return "in-doubt";
  if (state === "used") return "enrolled";
  if (renewedBy !== undefined && state !== "pending") return "replaced";
  const words = { pending: "waiting", failed: "unfinished", unknown: "not-known" } as const;
  return state === "expired" || state === "revoked" ? state : words[state];
};

export const standingOf = (record: LedgerRecord): Standing => {
  const name = nameOf(record);
  return { name, ...standings[name] };
};

/** Those that a list can be narrowed to. */
export const allStandings: readonly Standing[] = Object.entries(standings).map(([name, standing]) => ({
  name,
  ...standing,
}));

export const badge = ({ word, tone }: Standing): Html => html`<span class="badge ${tone}">${word}</span>`;

/** Whom it is for; a ledger may have forgotten. */
export const personOf = ({ recipient }: LedgerRecord): string =>
  recipient?.name ?? recipient?.email ?? "Somebody";

export const deviceWords = ({ name, serialNumber, id }: DeviceReference): string =>
  serialNumber ?? name ?? id ?? "a device";

const outcomes = {
  planned: "Planned",
  sending: "Sent to the vendor",
  "in-doubt": "The vendor’s answer was lost",
  created: "Made",
  failed: "Not made",
  unknown: "Nobody can tell what became of it",
  "set-aside": "Given up",
} as const satisfies Record<LedgerRecord["outcome"], string>;

const states = {
  pending: "Made",
  used: "Enrolled",
  failed: "Not finished",
  expired: "Run out",
  revoked: "Taken back",
  unknown: "Not known",
} as const satisfies Record<EnrollmentState, string>;

/** What adds to a state who brought it about, where it was not the create itself. */
const causes: Readonly<Record<HistoryEntry["by"], string>> = {
  sync: ", the vendor says",
  status: ", the vendor says",
  message: ", the vendor sent word",
  revoke: " at the desk",
  renew: " for a newer one",
};

/** One line of a record's history. */
export const historyWords = ({ event, by, outcome, state, record }: HistoryEntry): string => {
  if (event === "renews") return `Begun in the place of enrollment ${record ?? "?"}`;
  if (event === "renewed") return `Replaced by enrollment ${record ?? "?"}`;
  if (event === "erased") return "The person was taken out of it";
  if (state === undefined) return outcome === undefined ? event : outcomes[outcome];
  return `${states[state]}${causes[by] ?? ""}`;
};

const formats = new Map<string, Intl.DateTimeFormat>();

const formatFor = (timeZone: string): Intl.DateTimeFormat => {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "medium", timeStyle: "short" });
  formats.set(timeZone, format);
  return format;
};

/** An instant as people at the desk read it. */
export const moment = (instant: IsoInstant, timeZone: string): Html =>
  html`<time datetime="${instant}">${formatFor(timeZone).format(new Date(instant))}</time>`;
