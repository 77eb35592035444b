import { Duration } from "luxon";
import * as z from "zod";
import type { DurationInput } from "./duration.js";

/** What runs on the device. */
export const platforms = ["android", "ios", "ipados", "macos", "tvos", "windows", "linux"] as const;
export type Platform = (typeof platforms)[number];

/**
 * How the device is managed after enrollment.
 *
 * - `fully-managed`: Android, the whole device belongs to the company's policy
 * - `work-profile`: Android, a separate profile; on a company's own device also called COPE
 * - `dedicated`: Android, one purpose and no single user: a kiosk, a scanner
 * - `device-enrollment`: Apple, by a profile that the user installs
 * - `user-enrollment`: Apple, a personal device with a Managed Apple Account
 */
export const managementModes = [
  "fully-managed",
  "work-profile",
  "dedicated",
  "device-enrollment",
  "user-enrollment",
] as const;
export type ManagementMode = (typeof managementModes)[number];

export const ownerships = ["company", "personal"] as const;
export type Ownership = (typeof ownerships)[number];

/** `return`: hand the artifact to the caller. `vendor-email`: the vendor also mails it to the recipient. */
export const deliveries = ["return", "vendor-email"] as const;
export type Delivery = (typeof deliveries)[number];

/** How many devices one enrollment lets in. */
export type Uses = "one" | "unlimited" | number;

/** Whom an enrollment is for. */
export interface Recipient {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
}

/** Which device an enrollment is for. */
export interface DeviceReference {
  /** The vendor's id of a device that it knows already. */
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly serialNumber?: string | undefined;
}

/**
 * An enrollment, asked for in words that no vendor owns.
 *
 * Two kinds of fields: `recipient` and `device` *describe*; they come back in the result, and go to the vendor if
 * it has a place for them. All others are *wishes*: honoured or refused with `unsupported`, never clamped,
 * ignored or replaced in silence. `key` and `tenant` are the caller's own: they come back as they are.
 *
 * @typeParam Extras - what a concrete adapter can do beyond the neutral words. On the neutral type it is `never`.
 */
export interface EnrollmentRequest<Extras = never> {
  /** The caller's own id. It comes back in the outcome, and finds the enrollment again after a lost answer. */
  readonly key?: string | undefined;
  /** A neutral name ("sales") that the config maps to the vendor's policy, group or mode. */
  readonly profile?: string | undefined;
  /** Whose request it is, in an app that serves several customers: it decides on a route, comes back, and goes to no vendor. */
  readonly tenant?: string | undefined;
  readonly platform?: Platform | undefined;
  readonly management?: ManagementMode | undefined;
  readonly ownership?: Ownership | undefined;
  readonly recipient?: Recipient | undefined;
  readonly device?: DeviceReference | undefined;
  /** Lifetime: luxon's Duration or ISO 8601 text, longer than zero. Default: the profile's, else the vendor's. */
  readonly validFor?: DurationInput | undefined;
  /** Default: the profile's, else the vendor's. */
  readonly uses?: Uses | undefined;
  /** Labels, at most 128 characters each. */
  readonly tags?: readonly string[] | undefined;
  /** Text that the vendor hands back with the enrolled device. */
  readonly additionalData?: string | undefined;
  /** Default: `return`. */
  readonly delivery?: Delivery | undefined;
  readonly extras?: Extras | undefined;
}

/** A device to be made known before it enrolls. */
export interface DeviceToImport {
  /** The caller's own id; comes back in the outcome. */
  readonly key?: string | undefined;
  /** The name the device is found by until someone renames it. Unique within one import. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Default: `mobile`. */
  readonly kind?: "mobile" | "computer" | undefined;
  /** A neutral name that the config maps to the vendor's group. */
  readonly profile?: string | undefined;
}

/** Text in a field that is only a label. */
const label = z.string().min(1, "must not be empty").max(512, "must have at most 512 characters");

const duration = z.custom<DurationInput>(
  // Whether text is one shows when its length is taken.
  (value) => typeof value === "string" || (Duration.isDuration(value) && value.isValid),
  "must be a duration such as PT1H or P7D",
);

const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of: ${values.join(", ")}` });

const usesRule = "must be one, unlimited, or a whole number above zero";

const requestShape = {
  key: label.optional(),
  profile: label.optional(),
  tenant: label.optional(),
  platform: oneOf(platforms).optional(),
  management: oneOf(managementModes).optional(),
  ownership: oneOf(ownerships).optional(),
  recipient: z
    .strictObject({
      // The address itself stays out of the message: errors end up in logs.
      email: z
        .email("is not an e-mail address; it takes a name, an @ and a domain")
        .max(254, "is longer than an e-mail address can be (254 characters)")
        .optional(),
      name: label.optional(),
    })
    .optional(),
  device: z
    .strictObject({
      id: label.optional(),
      name: label.optional(),
      description: label.optional(),
      serialNumber: label.optional(),
    })
    .optional(),
  validFor: duration.optional(),
  uses: z
    .union([z.literal(["one", "unlimited"]), z.int(usesRule).positive(usesRule)], { error: usesRule })
    .optional(),
  tags: z
    .array(z.string().min(1, "must not be empty").max(128, "must have at most 128 characters"))
    .readonly()
    .optional(),
  additionalData: z.string().optional(),
  delivery: oneOf(deliveries).optional(),
};

// Compiled, because a bulk run reads a million of them: a valid request then costs much less. Wrong ones, and machines
// that forbid code made at run time, take zod's ordinary way.

/** Reads an {@link EnrollmentRequest} from untyped input. Unknown fields are refused; `extras` pass through. */
export const enrollmentRequestSchema = z.compile(
  z.strictObject({ ...requestShape, extras: z.unknown().optional() }),
);

/** Reads a {@link DeviceToImport} from untyped input. Unknown fields are refused. */
export const deviceToImportSchema = z.compile(
  z.strictObject({
    key: label.optional(),
    name: label,
    description: label.optional(),
    kind: oneOf(["mobile", "computer"]).optional(),
    profile: label.optional(),
  }),
);
