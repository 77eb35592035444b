import { EnrollmentError, parseInput, type DeviceReference, type IsoInstant } from "@enrollkit/core";
import * as z from "zod";
import { toDeviceReference } from "./mapping.js";
import { deviceSchema } from "./wire.js";

/** A device has enrolled. Pub/Sub delivers at least once and in any order: the same one may come again. */
export interface EnrollmentNotification {
  readonly kind: "enrollment";
  /** The `id` of the enrollment that the device came in by; absent if it came in by none. */
  readonly enrollmentId?: string | undefined;
  /** The enrollment's own `additionalData`. */
  readonly additionalData?: string | undefined;
  readonly device: DeviceReference;
  /**
   * The vendor's word: `PROVISIONING` until a policy is applied, then `ACTIVE`; `DELETED` in a message that comes
   * after the device has left again. Others come over time.
   */
  readonly deviceState?: string | undefined;
  readonly enrolledAt?: IsoInstant | undefined;
  /** The policy's resource name. */
  readonly policyName?: string | undefined;
  /** `DEVICE_OWNER` or `PROFILE_OWNER`. */
  readonly managementMode?: string | undefined;
  /** `COMPANY_OWNED` or `PERSONALLY_OWNED`. */
  readonly ownership?: string | undefined;
  /** What the same hardware was called when it was enrolled before, oldest first. */
  readonly previousDeviceIds: readonly string[];
  /** Pub/Sub's id of the message, to tell a repetition by. */
  readonly messageId?: string | undefined;
}

/** Any other message on the topic: a status report, a command, the test message. Acknowledge it and go on. */
export interface OtherNotification {
  readonly kind: "other";
  /** `STATUS_REPORT`, `COMMAND`, `USAGE_LOGS`, `test` … */
  readonly notificationType: string;
  readonly messageId?: string | undefined;
}

const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

const messageSchema = z.object(
  {
    attributes: z.object(
      { notificationType: z.string("must be the kind of notification").min(1, "must not be empty") },
      "must be an object with a notificationType",
    ),
    data: z
      .union(
        [z.instanceof(Uint8Array), z.string().regex(base64, "must be base64 text or bytes")],
        "must be base64 text or bytes",
      )
      .nullish(),
    messageId: z.string().nullish(),
  },
  "must be a Pub/Sub message",
);

const envelopeSchema = z.object({ message: messageSchema }, "must be a Pub/Sub message");

const invalid = (message: string, cause?: unknown): EnrollmentError =>
  new EnrollmentError(message, { code: "invalid-request", path: "message.data", cause });

const decode = (data: Uint8Array | string): unknown => {
  const bytes = typeof data === "string" ? Buffer.from(data, "base64") : data;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid("message.data is not UTF-8 text", cause);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error quotes the text, which is a caller's data.
    throw invalid("message.data holds no JSON");
  }
};

/**
 * Reads a message from the topic that an enterprise publishes to: whoever enrolled, the moment it happens, without
 * asking for the list of devices.
 *
 * @param message - the body of a push delivery, as parsed JSON, or a message as a Pub/Sub client hands it out.
 * @throws EnrollmentError `invalid-request` if it is neither, or its data is no device.
 * @see https://developers.google.com/android/management/notifications
 */
export const parseEnrollmentNotification = (message: unknown): EnrollmentNotification | OtherNotification => {
  const isEnvelope = typeof message === "object" && message !== null && "message" in message;
  const read = parseInput(envelopeSchema, isEnvelope ? message : { message }, "invalid-request").message;
  const { notificationType } = read.attributes;
  const messageId = read.messageId ?? undefined;
  if (notificationType !== "ENROLLMENT") return { kind: "other", notificationType, messageId };
  if (read.data === undefined || read.data === null) throw invalid("message.data is missing");
  const device = deviceSchema.safeParse(decode(read.data));
  if (!device.success) throw invalid("message.data is not a device of the Android Management API");
  const { data } = device;
  return {
    kind: "enrollment",
    enrollmentId: data.enrollmentTokenName,
    additionalData: data.enrollmentTokenData,
    device: toDeviceReference(data),
    deviceState: data.state,
    enrolledAt: data.enrollmentTime,
    policyName: data.policyName,
    managementMode: data.managementMode,
    ownership: data.ownership,
    previousDeviceIds: data.previousDeviceNames,
    messageId,
  };
};
