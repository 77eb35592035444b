import type { ManagementMode, Platform } from "@enrollkit/core";

/**
 * How a person gets in with what the vendor gave: each has steps of its own.
 *
 * - `android-setup`: a new or reset Android device scans the payload on its first screen
 * - `android-token`: a new or reset Android device, `afw#setup` and a token to type
 * - `android-work-profile`: an Android device in use opens the link
 * - `iphone`: an iPhone or iPad opens the link and installs a profile
 * - `mac`: a Mac opens the link and installs a profile
 * - `computer`: a Windows or Linux computer opens the link
 * - `apple`: one of the two; nobody said which
 * - `link`: whatever it is, it opens the link
 * - `code`: a code to type, and nothing else
 * - `delivered`: the vendor has sent it by e-mail
 */
export const entrances = [
  "android-setup",
  "android-token",
  "android-work-profile",
  "iphone",
  "mac",
  "computer",
  "apple",
  "link",
  "code",
  "delivered",
] as const;

/** One of {@link entrances}. */
export type Entrance = (typeof entrances)[number];

/** What to do, in order, and what to try when that does not work. Whole sentences, plain text. */
export interface Instructions {
  readonly steps: readonly string[];
  readonly otherwise?: string | undefined;
}

/**
 * All words of one language that a person at a device reads. Plain data: it may come from a JSON file. Words in
 * braces are filled in: `{time}`, `{name}`, `{count}`, `{number}`.
 */
export interface Texts {
  /** BCP 47 tag: `en`, `de-AT`. It marks the text for screen readers, and chooses how dates are written. */
  readonly language: string;
  /** Which way the language runs. */
  readonly direction: "ltr" | "rtl";

  /** The title of a sheet of cards. */
  readonly sheetTitle: string;
  /** Names a card for nobody in particular: `{number}` is its place on the sheet. */
  readonly unnamed: string;

  readonly instructions: Readonly<Record<Entrance, Instructions>>;

  /** What stands before or above things, and what a screen reader says of a QR code. */
  readonly labels: {
    readonly steps: string;
    readonly link: string;
    /** Beside a link. */
    readonly code: string;
    readonly codeAlone: string;
    readonly token: string;
    readonly qr: string;
    /** Before the name that the company gave to a kind of set-up: `sales`. */
    readonly profile: string;
    readonly device: string;
    readonly serialNumber: string;
  };

  readonly expiry: {
    /** With `{time}`. */
    readonly validUntil: string;
    /** With `{time}`. */
    readonly expired: string;
    /** What to do with an expired one. */
    readonly expiredAdvice: string;
    readonly never: string;
    readonly unknown: string;
  };

  readonly uses: {
    readonly one: string;
    /** With `{count}`, two or more. */
    readonly several: string;
    readonly unlimited: string;
  };
  /** Why to keep it to oneself. */
  readonly confidential: string;

  readonly platforms: Readonly<Record<Platform, string>>;
  readonly managementModes: Readonly<Record<ManagementMode, string>>;

  readonly mail: {
    readonly subject: string;
    /** With `{name}`: the device's. */
    readonly subjectForDevice: string;
    /** With `{name}`: the person's. */
    readonly greeting: string;
    readonly greetingWithoutName: string;
    readonly introduction: string;
    /** Above a link and its code. */
    readonly scanOrOpen: string;
    /** Above a QR code that no link stands for. */
    readonly scan: string;
    /** Why this message came, and what to do if it was not expected. */
    readonly footer: string;
  };
}
