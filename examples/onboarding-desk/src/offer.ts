import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { IsoDuration } from "@enrollkit/core";
import * as z from "zod";

/** A kind of device that the desk hands out, in the words of the people there. */
export interface Profile {
  /** Its name in the config, whose routes lead to a provider. */
  readonly name: string;
  readonly title: string;
  readonly hint: string;
}

/** Somebody who may get a device. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export const profiles: readonly Profile[] = [
  {
    name: "company-phone",
    title: "Company phone",
    hint: "A new or reset Android phone. It scans a QR code on its first screen.",
  },
  {
    name: "personal-phone",
    title: "Work profile on a personal phone",
    hint: "An Android phone that is in use. It opens a link.",
  },
  {
    name: "tablet",
    title: "iPhone or iPad",
    hint: "It opens a link and installs a profile.",
  },
  {
    name: "field-device",
    title: "Field device",
    hint: "A phone or tablet under ESET. Its link cannot be taken back, and ESET sets how long it works.",
  },
];

/** How long an enrollment may be asked to work, in the words of the page. */
export const lifetimes: readonly (readonly [IsoDuration, string])[] = [
  ["PT10M", "10 minutes"],
  ["PT1H", "1 hour"],
  ["P1D", "1 day"],
  ["P7D", "7 days"],
  ["P30D", "30 days"],
];

export const titleOf = (profile: string | undefined): string =>
  profiles.find(({ name }) => name === profile)?.title ?? profile ?? "Device";

const peopleSchema = z.array(z.strictObject({ id: z.string(), name: z.string(), email: z.string() }));

/** The people of `people.json`; an app of yours asks its directory. */
export const readPeople = (): readonly Person[] =>
  peopleSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, "..", "people.json"), "utf8")));
