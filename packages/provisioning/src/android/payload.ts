import { EnrollmentError, findArtifact, Secret, type Enrollment } from "@enrollkit/core";
import { ANDROID_MANAGEMENT, devicePolicyPayload } from "./constants.js";
import { DEEPEST, isShallow } from "./depth.js";
import { isRecord } from "./entries.js";
import { extrasEntries, readProvisioningExtras, type ProvisioningExtras } from "./extras.js";
import { asciiJson, parseJson } from "./json.js";
import { openSecret } from "./open-secret.js";

/** Android's provisioning payload, read: full keys and their values, in the vendor's order. */
export type Payload = Readonly<Record<string, unknown>>;

const refuse = (message: string, advice: string) =>
  new EnrollmentError(message, { code: "invalid-request", path: "payload", advice });

/**
 * Reads the text of a provisioning payload.
 *
 * @throws EnrollmentError `invalid-request` with the path `payload`; nothing of the text is repeated.
 */
export const readPayload = (payload: Secret): Payload => {
  const value = parseJson(openSecret(payload, "payload"));
  if (!isShallow(value)) {
    throw refuse(
      `payload is nested more than ${DEEPEST} levels deep`,
      "hand over the vendor's text as it came",
    );
  }
  if (isRecord(value)) return value;
  if (typeof value === "string" && isRecord(parseJson(value))) {
    throw refuse(
      "payload is JSON within a JSON string: it was encoded twice",
      "hand over the vendor's text as it came, without another JSON.stringify",
    );
  }
  throw refuse(
    "payload is no JSON object",
    "Android's provisioning payload is a JSON object, not a link or a bare token",
  );
};

const payloadOf = (enrollment: Enrollment): Payload => {
  const qr = findArtifact(enrollment, "provisioning-qr");
  if (qr !== undefined) return readPayload(qr.value);
  const token = findArtifact(enrollment, "enrollment-token");
  if (token !== undefined && enrollment.vendor === ANDROID_MANAGEMENT) {
    return devicePolicyPayload(openSecret(token.value, "token"));
  }
  throw new EnrollmentError("the enrollment has no provisioning payload for Android", {
    code: "unsupported",
    provider: enrollment.provider,
    path: "enrollment.artifacts",
    advice: `it takes an artifact provisioning-qr, or an enrollment-token of ${ANDROID_MANAGEMENT}`,
  });
};

/**
 * The vendor's payload and the caller's extras in one object. The vendor's keys keep their order and their values.
 *
 * @throws EnrollmentError `invalid-request` if the extras are wrong, or would replace a key of the vendor's that
 * {@link ProvisioningExtras.replace} does not name; `unsupported` if the enrollment has no payload.
 */
export const mergedPayload = (enrollment: Enrollment, extras: ProvisioningExtras): Payload => {
  const { replace = [], ...wishes } = readProvisioningExtras(extras);
  const payload = payloadOf(enrollment);
  const entries = extrasEntries(wishes);
  const conflicts = entries.filter(({ key }) => Object.hasOwn(payload, key) && !replace.includes(key));
  if (conflicts[0] !== undefined) {
    const places = conflicts.map(({ path, key }) => `${path} would replace the vendor's own ${key}`);
    throw new EnrollmentError(places.join("; "), {
      code: "invalid-request",
      provider: enrollment.provider,
      path: conflicts[0].path,
      advice: "leave it to the vendor, or name the key in extras.replace",
    });
  }
  return Object.fromEntries([
    ...Object.entries(payload),
    ...entries.map(({ key, value }): [string, unknown] => [key, value]),
  ]);
};

/**
 * The text for a QR code at Android's first setup: the vendor's payload, with extras such as the Wi-Fi network merged
 * in, as compact JSON. It holds the token, and the Wi-Fi password in clear text. What is not ASCII is escaped as `\uXXXX`,
 * the vendor's as well: six bytes a character, and twelve an emoji.
 *
 * An enrollment of the Android Management API that has a token and no payload gets the payload that Google would send.
 *
 * @throws EnrollmentError `invalid-request` if the extras or the vendor's payload are wrong, or if an extra would replace
 * one of the vendor's keys; `unsupported` if there is neither payload nor token.
 * @see https://developers.google.com/android/management/provision-device
 */
export const androidProvisioningPayload = (enrollment: Enrollment, extras: ProvisioningExtras = {}): Secret =>
  new Secret(asciiJson(mergedPayload(enrollment, extras)));

/**
 * The same enrollment with {@link androidProvisioningPayload} as its provisioning QR code, for whatever takes an
 * enrollment: a QR code, a sheet, a mail.
 *
 * @throws EnrollmentError as {@link androidProvisioningPayload} does.
 */
export const withProvisioningExtras = (enrollment: Enrollment, extras: ProvisioningExtras): Enrollment => ({
  ...enrollment,
  artifacts: [
    ...enrollment.artifacts.filter(({ kind }) => kind !== "provisioning-qr"),
    { kind: "provisioning-qr", value: androidProvisioningPayload(enrollment, extras) },
  ],
});
