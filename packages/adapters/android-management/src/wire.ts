import { isIsoInstant, toIsoInstant } from "@enrollkit/core";
import { DateTime } from "luxon";
import * as z from "zod";

/**
 * The vendor's JSON, as far as it is read. Google leaves out whatever holds its default value (false, "", an empty
 * list), so absent, null and empty are one; enumerations are read as text, because new values appear over time.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
const text = z
  .string()
  .nullish()
  .transform((value) => (value === "" || value === null ? undefined : value));

const isInstant = (value: string) =>
  isIsoInstant(value) || (value.includes("T") && DateTime.fromISO(value, { zone: "utc" }).isValid);

/** All nine fractional digits are kept. An unreadable one counts as absent: no reason to lose a token over it. */
const instant = text.transform((value) =>
  value !== undefined && isInstant(value) ? toIsoInstant(value) : undefined,
);

const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const name = z.string().min(1);

/** A token right after its creation. */
export const createdTokenSchema = z.object({
  name,
  value: z.string().min(1),
  expirationTimestamp: instant,
  qrCode: text,
});

/** A token as get and list show it. Deployments until 2024 showed the name and the expiry only. */
export const tokenViewSchema = z.object({
  name,
  value: text,
  expirationTimestamp: instant,
  qrCode: text,
  allowPersonalUsage: text,
});
export type TokenView = z.output<typeof tokenViewSchema>;

export const tokenPageSchema = z.object({ enrollmentTokens: list(tokenViewSchema), nextPageToken: text });

/** The part of a device that tells how it came in. */
export const deviceSchema = z.object({
  name,
  state: text,
  enrollmentTokenName: text,
  enrollmentTokenData: text,
  enrollmentTime: instant,
  policyName: text,
  managementMode: text,
  ownership: text,
  previousDeviceNames: list(z.string()),
  hardwareInfo: z.object({ serialNumber: text, brand: text, model: text }).nullish(),
});
export type Device = z.output<typeof deviceSchema>;

export const devicePageSchema = z.object({ devices: list(deviceSchema), nextPageToken: text });

export const policySchema = z.object({ name });

export const policyPageSchema = z.object({ policies: list(policySchema), nextPageToken: text });

export const enterpriseSchema = z.object({ name, enterpriseDisplayName: text });

/** The answer to a delete: an empty object. */
export const emptySchema = z.object({});

/** Google's error body. `errors` is the older format, which some surfaces still add. */
export const errorBodySchema = z.object({
  error: z.object({
    message: text,
    status: text,
    details: list(
      z.object({
        reason: text,
        fieldViolations: list(z.object({ field: text, description: text })),
      }),
    ),
    errors: list(z.object({ reason: text })),
  }),
});

/** The error body of the OAuth token endpoint. */
export const tokenErrorBodySchema = z.object({ error: z.string(), error_description: text });

/** The body of a create. */
export interface EnrollmentTokenInput {
  readonly policyName?: string;
  /** Decimal seconds: "3600s". */
  readonly duration?: string;
  readonly additionalData?: string;
  readonly oneTimeOnly?: boolean;
  readonly allowPersonalUsage?: string;
  readonly googleAuthenticationOptions?: GoogleAuthenticationOptions;
  readonly user?: { readonly accountIdentifier: string };
}

/**
 * Whether the user must sign in with a managed Google account.
 *
 * @see https://developers.google.com/android/management/reference/rest/v1/enterprises.enrollmentTokens
 */
export interface GoogleAuthenticationOptions {
  readonly authenticationRequirement: "OPTIONAL" | "REQUIRED";
  /** The account to sign in with; only together with `REQUIRED`. */
  readonly requiredAccountEmail?: string | undefined;
}
