import { html } from "hono/html";
import type { Notice } from "../sessions.js";

/** A piece of a page. Whatever is filled into one is escaped. */
export type Html = ReturnType<typeof html>;

export interface PageParts {
  /** What the page is about: no secret, for it stands in the browser's history. */
  readonly title: string;
  readonly notice?: Notice | undefined;
  readonly main: Html;
}

const noticeBox = ({ tone, text }: Notice): Html =>
  html`<p class="notice ${tone}" role="${tone === "bad" ? "alert" : "status"}" tabindex="-1" autofocus>
    ${text}
  </p>`;

/** The frame of every page. It works without its script, which only keeps it up to date. */
export const layout = ({ title, notice, main }: PageParts): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} – Onboarding desk</title>
        <link rel="icon" href="/static/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/static/desk.css" />
        <script src="/static/live.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <a class="brand" href="/">Onboarding desk</a>
          <a class="button primary" href="/enrollments/new">New enrollment</a>
        </header>
        <main id="main" tabindex="-1">${notice === undefined ? "" : noticeBox(notice)} ${main}</main>
        <p class="connection" id="connection" role="status" hidden>
          The desk does not answer. What you see may be out of date.
        </p>
        <div class="for-screen-readers" id="announcements" aria-live="polite"></div>
      </body>
    </html>`;

/** The token that ties a form to its browser. */
export const tokenField = (token: string): Html =>
  html`<input type="hidden" name="token" value="${token}" />`;
