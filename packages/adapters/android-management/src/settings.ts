import {
  describeDuration,
  durationLength,
  ownerships,
  secretSetting,
  type Secret,
  urlSetting,
  type CallOptions,
  type DurationInput,
  type IsoDuration,
  type Ownership,
} from "@enrollkit/core";
import { Duration } from "luxon";
import * as z from "zod";
import {
  additionalDataLength,
  defaultCallsPer100Seconds,
  longestLifetime,
  shortestLifetime,
  type LifetimeCap,
} from "./descriptor.js";
import { androidModes, impossibleUsage, personalUsageFor, type AndroidMode } from "./personal-usage.js";
import { isResourceId } from "./resource-names.js";
import type { GoogleAuthenticationOptions } from "./wire.js";

/** What a token is to do, unless a request wishes otherwise. */
export interface AndroidManagementProfile {
  /** The bare policy id: `warehouse-phones`. Default: none, and Google applies the policy named `default`. */
  readonly policy?: string | undefined;
  readonly management?: AndroidMode | undefined;
  readonly ownership?: Ownership | undefined;
  /** Default: one hour. */
  readonly validFor?: DurationInput | undefined;
  /** Default: `one`, although Google's own default is `unlimited`. */
  readonly uses?: "one" | "unlimited" | undefined;
  /** Comes back with each enrolled device; at most 1024 characters. */
  readonly additionalData?: string | undefined;
  readonly googleAuthenticationOptions?: GoogleAuthenticationOptions | undefined;
}

/** One enterprise, as a config describes it. What an {@link AndroidManagementProfile} holds applies to every request. */
export interface AndroidManagementConfig extends AndroidManagementProfile {
  /** The enterprise id, `LC01abcdef`; its resource name `enterprises/LC01abcdef` will do. */
  readonly enterprise: string;
  /** The service account's key file: its JSON text. */
  readonly credentials: Secret;
  /** What the neutral profile names of requests stand for; a profile fills up from the settings beside it. */
  readonly profiles?: Readonly<Record<string, AndroidManagementProfile>> | undefined;
  /** The longest lifetime that requests may wish. Default: `30-days`; `vendor-maximum` is about 10,000 years. */
  readonly lifetimeCap?: LifetimeCap | undefined;
  /**
   * What to do about a token that may have been issued although its answer was lost. Default: `report`.
   * `adopt` and `revoke` are for enterprises that nothing else issues tokens in: the README says why.
   */
  readonly lostTokens?: "report" | "adopt" | "revoke" | undefined;
  /** Whether to ask, once per policy, that it exists before a token is created for it. Default: false. */
  readonly verifyPolicy?: boolean | undefined;
  /** Calls per 100 seconds, if Google has changed the project's quota. Default: 1000. */
  readonly callsPer100Seconds?: number | undefined;
  /** How long to wait for one answer. Default: one minute. */
  readonly timeout?: DurationInput | undefined;
  /** Default: `https://androidmanagement.googleapis.com`. */
  readonly baseUrl?: string | undefined;
  /** Where access tokens come from. Default: the `token_uri` of the key file, which must be Google's or `baseUrl`'s. */
  readonly tokenUri?: string | undefined;
  /** The page that an enrollment link opens. Default: `https://enterprise.google.com/android/enroll`. */
  readonly enrollmentLinkUrl?: string | undefined;
}

/** Supplies a Google access token of the scope `https://www.googleapis.com/auth/androidmanagement`. */
export type AccessTokenSupplier = (options?: CallOptions) => Promise<string | Secret>;

/** One enterprise, as code describes it: with a key file, or with a supplier such as google-auth-library. */
export interface AndroidManagementSettings extends Omit<AndroidManagementConfig, "credentials"> {
  /** Default: `android-management`. */
  readonly name?: string | undefined;
  readonly credentials?: Secret | undefined;
  /** Instead of `credentials`. It is asked before every call, so it should keep its token while that is valid. */
  readonly accessToken?: AccessTokenSupplier | undefined;
}

const isoText = (value: unknown): unknown => (Duration.isDuration(value) ? value.toISO() : value);

/** A length without months or years, in milliseconds once it is read. */
const length = z.preprocess(
  isoText,
  z.string("must be a duration such as PT1H or P7D").transform((text, context): number => {
    try {
      // Fractions of hours and days leave traces of floating point behind, which Google would refuse.
      return Math.round(durationLength(text as IsoDuration));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  }),
);

const label = z.string().min(1, "must not be empty");

const policyId = z
  .string()
  .refine(isResourceId, "must be the bare policy id, such as warehouse-phones, with nothing before it");

const googleAuthenticationOptions = z
  .strictObject({
    authenticationRequirement: z.enum(["OPTIONAL", "REQUIRED"], "must be OPTIONAL or REQUIRED"),
    // The address stays out of the message: errors end up in logs.
    requiredAccountEmail: z.email("is not an e-mail address; it takes a name, an @ and a domain").optional(),
  })
  .refine(
    ({ authenticationRequirement, requiredAccountEmail }) =>
      requiredAccountEmail === undefined || authenticationRequirement === "REQUIRED",
    { path: ["requiredAccountEmail"], error: "is possible only if authenticationRequirement is REQUIRED" },
  );

const additionalData = z
  .string()
  .refine(
    (text) => Array.from(text).length <= additionalDataLength,
    `must have at most ${additionalDataLength} characters`,
  );

const profileShape = {
  policy: policyId.optional().describe("The policy's bare id. Default: none, and Google applies `default`"),
  management: z.enum(androidModes, `must be one of: ${androidModes.join(", ")}`).optional(),
  ownership: z.enum(ownerships, `must be one of: ${ownerships.join(", ")}`).optional(),
  validFor: length.optional().describe("Lifetime of a token, such as P7D. Default: PT1H"),
  uses: z.enum(["one", "unlimited"], "must be one or unlimited").optional(),
  additionalData: additionalData.optional().describe("Comes back with each enrolled device"),
  googleAuthenticationOptions: googleAuthenticationOptions.optional(),
};

const settingsShape = {
  ...profileShape,
  enterprise: z
    .string()
    .regex(/^(enterprises\/)?[A-Za-z0-9_-]+$/, "must be an enterprise id such as LC01abcdef")
    .transform((text) => text.replace(/^enterprises\//, ""))
    .describe("The enterprise id, such as LC01abcdef"),
  profiles: z
    .record(z.string(), z.strictObject(profileShape))
    .default({})
    .describe("What the profiles of requests stand for; each fills up from the settings beside it"),
  lifetimeCap: z
    .enum(["30-days", "vendor-maximum"], "must be 30-days or vendor-maximum")
    .default("30-days")
    .describe("The longest lifetime that requests may wish"),
  lostTokens: z
    .enum(["report", "adopt", "revoke"], "must be report, adopt or revoke")
    .default("report")
    .describe("What to do about a token whose answer was lost"),
  verifyPolicy: z
    .boolean("must be true or false")
    .default(false)
    .describe("Ask, once per policy, that it exists before a token is created for it"),
  callsPer100Seconds: z
    .int("must be a whole number above zero")
    .positive("must be a whole number above zero")
    .default(defaultCallsPer100Seconds)
    .describe("The project's quota of calls"),
  timeout: length
    .refine((milliseconds) => milliseconds > 0, "must be longer than zero")
    .default(60_000)
    .describe("How long to wait for one answer. Default: PT1M"),
  baseUrl: urlSetting("Where the Android Management API is").default(
    "https://androidmanagement.googleapis.com",
  ),
  tokenUri: urlSetting("Where access tokens come from; default: the key file's token_uri").optional(),
  enrollmentLinkUrl: urlSetting("The page that an enrollment link opens").default(
    "https://enterprise.google.com/android/enroll",
  ),
};

const credentials = secretSetting(
  "The JSON key of a service account: Google Cloud console, IAM & Admin, Service Accounts, Keys, Add key",
);

type Profile = z.output<z.ZodObject<typeof profileShape>>;
type Settings = z.output<z.ZodObject<typeof settingsShape>>;

/** A profile filled up from the settings beside it. */
const fillUp = (settings: Settings, profile: Profile): Profile => {
  const { policy, management, ownership, validFor, uses } = settings;
  const defaults = { policy, management, ownership, validFor, uses };
  const { additionalData, googleAuthenticationOptions } = settings;
  const present = Object.entries(profile).filter(([, value]) => value !== undefined);
  return { ...defaults, additionalData, googleAuthenticationOptions, ...Object.fromEntries(present) };
};

const holdTogether = (settings: Settings, context: z.RefinementCtx): void => {
  const longest = longestLifetime[settings.lifetimeCap];
  const places: [PropertyKey[], Profile][] = [
    [[], settings],
    ...Object.entries(settings.profiles).map(([name, profile]): [PropertyKey[], Profile] => [
      ["profiles", name],
      fillUp(settings, profile),
    ]),
  ];
  for (const [path, { management, ownership, validFor }] of places) {
    if (personalUsageFor(management, ownership) === "impossible") {
      context.addIssue({
        code: "custom",
        path: [...path, "ownership"],
        message: `must not be personal: ${impossibleUsage(management)}`,
      });
    }
    if (validFor !== undefined && (validFor < shortestLifetime || validFor > longest)) {
      const range = `${describeDuration(shortestLifetime)} to ${describeDuration(longest)}`;
      context.addIssue({
        code: "custom",
        path: [...path, "validFor"],
        message: `is ${describeDuration(validFor)}; lifetimeCap "${settings.lifetimeCap}" allows ${range}`,
      });
    }
  }
};

/** Reads the vendor's part of a config. */
export const configSchema = z.strictObject({ ...settingsShape, credentials }).superRefine(holdTogether);

/** Reads {@link AndroidManagementSettings}. */
export const settingsSchema = z
  .strictObject({
    ...settingsShape,
    name: label.default("android-management"),
    credentials: credentials.optional(),
    accessToken: z
      .custom<AccessTokenSupplier>((value) => typeof value === "function", "must be a function")
      .optional(),
  })
  .superRefine(holdTogether)
  .refine((settings) => (settings.credentials === undefined) !== (settings.accessToken === undefined), {
    path: ["credentials"],
    error: "or accessToken must be given, and not both",
  });

/** Settings that have been read: complete, lengths in milliseconds. */
export type ResolvedConfig = z.output<typeof configSchema>;
export type ResolvedSettings = z.output<typeof settingsSchema>;

/** What holds for a request of a profile, or of none. That the profile exists has been checked by the descriptor. */
export const profileFor = (settings: ResolvedSettings, name: string | undefined): Profile =>
  fillUp(settings, (name === undefined ? undefined : settings.profiles[name]) ?? {});

/** What a request for an Android Management token may carry beyond the neutral words. */
export interface AndroidManagementExtras {
  /** A bare policy id, in place of the profile's. */
  readonly policy?: string | undefined;
  readonly googleAuthenticationOptions?: GoogleAuthenticationOptions | undefined;
  /** Sent for old times' sake: Google ignores it, and the result says so. */
  readonly user?: { readonly accountIdentifier: string } | undefined;
}

/** Reads the `extras` of a request; wrapped, so that an error's path begins with it. */
export const extrasSchema = z.object({
  extras: z
    .strictObject({
      policy: policyId.optional(),
      googleAuthenticationOptions: googleAuthenticationOptions.optional(),
      user: z
        .strictObject({ accountIdentifier: label.max(1024, "must have at most 1024 characters") })
        .optional(),
    })
    .default({}),
});
