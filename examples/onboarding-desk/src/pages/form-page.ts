import { html } from "hono/html";
import { somebodyElse, type FieldName, type FormProblem, type FormValues } from "../enrollment-form.js";
import { lifetimes, profiles, type Person, type Profile } from "../offer.js";
import { layout, tokenField, type Html } from "./layout.js";

export interface FormView {
  readonly values: FormValues;
  readonly problems: readonly FormProblem[];
  readonly people: readonly Person[];
  readonly token: string;
}

const labels: Readonly<Record<FieldName, string>> = {
  profile: "Profile",
  person: "Person",
  name: "Name",
  email: "E-mail address",
  lifetime: "Works for",
};

/** Where a link in the summary leads: the first thing of a field that can be typed in or chosen. */
const anchorOf = (field: FieldName): string =>
  field === "profile" ? `profile-${profiles[0]?.name ?? ""}` : field;

const summaryLine = ({ field, message }: FormProblem): Html =>
  field === undefined
    ? html`<li>${message}</li>`
    : html`<li><a href="#${anchorOf(field)}">${labels[field]}: ${message}</a></li>`;

const summary = (problems: readonly FormProblem[]): Html =>
  html`<div class="summary" role="alert" tabindex="-1" autofocus aria-labelledby="summary-title">
    <h2 id="summary-title">Nothing was made yet</h2>
    <ul>
      ${problems.map(summaryLine)}
    </ul>
  </div>`;

const problemAt = (field: FieldName, { problems }: FormView): FormProblem | undefined =>
  problems.find((problem) => problem.field === field);

const problemLine = (field: FieldName, view: FormView): Html => {
  const problem = problemAt(field, view);
  return problem === undefined
    ? html``
    : html`<p class="problem" id="${field}-problem">
        <span class="for-screen-readers">Error:</span> ${problem.message}
      </p>`;
};

/** Tells a screen reader of the hint, and of what is wrong. */
const described = (field: FieldName, view: FormView): Html =>
  problemAt(field, view) === undefined
    ? html`aria-describedby="${field}-hint"`
    : html`aria-describedby="${field}-hint ${field}-problem" aria-invalid="true"`;

const profileChoice = ({ name, title, hint }: Profile, view: FormView): Html =>
  html`<div class="choice">
    <input
      type="radio"
      name="profile"
      id="profile-${name}"
      value="${name}"
      required
      aria-describedby="profile-${name}-hint"
      ${view.values.profile === name ? html`checked` : ""}
    />
    <label for="profile-${name}">${title}</label>
    <p class="hint" id="profile-${name}-hint">${hint}</p>
  </div>`;

const option = (value: string, words: string, chosen: string, extra: Html = html``): Html =>
  html`<option value="${value}" ${extra} ${value === chosen ? html`selected` : ""}>${words}</option>`;

const personField = (view: FormView): Html =>
  html`<div class="field">
    <label for="person">Person</label>
    <p class="hint" id="person-hint">Who gets the device.</p>
    ${problemLine("person", view)}
    <select id="person" name="person" required ${described("person", view)}>
      ${option("", "Choose a person", view.values.person)}
      ${view.people.map(({ id, name, email }) => option(id, `${name}, ${email}`, view.values.person))}
      ${option(somebodyElse, "Somebody else", view.values.person, html`data-somebody-else`)}
    </select>
  </div>`;

const textField = (field: "name" | "email", hint: string, view: FormView): Html =>
  html`<div class="field">
    <label for="${field}">${labels[field]}</label>
    <p class="hint" id="${field}-hint">${hint}</p>
    ${problemLine(field, view)}
    <input
      id="${field}"
      name="${field}"
      type="text"
      ${field === "email" ? html`inputmode="email"` : ""}
      autocomplete="off"
      spellcheck="false"
      value="${view.values[field]}"
      ${described(field, view)}
    />
  </div>`;

const lifetimeField = (view: FormView): Html =>
  html`<div class="field">
    <label for="lifetime">Works for</label>
    <p class="hint" id="lifetime-hint">How long there is time to set up the device.</p>
    ${problemLine("lifetime", view)}
    <select id="lifetime" name="lifetime" ${described("lifetime", view)}>
      ${option("", "As the profile says", view.values.lifetime)}
      ${lifetimes.map(([length, words]) => option(length, words, view.values.lifetime))}
    </select>
  </div>`;

/** The form for a new enrollment, with what was typed and what is wrong with it. */
export const formPage = (view: FormView): Html =>
  layout({
    title: view.problems.length === 0 ? "New enrollment" : "Error: new enrollment",
    main: html`<h1>New enrollment</h1>
      ${view.problems.length === 0 ? "" : summary(view.problems)}
      <form class="sheet" method="post" action="/enrollments" novalidate autocomplete="off">
        ${tokenField(view.token)}
        <input type="hidden" name="key" value="${view.values.key}" />
        <fieldset class="field">
          <legend>Profile</legend>
          ${problemLine("profile", view)} ${profiles.map((profile) => profileChoice(profile, view))}
        </fieldset>
        ${personField(view)}
        <fieldset class="somebody-else">
          <legend>Somebody else</legend>
          ${textField("name", "First and last name.", view)}
          ${textField("email", "Where the person can be reached.", view)}
        </fieldset>
        ${lifetimeField(view)}
        <div class="buttons">
          <button class="primary">Make the enrollment</button>
          <a href="/">Cancel</a>
        </div>
      </form>`,
  });
