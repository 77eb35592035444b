import { EnrollmentError, Secret, type Enrollment } from "@enrollkit/core";
import { DOWNLOAD_LOCATION, extraKey } from "./constants.js";
import { asciiJson } from "./json.js";
import { requireMethod } from "./methods.js";
import { mergedPayload } from "./payload.js";
import type { ProvisioningExtras } from "./extras.js";

/** What Google's guide lets a zero-touch configuration say beside the admin extras, and the escape. */
const allowed = [
  "locale",
  "timeZone",
  "leaveAllSystemAppsEnabled",
  "other",
  "replace",
] as const satisfies (keyof ProvisioningExtras)[];

/** The extras that a zero-touch configuration may hold. */
export type ZeroTouchExtras = Pick<ProvisioningExtras, (typeof allowed)[number]>;

/** The device knows itself where to load Android Device Policy; the guide asks to leave these out. */
const leftToTheDevice: readonly string[] = [
  DOWNLOAD_LOCATION,
  extraKey("DEVICE_ADMIN_PACKAGE_DOWNLOAD_COOKIE_HEADER"),
  extraKey("DEVICE_ADMIN_PACKAGE_CHECKSUM"),
];

const isWifi = (key: string) => key.startsWith(extraKey("WIFI_"));

const refuseForeign = (extras: ZeroTouchExtras): void => {
  const names: readonly string[] = allowed;
  const foreign = [
    ...Object.entries<unknown>({ ...extras })
      .filter(([field, value]) => value !== undefined && !names.includes(field))
      .map(([field]) => `extras.${field}`),
    ...Object.keys(extras.other ?? {})
      .filter((key) => isWifi(key) || leftToTheDevice.includes(key))
      .map((key) => `extras.other.${key}`),
  ];
  if (foreign[0] === undefined) return;
  throw new EnrollmentError(
    `${foreign.join(", ")} must be left out of a zero-touch configuration: Google's guide keeps it to language, time and apps, without passwords and downloads`,
    {
      code: "unsupported",
      path: foreign[0],
      advice: `a zero-touch configuration may have: ${allowed.join(", ")}`,
    },
  );
};

/**
 * The JSON for the field "DPC extras" of a configuration in the zero-touch portal, or in Knox Mobile Enrollment. It holds
 * the token.
 *
 * Every device of the configuration enrolls with this one token, also after a later reset: the enrollment must have `uses:
 * "unlimited"`, and should live long. Google's guide to EMMs says which keys belong here.
 *
 * @throws EnrollmentError `unsupported` if the enrollment has not unlimited uses or is for personal devices, or if an extra
 * has no place here; `invalid-request` as {@link androidProvisioningPayload} does.
 * @see https://developers.google.com/zero-touch/guides/customer/emm
 */
export const zeroTouchExtras = (enrollment: Enrollment, extras: ZeroTouchExtras = {}): Secret => {
  requireMethod("zero-touch", enrollment);
  refuseForeign(extras);
  if (enrollment.uses !== "unlimited") {
    throw new EnrollmentError(
      `enrollment.uses is ${enrollment.uses}: further devices of the zero-touch configuration could not enroll`,
      {
        code: "unsupported",
        provider: enrollment.provider,
        path: "enrollment.uses",
        advice: 'create the enrollment with uses "unlimited" and a long validFor',
      },
    );
  }
  const payload = Object.entries(mergedPayload(enrollment, extras));
  if (payload.some(([key]) => isWifi(key))) {
    throw new EnrollmentError("payload holds a Wi-Fi network, which a zero-touch configuration must not", {
      code: "unsupported",
      provider: enrollment.provider,
      path: "payload",
      advice: "use the enrollment as it was created, without extras in its payload",
    });
  }
  const entries = payload.filter(([key]) => !leftToTheDevice.includes(key));
  return new Secret(asciiJson(Object.fromEntries(entries)));
};
