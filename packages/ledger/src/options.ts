import {
  durationLength,
  EnrollmentError,
  parseInput,
  secretSetting,
  systemClock,
  type Clock,
  type IsoDuration,
  type Secret,
} from "@enrollkit/core";
import * as z from "zod";
import type { RecipientPolicy } from "./records/vault.js";
import type { Place } from "./storage/storage.js";

const duration = (rule: { readonly min: IsoDuration; readonly max: IsoDuration }) => {
  const message = `must be a duration from ${rule.min} to ${rule.max}`;
  return z
    .string(message)
    .transform((text, context) => {
      try {
        const length = durationLength(text as IsoDuration);
        if (length >= durationLength(rule.min) && length <= durationLength(rule.max)) return length;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    })
    .optional();
};

/**
 * Where a ledger is kept and how: what a settings file holds. Either `folder` or `url`.
 */
export interface LedgerSettings {
  /** A folder of its own, for a database inside this process. One process at a time. */
  readonly folder?: string | undefined;
  /** `postgres://user:password@host:5432/database`, for any number of processes. */
  readonly url?: Secret | undefined;
  /** The database schema that the tables are in. Default: `enrollkit`. */
  readonly schema?: string | undefined;
  /**
   * 32 bytes each, in base64 or hex. The first seals requests and the secrets of enrollments; the others only open what
   * was sealed before. Without a key no secret is stored.
   */
  readonly keys?: readonly Secret[] | undefined;
  /** `fingerprint` (default): a person is known by a fingerprint of the e-mail address alone. `store`: by name and address. */
  readonly recipients?: RecipientPolicy | undefined;
  /** How long a worker may be silent before others take over: `PT1S` to `PT1H`. Default: `PT30S`. */
  readonly lease?: IsoDuration | undefined;
  /** How long after a call was sent the vendor has surely done it: `PT0S` to `PT1H`. Default: `PT10S`. */
  readonly settleFor?: IsoDuration | undefined;
  /** How often a row is sent before it is set aside, from 1. Default: 5. */
  readonly mostTries?: number | undefined;
}

/** Reads {@link LedgerSettings} from untyped input, strictly. */
export const ledgerSettingsSchema = z
  .strictObject({
    $schema: z.string().optional(),
    folder: z.string().min(1, "must not be empty").optional(),
    url: secretSetting("The URL of a PostgreSQL database, with user and password.").optional(),
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,50}$/, "must be a name of small letters, digits and underscores")
      .default("enrollkit"),
    keys: z.array(secretSetting("A key of 32 bytes in base64 or hex.")).default([]),
    recipients: z.enum(["fingerprint", "store"]).default("fingerprint"),
    lease: duration({ min: "PT1S", max: "PT1H" }),
    settleFor: duration({ min: "PT0S", max: "PT1H" }),
    mostTries: z.int("must be a whole number from 1").min(1, "must be a whole number from 1").default(5),
  })
  .refine(({ folder, url }) => (folder === undefined) !== (url === undefined), {
    error: ({ input }) =>
      (input as Partial<LedgerSettings>).folder === undefined
        ? "neither a folder nor a url is given; it takes one of them"
        : "a folder and a url are given; it takes only one of them",
  });

/** How a ledger is opened. */
export interface LedgerOptions extends LedgerSettings {
  /** As people see this process in the list of workers and in the history. Default: host and process id. */
  readonly worker?: string | undefined;
  /** Default: the machine's clock. */
  readonly clock?: Clock | undefined;
}

export interface ResolvedOptions {
  readonly place: Place;
  readonly schema: string;
  readonly keys: readonly Secret[];
  readonly recipients: RecipientPolicy;
  /** Milliseconds. */
  readonly lease: number;
  /** Milliseconds. */
  readonly settling: number;
  readonly mostTries: number;
  readonly worker: string | undefined;
  readonly clock: Clock;
}

const placeOf = ({ folder, url }: { folder?: string | undefined; url?: Secret | undefined }): Place => {
  if (folder !== undefined) return { folder };
  const text = url?.reveal() ?? "";
  if (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)) return { url: text };
  throw new EnrollmentError(
    "url is not the URL of a PostgreSQL database, postgres://user:password@host/database",
    {
      code: "invalid-config",
      path: "url",
    },
  );
};

/** @throws EnrollmentError `invalid-config` that names what is wrong; neither URL nor key is in it. */
export const resolveOptions = ({
  worker,
  clock = systemClock,
  ...settings
}: LedgerOptions): ResolvedOptions => {
  const { folder, url, lease, settleFor, ...rest } = parseInput(
    ledgerSettingsSchema,
    settings,
    "invalid-config",
  );
  return {
    place: placeOf({ folder, url }),
    schema: rest.schema,
    keys: rest.keys,
    recipients: rest.recipients,
    mostTries: rest.mostTries,
    lease: lease ?? 30_000,
    settling: settleFor ?? 10_000,
    worker,
    clock,
  };
};
