import { html } from "hono/html";
import type { EnrollmentView } from "./enrollment-view.js";
import { tokenField, type Html } from "./layout.js";

const renewal = (id: number, token: string, hasOld: boolean): Html =>
  html`<form method="post" action="/enrollments/${id}/renew">
    ${tokenField(token)}
    <button>Renew</button>
    <p class="hint">
      ${
        hasOld
          ? "Makes a new one, with a new code and its full time, and takes this one back."
          : "Makes a new one, with a new code and its full time."
      }
    </p>
  </form>`;

/** What cannot be undone is asked twice, with no script. */
const revocation = (id: number, token: string): Html =>
  html`<details>
    <summary class="button">Take back …</summary>
    <form method="post" action="/enrollments/${id}/revoke">
      ${tokenField(token)}
      <p>QR code and link stop working at once. A device that has come in stays.</p>
      <button class="danger">Take it back</button>
    </form>
  </details>`;

const simulatedDevice = (id: number, token: string): Html =>
  html`<form class="demo" method="post" action="/enrollments/${id}/simulated-device">
    ${tokenField(token)}
    <p class="hint">
      <strong>Only in this demo:</strong> the vendors are simulated, so no real phone can get in. A simulated
      one can.
    </p>
    <button>Let a simulated device in</button>
  </form>`;

/** What can be done about an enrollment. */
export const actions = ({ entry, token, hasSimulatedDevice }: EnrollmentView): Html => {
  const { record, way, canRenew, canRevoke, product } = entry;
  const { id } = record;
  const isDoubtful = record.outcome === "in-doubt" || record.outcome === "unknown";
  const version = [canRenew, canRevoke, way === undefined, isDoubtful].join(" ");
  const isNothing = !canRenew && !canRevoke && way === undefined && !isDoubtful;
  return html`<section class="card actions" data-live="actions" data-version="${version}">
    <h2>What you can do</h2>
    ${isNothing ? html`<p>There is nothing left to do.</p>` : ""}
    ${
      isDoubtful
        ? html`<form method="post" action="/refresh">
            ${tokenField(token)}<button>Ask the vendors now</button>
          </form>`
        : ""
    }
    ${canRenew ? renewal(id, token, canRevoke) : ""} ${canRevoke ? revocation(id, token) : ""}
    ${
      way !== undefined && !canRevoke
        ? html`<p class="hint">${product} cannot take an enrollment back.</p>`
        : ""
    }
    ${hasSimulatedDevice && way !== undefined ? simulatedDevice(id, token) : ""}
  </section>`;
};
