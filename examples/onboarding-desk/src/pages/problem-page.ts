import { html } from "hono/html";
import { layout, type Html } from "./layout.js";

/** What a person is told instead of a page. */
export const problemPage = (title: string, sentence: string): Html =>
  layout({
    title,
    main: html`<h1>${title}</h1>
      <p>${sentence}</p>
      <p><a href="/">Back to the enrollments</a></p>`,
  });
