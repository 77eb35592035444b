import { randomUUID } from "node:crypto";
import type { EnrollmentError } from "@enrollkit/core";
import * as z from "zod";
import type { DeskRequest } from "./desk.js";
import { lifetimes, profiles, type Person } from "./offer.js";

/** The fields of the form for a new enrollment, as they were typed. */
export interface FormValues {
  readonly key: string;
  readonly profile: string;
  /** A person's id, or {@link somebodyElse}. */
  readonly person: string;
  readonly name: string;
  readonly email: string;
  /** Empty: as the profile says. */
  readonly lifetime: string;
}

export type FieldName = Exclude<keyof FormValues, "key">;

/** What is wrong, and with which field; with none, it is about the whole. */
export interface FormProblem {
  readonly field?: FieldName | undefined;
  readonly message: string;
}

/** What the field `person` says for somebody who is not in the directory. */
export const somebodyElse = "somebody-else";

/** Longer than any name; what is longer is no name. */
const longest = { name: 100, email: 254 };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const emptyForm = (): FormValues => ({
  key: randomUUID(),
  profile: profiles[0]?.name ?? "",
  person: "",
  name: "",
  email: "",
  lifetime: "",
});

/** What a browser has sent, with an empty text for what it has not. Whoever spoils the hidden key gets a new one. */
export const readFields = (fields: URLSearchParams): FormValues => {
  const text = (name: string): string => (fields.get(name) ?? "").trim();
  return {
    key: uuid.test(text("key")) ? text("key") : randomUUID(),
    profile: text("profile"),
    person: text("person"),
    name: text("name"),
    email: text("email"),
    lifetime: text("lifetime"),
  };
};

const nameProblem = (name: string): string | undefined => {
  if (name === "") return "Enter the name of the person.";
  if (name.length > longest.name) return `The name must have at most ${longest.name} characters.`;
  return /\p{Cc}/u.test(name) ? "The name must be one line of text." : undefined;
};

const emailProblem = (email: string): string | undefined => {
  const allowed = "an address has a name, an @ and a domain, such as ana.garcia@example.com";
  if (email === "") return `Enter the e-mail address: ${allowed}.`;
  if (email.length > longest.email) return `The address must have at most ${longest.email} characters.`;
  return z.email().safeParse(email).success ? undefined : `This is not an e-mail address: ${allowed}.`;
};

const problemsOf = (values: FormValues, people: readonly Person[]): readonly FormProblem[] => {
  const { profile, person, name, email, lifetime } = values;
  const isElse = person === somebodyElse;
  const checks: readonly (readonly [FieldName, string | undefined])[] = [
    [
      "profile",
      profiles.some((each) => each.name === profile)
        ? undefined
        : `Choose one of: ${profiles.map(({ title }) => title).join(", ")}.`,
    ],
    [
      "person",
      isElse || people.some(({ id }) => id === person)
        ? undefined
        : "Choose a person from the list, or “Somebody else”.",
    ],
    ["name", isElse ? nameProblem(name) : undefined],
    ["email", isElse ? emailProblem(email) : undefined],
    [
      "lifetime",
      lifetime === "" || lifetimes.some(([length]) => length === lifetime)
        ? undefined
        : `Choose one of: ${lifetimes.map(([, words]) => words).join(", ")}.`,
    ],
  ];
  return checks.flatMap(([field, message]) => (message === undefined ? [] : [{ field, message }]));
};

/** What the form asks for, or all that is wrong with it. */
export const readForm = (
  values: FormValues,
  people: readonly Person[],
): { readonly request: DeskRequest } | { readonly problems: readonly FormProblem[] } => {
  const problems = problemsOf(values, people);
  if (problems.length > 0) return { problems };
  const { key, profile, name, email, lifetime } = values;
  const known = people.find(({ id }) => id === values.person);
  const person = known === undefined ? { name, email } : { name: known.name, email: known.email };
  const validFor = lifetimes.find(([length]) => length === lifetime)?.[0];
  return { request: { key, profile, person, validFor } };
};

const fieldAt: Readonly<Record<string, FieldName>> = {
  profile: "profile",
  "recipient.name": "name",
  "recipient.email": "email",
  validFor: "lifetime",
};

/** An error in whole sentences. Errors of EnrollKit hold no secret and no address. */
export const sentencesOf = ({ message, advice, path = "" }: EnrollmentError): string =>
  // Beside the field, its name in a program is of no use.
  [message.startsWith(`${path} `) ? `this ${message.slice(path.length + 1)}` : message, advice]
    .flatMap((text) => (text === undefined || text === "" ? [] : [text]))
    .map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`)
    .join(" ");

/** What a vendor or the contract refuses, at the field that it is about. */
export const problemOf = (error: EnrollmentError, { person }: FormValues): FormProblem => {
  const field = fieldAt[error.path ?? ""];
  const isOfPerson = field === "name" || field === "email";
  return {
    field: isOfPerson && person !== somebodyElse ? "person" : field,
    message: sentencesOf(error),
  };
};
