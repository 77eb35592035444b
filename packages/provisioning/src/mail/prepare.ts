import {
  EnrollmentError,
  findArtifact,
  systemClock,
  type CallOptions,
  type Clock,
  type Enrollment,
  type Failure,
} from "@enrollkit/core";
import type { Texts } from "../texts/texts.js";
import { composeMessage, type MailMessage } from "./message.js";
import type { Skipped } from "./outcome.js";
import { readMailSettings, type MailSettings, type MailSettingsInput } from "./settings.js";

/** Options of whatever writes mails for enrollments. */
export interface MailOptions extends CallOptions {
  readonly settings: MailSettingsInput;
  /** The language of one recipient. Default: the settings'. */
  readonly languageOf?: ((enrollment: Enrollment) => string | Texts) | undefined;
  /** What to do where the vendor has mailed the recipient itself. Default: `skip`. */
  readonly deliveredByVendor?: "skip" | "send" | undefined;
  /** Default: the machine's. */
  readonly clock?: Pick<Clock, "now"> | undefined;
}

/** A mail to be sent, or why there is none. */
type Prepared = { readonly message: MailMessage } | { readonly verdict: Skipped | Failure };

/** Validates the options once, and makes the function that writes the mail of each enrollment. */
export const createPreparation = ({
  settings: input,
  languageOf,
  deliveredByVendor = "skip",
  clock = systemClock,
}: MailOptions) => {
  const settings: MailSettings = readMailSettings(input);
  const prepare = (enrollment: Enrollment): Prepared => {
    if (deliveredByVendor === "skip" && findArtifact(enrollment, "delivered") !== undefined) {
      return { verdict: { status: "skipped", reason: "delivered-by-vendor" } };
    }
    const language = languageOf?.(enrollment) ?? settings.language;
    try {
      return { message: composeMessage(enrollment, { language, timeZone: settings.timeZone }, clock.now()) };
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      return { verdict: { status: "failed", error } };
    }
  };
  return { settings, clock, prepare };
};
