import { EnrollmentError, Secret } from "@enrollkit/core";
import { ADMIN_EXTRAS, COMPONENT_NAME, NFC_MIME_TYPE, PACKAGE_NAME } from "./constants.js";
import { isRecord } from "./entries.js";
import { ndefMessage } from "./ndef.js";
import { readPayload, type Payload } from "./payload.js";
import { propertiesText } from "./properties.js";

const unsupported = (path: string, message: string, advice: string) =>
  new EnrollmentError(`${path} ${message}`, { code: "unsupported", path, advice });

const asText = (value: unknown, path: string): string => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return `${value}`;
  throw unsupported(
    path,
    "must be text, a number, or true or false: an NFC record knows no lists and objects",
    "leave it out of the NFC record, or use the QR code",
  );
};

const textOf = (record: Payload, path: string): string =>
  propertiesText(
    Object.entries(record).map(([key, value]) => {
      const keyPath = `${path}.${key}`;
      // The one bundle that the platform reads out of a record: a text of the same form within the text.
      const isBundle = path === "payload" && key === ADMIN_EXTRAS && isRecord(value);
      return [key, isBundle ? textOf(value, keyPath) : asText(value, keyPath)];
    }),
  );

/**
 * A provisioning payload in the form that an NFC record carries: the text of a `java.util.Properties`, and in it the admin
 * extras as such a text of their own. Every value becomes text, as the platform expects.
 *
 * @param payload - what {@link androidProvisioningPayload} made.
 * @throws EnrollmentError `invalid-request` if it is no payload; `unsupported` if it does not name the device policy
 * controller, or holds lists or objects beside the admin extras.
 * @see https://developer.android.com/reference/android/app/admin/DevicePolicyManager#MIME_TYPE_PROVISIONING_NFC
 */
export const nfcProperties = (payload: Secret): Secret => {
  const record = readPayload(payload);
  if (!Object.hasOwn(record, COMPONENT_NAME) && !Object.hasOwn(record, PACKAGE_NAME)) {
    throw unsupported(
      "payload",
      `must have ${COMPONENT_NAME} or ${PACKAGE_NAME}: without it Android ignores an NFC record`,
      "take the payload from androidProvisioningPayload",
    );
  }
  return new Secret(textOf(record, "payload"));
};

/**
 * The NDEF message to write to an NFC tag, **in base64**: one record of {@link NFC_MIME_TYPE}, because Android looks at the
 * first alone. With the token alone it has some 570 bytes, with Wi-Fi and more some 900: take tags of 1 KB or more.
 *
 * @param payload - what {@link androidProvisioningPayload} made.
 * @throws EnrollmentError as {@link nfcProperties} does.
 */
export const nfcMessage = (payload: Secret): Secret => {
  const text = nfcProperties(payload).reveal();
  return new Secret(ndefMessage(NFC_MIME_TYPE, Buffer.from(text, "ascii")).toString("base64"));
};
