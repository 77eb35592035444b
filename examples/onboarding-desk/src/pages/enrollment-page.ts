import type { Enrollment, Secret } from "@enrollkit/core";
import { qrSvg, textsFor, type WayIn } from "@enrollkit/provisioning";
import { html, raw } from "hono/html";
import { titleOf } from "../offer.js";
import type { Notice } from "../sessions.js";
import { actions } from "./actions.js";
import type { EnrollmentView } from "./enrollment-view.js";
import { layout, type Html } from "./layout.js";
import { badge, deviceWords, historyWords, moment, personOf, standingOf } from "./record-words.js";

const texts = textsFor("en");

const ending = (expiresAt: Enrollment["expiresAt"], { timeZone, entry }: EnrollmentView): Html => {
  if (expiresAt === "unknown") return html`<p>${entry.product} does not say how long it works.</p>`;
  if (expiresAt === "never") return html`<p>It does not run out.</p>`;
  if (standingOf(entry.record).name !== "waiting") {
    return html`<p>It was to work until ${moment(expiresAt, timeZone)}.</p>`;
  }
  return html`<p class="countdown" role="timer" aria-label="Time left" hidden>
      <span data-countdown="${expiresAt}" data-announced></span>
    </p>
    <p>It works until ${moment(expiresAt, timeZone)}.</p>`;
};

const statePart = (view: EnrollmentView): Html => {
  const { record, product } = view.entry;
  const standing = standingOf(record);
  const { devices, usedAt, expiresAt, renewedBy, renews, detail, error, changedAt } = record;
  const message = error?.["message"];
  const version = [standing.name, changedAt, renewedBy ?? "", view.problems.length].join(" ");
  return html`<section
    class="card"
    data-live="state"
    data-version="${version}"
    data-announce="${standing.word}. ${standing.sentence}"
  >
    <div class="standing">
      <h2 tabindex="-1" id="state">${badge(standing)}</h2>
      <p>${standing.sentence}</p>
    </div>
    ${
      devices.length === 0
        ? ""
        : html`<p>
            Device: <strong>${devices.map(deviceWords).join(", ")}</strong>${
              usedAt === undefined ? "" : html`, ${moment(usedAt, view.timeZone)}`
            }
          </p>`
    }
    ${detail === undefined ? "" : html`<p>${detail}</p>`}
    ${typeof message === "string" ? html`<p>${product}: ${message}</p>` : ""}
    ${expiresAt === undefined || standing.name === "enrolled" ? "" : ending(expiresAt, view)}
    ${
      renewedBy === undefined
        ? ""
        : html`<p>In its place there is <a href="/enrollments/${renewedBy}">enrollment ${renewedBy}</a>.</p>`
    }
    ${
      renews === undefined
        ? ""
        : html`<p>It takes the place of <a href="/enrollments/${renews}">enrollment ${renews}</a>.</p>`
    }
    ${view.problems.map((problem) => html`<p class="notice bad">${problem}</p>`)}
  </section>`;
};

const copyable = (id: string, label: string, value: Secret | undefined): Html =>
  value === undefined
    ? html``
    : html`<div class="copyable">
        <h3 id="${id}-label">${label}</h3>
        <code id="${id}" tabindex="0" aria-labelledby="${id}-label">${value.reveal()}</code>
        <button type="button" data-copy="${id}" hidden>
          Copy<span class="for-screen-readers"> ${label}</span>
        </button>
      </div>`;

/** The only place on any page where a secret stands. */
const openWay = ({ entrance, scan, link, code, token }: WayIn): Html => {
  const { steps, otherwise } = texts.instructions[entrance];
  return html`<section class="card way-in" data-live="way-in" data-version="open">
    <h2>How to get in</h2>
    <div class="columns">
      ${scan === undefined ? "" : html`<div class="qr">${raw(qrSvg(scan))}</div>`}
      <div>
        <ol>
          ${steps.map((step) => html`<li>${step}</li>`)}
        </ol>
        ${otherwise === undefined ? "" : html`<p>${otherwise}</p>`}
        ${copyable("link", texts.labels.link, link)} ${copyable("code", texts.labels.code, code)}
        ${copyable("token", texts.labels.token, token)}
        <p class="hint">${texts.confidential}</p>
      </div>
    </div>
  </section>`;
};

const closedWay = (): Html =>
  html`<section class="card" data-live="way-in" data-version="closed">
    <p class="hint">QR code and link are no longer shown: they let nobody in.</p>
  </section>`;

const historyPart = ({ entry: { history }, timeZone }: EnrollmentView): Html =>
  html`<section class="card" data-live="history" data-version="${history.length}">
    <h2>History</h2>
    <ol class="history">
      ${history.map(
        (each) => html`<li><span>${moment(each.at, timeZone)}</span> <span>${historyWords(each)}</span></li>`,
      )}
    </ol>
  </section>`;

/**
 * What changes by itself. The secrets are not sent again and again: the way in is a part of this only once there is none.
 */
export const livingParts = (view: EnrollmentView): Html =>
  html`<div data-now="${view.now}">
    ${statePart(view)} ${view.entry.way === undefined ? closedWay() : ""} ${actions(view)}
    ${historyPart(view)}
  </div>`;

/** One enrollment: how to get in, what has become of it, and what can be done about it. */
export const enrollmentPage = (view: EnrollmentView, notice: Notice | undefined): Html => {
  const { record, way, product } = view.entry;
  const title = `${personOf(record)}, ${titleOf(record.profile)}`;
  return layout({
    title,
    notice,
    main: html`<p class="back"><a href="/">All enrollments</a></p>
      <h1>${personOf(record)}</h1>
      <p class="lead">
        ${titleOf(record.profile)} ·
        ${product}${
          record.recipient?.email === undefined
            ? ""
            : html` · <span class="address">${record.recipient.email}</span>`
        }
      </p>
      <div class="enrollment" data-poll="/live/enrollments/${record.id}" data-every="3">
        <div class="grid" data-now="${view.now}">
          ${statePart(view)} ${way === undefined ? closedWay() : openWay(way)} ${actions(view)}
          ${historyPart(view)}
        </div>
      </div>`,
  });
};
