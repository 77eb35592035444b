import { deliveries, durationLength, secretSetting, urlSetting, type IsoDuration } from "@enrollkit/core";
import * as z from "zod";

/** Every id of the vendor but segments and slugs looks so. */
export const isAppliveryId = (text: string): boolean => /^[a-fA-F0-9]{24}$/.test(text);

const id = (what: string) =>
  z.string().refine(isAppliveryId, `must be an Applivery id of 24 hexadecimal digits: ${what}`);
const text = z.string().min(1, "must not be empty");

const between = (min: IsoDuration, max: IsoDuration, error: string) =>
  z
    .string()
    .refine((value) => {
      try {
        const length = durationLength(value as IsoDuration);
        return length % 1000 === 0 && length >= durationLength(min) && length <= durationLength(max);
      } catch (problem) {
        if (problem instanceof RangeError) return false;
        throw problem;
      }
    }, error)
    .transform((value) => value as IsoDuration);

const application = z.strictObject({
  admApplication: id("of an app in the workspace's Apple catalogue"),
  managed: z.boolean().optional(),
  vpp: z.boolean().describe("licensed through Apple Apps and Books").optional(),
  iOSApp: z.boolean().optional(),
  configuration: z.record(z.string(), z.unknown()).describe("managed app configuration").optional(),
  action: text.describe("such as forceInstall").optional(),
  actionStatus: text.optional(),
  scripts: z
    .strictObject({
      preInstall: z.string().optional(),
      postInstall: z.string().optional(),
      audit: z.string().optional(),
      enforce: z.string().optional(),
      runner: z.string().optional(),
    })
    .optional(),
  updatePolicy: z.record(z.string(), z.unknown()).optional(),
});

/** The vendor's own fields of an enrollment token, under the vendor's own names. */
const tokenFields = {
  policyId: id("the one policy of the device").optional(),
  admPolicyAssignments: z
    .array(
      z.strictObject({
        admPolicyId: id("of a policy"),
        // Public statements disagree on whether the higher or the lower number wins: passed on as it is.
        priority: z.int("must be a whole number"),
      }),
    )
    .describe("several policies by priority; needs the vendor's Policy Composition")
    .optional(),
  language: text.describe("of the vendor's e-mail: es, en, fr, de, it, zh, pt or ru").optional(),
  emailText: text.describe("added to the vendor's e-mail").optional(),
  segmentId: z.int("must be a whole number").nonnegative("must be 0 or more").optional(),
  /** The vendor's `profiles`, a word that means something else in a config. */
  configurationProfiles: z.array(id("of a configuration profile")).optional(),
  applications: z.array(application).describe("apps pushed at enrollment").optional(),
  admVppLocationId: id("of an Apps and Books location").optional(),
};

const presets = {
  ...tokenFields,
  delivery: z
    .enum(deliveries, `must be one of: ${deliveries.join(", ")}`)
    .describe("whether the vendor mails invitations to requests that do not say; default: return")
    .optional(),
  tags: z.array(text.max(128, "must have at most 128 characters")).optional(),
  validFor: between(
    "PT1M",
    "P30D",
    "must be an ISO 8601 duration of whole seconds from 1 minute to 30 days, such as P7D",
  ).optional(),
};

/** Which of the two goes first when both are there, the vendor does not say. */
const namesOnePolicyChoice = (fields: { policyId?: unknown; admPolicyAssignments?: unknown }) =>
  fields.policyId === undefined || fields.admPolicyAssignments === undefined;
const onePolicyChoice = {
  error: "and admPolicyAssignments exclude each other; set one of the two",
  path: ["policyId"],
};

/** Reads the `extras` of a request. */
export const extrasSchema = z.strictObject(tokenFields);

/** What a request to Applivery may carry beyond the neutral words. It goes before the profile and the settings. */
export type AppliveryExtras = z.output<typeof extrasSchema>;

const profileSchema = z.strictObject(presets).refine(namesOnePolicyChoice, onePolicyChoice);

/** What a request gets from a profile, or from the settings, unless it says otherwise itself. */
export type AppliveryPresets = z.output<typeof profileSchema>;

export const defaultBaseUrl = "https://api.applivery.io/v1";

/** The vendor's part of a config. */
export const settingsSchema = z
  .strictObject({
    organization: z
      .string()
      .regex(/^([a-fA-F0-9]{24}|[a-zA-Z0-9-]{3,})$/, "must be the workspace's slug, such as acme, or its id")
      .describe("slug or id of the workspace, as in the dashboard's address"),
    token: secretSetting("bearer token of a service account: Workspace Settings → Service Accounts"),
    baseUrl: urlSetting("a private tenant's API, with its version").default(defaultBaseUrl),
    correlationTag: z
      .boolean()
      .describe("mark tokens with a tag by which a lost answer is reconciled; it likely stays on the device")
      .default(true),
    bulkFailures: z
      .enum(["report", "create-singly"])
      .describe("what to do about an address that the vendor's bulk call counted as failed, without a reason")
      .default("report"),
    visibilityDelay: between("PT0S", "PT10M", "must be an ISO 8601 duration up to 10 minutes, such as PT10S")
      .describe("how long a new token may take to show up in the vendor's lists")
      .default("PT10S"),
    timeout: between("PT1S", "PT5M", "must be an ISO 8601 duration from 1 second to 5 minutes, such as PT30S")
      .describe("how long to wait for an answer; good ones can take more than 10 seconds")
      .default("PT1M"),
    profiles: z.record(z.string().min(1), profileSchema).default({}),
    ...presets,
  })
  .refine(namesOnePolicyChoice, onePolicyChoice);

/** Settings with their defaults filled in. */
export type ResolvedSettings = z.output<typeof settingsSchema>;

/** Settings of one Applivery workspace. */
export type AppliverySettings = Omit<z.input<typeof settingsSchema>, "baseUrl"> & {
  readonly baseUrl?: string | undefined;
};
