import { EnrollmentError, parseInput, REDACTED, Secret } from "@enrollkit/core";
import * as z from "zod";
import { ADMIN_EXTRAS, extraKey } from "./constants.js";
import { DEEPEST, isShallow } from "./depth.js";
import { LOST } from "./open-secret.js";
import { entriesOf, revealed, type Entry, type KeyTable } from "./entries.js";
import { wifiEntries, wifiKeyTables, wifiSchema, type WifiNetwork } from "./wifi.js";

/** What an extra of {@link ProvisioningExtras.other} may be; a record is a bundle of further ones. */
export type ExtraValue = string | number | boolean | Secret | { readonly [key: string]: ExtraValue };

/**
 * How a device is to be set up on its way into management. What is left out stays as the platform has it; a false is
 * written down as one.
 *
 * @see https://developer.android.com/reference/android/app/admin/DevicePolicyManager
 */
export interface ProvisioningExtras {
  readonly wifi?: WifiNetwork | undefined;
  /** Load over mobile data. From a QR code or an NFC tag Android does so anyway, unless there is a `wifi`. */
  readonly useMobileData?: boolean | undefined;
  /** Language and country with an underscore: `de_DE`. */
  readonly locale?: string | undefined;
  /** A zone of the IANA database: `Europe/Berlin`. */
  readonly timeZone?: string | undefined;
  /** Keep the manufacturer's apps. */
  readonly leaveAllSystemAppsEnabled?: boolean | undefined;
  readonly skipEncryption?: boolean | undefined;
  /** Leave out the screens that explain management. From a QR code some devices ignore it. */
  readonly skipEducationScreens?: boolean | undefined;
  /** Newer platforms only. */
  readonly keepScreenOn?: boolean | undefined;
  /** Newer platforms only. */
  readonly allowOffline?: boolean | undefined;
  /** The admin renounces to grant permissions for sensors. Newer platforms only. */
  readonly sensorsPermissionGrantOptOut?: boolean | undefined;
  /** Extras that have no field here, by their full key: `android.app.extra.PROVISIONING_LOCAL_TIME`. */
  readonly other?: Readonly<Record<string, ExtraValue>> | undefined;
  /** Full keys of the vendor's own payload that these extras may replace. Default: none. */
  readonly replace?: readonly string[] | undefined;
}

const localeRule = "must be a language and a country with an underscore, such as de_DE";
const zoneRule = "must be a time zone such as Europe/Berlin";

const zoneProblem = (zone: string): string | undefined => {
  try {
    // Android minds the case, this look-up does not.
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions();
    if (timeZone === zone) return undefined;
    if (timeZone.toLowerCase() === zone.toLowerCase()) return `must be written ${timeZone}`;
    // An alias, such as US/Pacific, which both know; the look-up does not say how it is written.
    return /^[A-Z][^/]*(?:\/[A-Z][^/]*)*$/.test(zone) ? undefined : zoneRule;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return zoneRule;
  }
};

const timeZone = z
  .string()
  .regex(/^[A-Z]/i, { error: zoneRule, abort: true })
  .superRefine((zone, context) => {
    const message = zoneProblem(zone);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

const extraValue: z.ZodType<ExtraValue> = z.union(
  [
    z.string().refine((text) => text !== REDACTED, LOST),
    z.number(),
    z.boolean(),
    z.custom<Secret>((value) => Secret.is(value)).refine((secret) => secret.isKnown, LOST),
    z.lazy(() => z.record(z.string(), extraValue)),
  ],
  { error: "must be text, a number, true or false, or an object of these" },
);

const fieldKeys = {
  useMobileData: "USE_MOBILE_DATA",
  locale: "LOCALE",
  timeZone: "TIME_ZONE",
  leaveAllSystemAppsEnabled: "LEAVE_ALL_SYSTEM_APPS_ENABLED",
  skipEncryption: "SKIP_ENCRYPTION",
  skipEducationScreens: "SKIP_EDUCATION_SCREENS",
  keepScreenOn: "KEEP_SCREEN_ON",
  allowOffline: "ALLOW_OFFLINE",
  sensorsPermissionGrantOptOut: "SENSORS_PERMISSION_GRANT_OPT_OUT",
} as const satisfies KeyTable<Exclude<keyof ProvisioningExtras, "wifi" | "other" | "replace">>;

const keysWithField: ReadonlyMap<string, string> = new Map([
  ...Object.entries(fieldKeys).map(([field, name]): [string, string] => [extraKey(name), field]),
  ...Object.entries(wifiKeyTables).flatMap(([parent, table]) =>
    Object.entries(table).map(([field, name]): [string, string] => [extraKey(name), `${parent}.${field}`]),
  ),
]);

const tokenRule = "must be left alone: it holds the enrollment token";

const keyProblem = (key: string): string | undefined => {
  if (key === "") return "has no name";
  if (key === ADMIN_EXTRAS) return tokenRule;
  const field = keysWithField.get(key);
  return field === undefined ? undefined : `has a field of its own: ${field}`;
};

const other = z.record(z.string(), extraValue).superRefine((extras, context) => {
  for (const key of Object.keys(extras)) {
    const message = keyProblem(key);
    if (message !== undefined) context.addIssue({ code: "custom", path: [key], message });
  }
});

/** Reads {@link ProvisioningExtras}, as JSON or as code writes them. Unknown fields are refused. */
export const provisioningExtrasSchema: z.ZodType<ProvisioningExtras> = z.strictObject({
  wifi: wifiSchema.optional(),
  useMobileData: z.boolean().optional(),
  locale: z
    .string()
    .regex(/^[a-z]{2,3}_[A-Z]{2}$/, localeRule)
    .optional(),
  timeZone: timeZone.optional(),
  leaveAllSystemAppsEnabled: z.boolean().optional(),
  skipEncryption: z.boolean().optional(),
  skipEducationScreens: z.boolean().optional(),
  keepScreenOn: z.boolean().optional(),
  allowOffline: z.boolean().optional(),
  sensorsPermissionGrantOptOut: z.boolean().optional(),
  other: other.optional(),
  replace: z.array(z.string().refine((key) => key !== ADMIN_EXTRAS, tokenRule)).optional(),
});

const withPath = z.object({ extras: provisioningExtrasSchema });

/**
 * Reads {@link ProvisioningExtras} from untyped input, such as a JSON file. A Wi-Fi password in it becomes a Secret.
 *
 * @throws EnrollmentError `invalid-request` that names every field at fault, `extras.wifi.password`, and repeats no value.
 */
export const readProvisioningExtras = (input: unknown): ProvisioningExtras => {
  if (!isShallow(input)) {
    throw new EnrollmentError(`extras is nested more than ${DEEPEST} levels deep`, {
      code: "invalid-request",
      path: "extras",
    });
  }
  return parseInput(withPath, { extras: input }, "invalid-request").extras;
};

/** Extras in the platform's words. */
export const extrasEntries = (extras: ProvisioningExtras): Entry[] => [
  ...(extras.wifi === undefined ? [] : wifiEntries(extras.wifi)),
  ...entriesOf(extras, fieldKeys, "extras"),
  ...Object.entries(extras.other ?? {}).map(([key, value]) => ({
    key,
    value: revealed(value),
    path: `extras.other.${key}`,
  })),
];
