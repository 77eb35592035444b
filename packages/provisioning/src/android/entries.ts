import { Secret } from "@enrollkit/core";
import { extraKey } from "./constants.js";

/** One key and value of a payload, and the field of the caller's extras that it comes from. */
export interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly path: string;
}

/** Which of Android's extras each field becomes: the part of the key after `PROVISIONING_`. */
export type KeyTable<Field extends string> = Readonly<Record<Field, string>>;

/** Whether a value is what JSON calls an object. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value with all Secrets in it opened: as late as possible, for the payload that is a Secret again. */
export const revealed = (value: unknown): unknown => {
  if (Secret.is(value)) return value.reveal();
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revealed(each)]));
};

/** The entries of the fields that are set, in the order of the table. */
export const entriesOf = (values: object, keys: KeyTable<string>, path: string): Entry[] => {
  const fields = new Map(Object.entries<unknown>({ ...values }));
  return Object.entries(keys)
    .filter(([field]) => fields.get(field) !== undefined)
    .map(([field, name]) => ({
      key: extraKey(name),
      value: revealed(fields.get(field)),
      path: `${path}.${field}`,
    }));
};
