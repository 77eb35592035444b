import type { LedgerRecord } from "@enrollkit/ledger";
import { html } from "hono/html";
import { titleOf } from "../offer.js";
import type { Notice } from "../sessions.js";
import { layout, tokenField, type Html } from "./layout.js";
import { allStandings, badge, deviceWords, moment, personOf, standingOf } from "./record-words.js";

export interface ListView {
  readonly records: readonly LedgerRecord[];
  /** The name of a standing; absent: all. */
  readonly only: string | undefined;
  readonly problems: readonly string[];
  readonly token: string;
  readonly timeZone: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** As many as somebody scrolls through. */
const mostShown = 200;

const when = (record: LedgerRecord, { timeZone }: ListView): Html => {
  const { usedAt, expiresAt, devices, state } = record;
  if (state === "used") {
    const names = devices.map(deviceWords).join(", ");
    return html`${names}${usedAt === undefined ? "" : html` · ${moment(usedAt, timeZone)}`}`;
  }
  if (expiresAt === undefined || expiresAt === "unknown" || expiresAt === "never") return html``;
  if (standingOf(record).name !== "waiting") return html`until ${moment(expiresAt, timeZone)}`;
  return html`until ${moment(expiresAt, timeZone)}
    <span class="left" data-countdown="${expiresAt}" hidden></span>`;
};

const row = (record: LedgerRecord, view: ListView): Html =>
  html`<li>
    <a class="who" href="/enrollments/${record.id}">${personOf(record)}</a>
    <span class="what">${titleOf(record.profile)}</span>
    ${badge(standingOf(record))}
    <span class="when">${when(record, view)}</span>
  </li>`;

const rows = (records: readonly LedgerRecord[], view: ListView): Html => {
  if (records.length === 0) {
    return view.only === undefined
      ? html`<p class="empty">
          Nobody has been given an enrollment in the last 30 days.
          <a href="/enrollments/new">Make the first one</a>
        </p>`
      : html`<p class="empty">There is none. <a href="/">Show all</a></p>`;
  }
  return html`<ul class="rows">
    ${records.slice(0, mostShown).map((record) => row(record, view))}
  </ul>`;
};

const filterLink = (name: string | undefined, word: string, count: number, { only }: ListView): Html =>
  html`<a
    href="${name === undefined ? "/" : `/?state=${name}`}"
    ${name === only ? html`aria-current="page"` : ""}
    >${word} <span class="count">${count}</span></a
  >`;

const filters = (view: ListView): Html => {
  if (view.records.length === 0) return html``;
  const counts = new Map<string, number>();
  for (const record of view.records) {
    const { name } = standingOf(record);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const links = allStandings.flatMap(({ name, word }) => {
    const count = counts.get(name) ?? 0;
    return count === 0 && name !== view.only ? [] : [filterLink(name, word, count, view)];
  });
  return html`<nav class="filters" aria-label="Show only">
    ${filterLink(undefined, "All", view.records.length, view)} ${links}
  </nav>`;
};

/** What of the list changes by itself. */
export const livingList = (view: ListView): Html => {
  const shown = view.records.filter(
    (record) => view.only === undefined || standingOf(record).name === view.only,
  );
  const version = view.records.map((record) => `${record.id}:${standingOf(record).name}`).join(" ");
  return html`<div data-now="${view.now}">
    <div data-live="list" data-version="${version} ${view.problems.length}">
      ${filters(view)} ${view.problems.map((problem) => html`<p class="notice bad">${problem}</p>`)}
      ${rows(shown, view)}
      ${
        shown.length > mostShown
          ? html`<p>The newest ${mostShown} of ${shown.length} are shown; the ledger has them all.</p>`
          : ""
      }
    </div>
  </div>`;
};

export const listPage = (view: ListView, notice: Notice | undefined): Html =>
  layout({
    title: "Enrollments",
    notice,
    main: html`<div class="heading">
        <h1>Enrollments</h1>
        <form method="post" action="/refresh">
          ${tokenField(view.token)}<button>Ask the vendors now</button>
        </form>
      </div>
      <div
        data-poll="${view.only === undefined ? "/live/enrollments" : `/live/enrollments?state=${view.only}`}"
        data-every="10"
      >
        ${livingList(view)}
      </div>`,
  });
