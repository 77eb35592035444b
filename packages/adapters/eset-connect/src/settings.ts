import {
  durationLength,
  EnrollmentError,
  parseInput,
  quote,
  REFERENCE_SETTING,
  Secret,
  secretSetting,
  urlSetting,
  type IsoDuration,
} from "@enrollkit/core";
import * as z from "zod";

/** Where a customer's ESET PROTECT server lives. Japan is `jpn`. */
export const esetRegions = ["eu", "de", "us", "ca", "jpn"] as const;

const group = z
  .string()
  .min(1, "must be the UUID of a static device group")
  .max(100, "must have at most 100 characters")
  .describe("UUID of a static device group; `deviceGroups.list()` shows them");

const sendAnonymousDiagnosticData = z
  .boolean({ error: "must be true or false" })
  .describe(
    "Whether computers that a deployment file lets in send diagnostic data to ESET. Default: ESET's.",
  );

const durationMessage = "must be a duration without months or years, such as PT3M";

const isDuration = (text: IsoDuration): boolean => {
  try {
    return durationLength(text) >= 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

const reconciliationSettings = z
  .strictObject({
    lookUp: z
      .enum(["names", "groups", "both"], { error: "must be one of: names, groups, both" })
      .optional()
      .describe(
        "Where a device is looked for after a lost answer. `names`: GET /v1/devices, for which ESET does not say " +
          "that it shows placeholders: where it does not, lost devices are imported twice. `groups`: the listing of " +
          "the group, else of all static groups. Default: both.",
      ),
    settleFor: z
      .templateLiteral(["P", z.string()], { error: durationMessage })
      .refine(isDuration, durationMessage)
      .optional()
      .describe("How long after its answer was lost an import may still show its devices. Default: PT3M."),
  })
  .describe("How to find out what became of an import whose answer was lost.");

const profile = z.strictObject({
  group: group.optional(),
  sendAnonymousDiagnosticData: sendAnonymousDiagnosticData.optional(),
});

/** The adapter's part of a config: everything but the provider's name. */
export const settingsSchema = z.strictObject({
  region: z
    .enum(esetRegions, { error: `must be one of: ${esetRegions.join(", ")}` })
    .describe("Where the customer's ESET PROTECT server lives."),
  username: z
    .preprocess(
      (value) => (Secret.is(value) ? value.reveal() : value),
      z.string({ error: "must be the API user's e-mail address" }).min(1, "must not be empty"),
    )
    .meta({ [REFERENCE_SETTING]: true, description: "The API user's e-mail address." }),
  password: secretSetting("The API user's password, as set when the invitation was completed."),
  group: group.optional(),
  sendAnonymousDiagnosticData: sendAnonymousDiagnosticData.optional(),
  profiles: z
    .record(z.string().min(1, "must not be empty"), profile)
    .optional()
    .describe(
      "Neutral names, and what each stands for; what a profile leaves out is taken from the settings.",
    ),
  integration: z
    .strictObject({
      name: z
        .string()
        .regex(/^[\x21-\x7e][\x20-\x7e]{0,127}$/, "must be 1 to 128 printable ASCII characters"),
      version: z
        .string()
        .regex(/^[\x21-\x7e]{1,32}$/, "must be 1 to 32 printable ASCII characters")
        .optional(),
    })
    .optional()
    .describe(
      "Sent with each call, as `3rd-integration` and `Version`. ESET announced that it will ask for it.",
    ),
  reconciliation: reconciliationSettings.optional(),
  baseUrls: z
    .strictObject({
      iam: urlSetting("Default: https://{region}.business-account.iam.eset.systems").optional(),
      deviceManagement: urlSetting("Default: https://{region}.device-management.eset.systems").optional(),
      mobileDeviceManagement: urlSetting(
        "Default: https://{region}.mobile-device-management.eset.systems",
      ).optional(),
      installerManagement: urlSetting(
        "Default: https://{region}.installer-management.eset.systems",
      ).optional(),
    })
    .optional()
    .describe("Other hosts than the region's, each by itself."),
});

const namedSettingsSchema = settingsSchema.extend({
  name: z.string().min(1, "must not be empty").optional(),
});

/** What {@link createEsetConnect} takes. `name` is the provider's name, default `eset-connect`. */
export type EsetConnectSettings = z.output<typeof namedSettingsSchema>;

/** What a request may ask of ESET Connect beyond the neutral words. */
export interface EsetConnectExtras {
  /** UUID of the static group to import into, in place of the profile's: an MSP names its customer's group here. */
  readonly group?: string | undefined;
}

const extrasSchema = z.strictObject({ extras: z.strictObject({ group: group.optional() }).optional() });

/** @throws EnrollmentError `invalid-config`; it names every setting at fault. */
export const readSettings = (input: EsetConnectSettings): EsetConnectSettings & { readonly name: string } => {
  const provider = typeof input.name === "string" && input.name !== "" ? input.name : "eset-connect";
  return { ...parseInput(namedSettingsSchema, input, "invalid-config", provider), name: provider };
};

/** @throws EnrollmentError `invalid-request`; its path starts with `extras`. */
export const readExtras = (extras: unknown, provider: string): EsetConnectExtras =>
  parseInput(extrasSchema, { extras }, "invalid-request", provider).extras ?? {};

/** Base URL of each domain that is called, without a slash at the end. */
export interface EsetBaseUrls {
  readonly iam: string;
  readonly deviceManagement: string;
  readonly mobileDeviceManagement: string;
  readonly installerManagement: string;
}

export const baseUrlsOf = ({ region, baseUrls = {} }: EsetConnectSettings): EsetBaseUrls => {
  const host = (domain: string) => `https://${region}.${domain}.eset.systems`;
  return {
    iam: baseUrls.iam ?? host("business-account.iam"),
    deviceManagement: baseUrls.deviceManagement ?? host("device-management"),
    mobileDeviceManagement: baseUrls.mobileDeviceManagement ?? host("mobile-device-management"),
    installerManagement: baseUrls.installerManagement ?? host("installer-management"),
  };
};

/** What holds for one request: the settings, and over them its profile. */
export interface EffectiveProfile {
  readonly group?: string | undefined;
  readonly sendAnonymousDiagnosticData?: boolean | undefined;
  /** The field by which the request itself chose the group; absent if the group is only the settings' default. */
  readonly groupChosenBy?: "profile" | undefined;
}

/** @throws EnrollmentError `invalid-request` if the settings have no such profile. */
export const profileOf = (
  settings: EsetConnectSettings,
  name: string | undefined,
  provider: string,
): EffectiveProfile => {
  const { group: defaultGroup, sendAnonymousDiagnosticData: defaultConsent, profiles = {} } = settings;
  const defaults = { group: defaultGroup, sendAnonymousDiagnosticData: defaultConsent };
  if (name === undefined) return defaults;
  const chosen = new Map(Object.entries(profiles)).get(name);
  if (chosen === undefined) {
    const known = Object.keys(profiles);
    const offer =
      known.length === 0 ? "the settings have no profiles" : `the settings have: ${known.join(", ")}`;
    throw new EnrollmentError(`profile ${quote(name)} does not exist; ${offer}`, {
      code: "invalid-request",
      path: "profile",
      provider,
    });
  }
  return {
    group: chosen.group ?? defaultGroup,
    sendAnonymousDiagnosticData: chosen.sendAnonymousDiagnosticData ?? defaultConsent,
    ...(chosen.group !== undefined && { groupChosenBy: "profile" as const }),
  };
};
