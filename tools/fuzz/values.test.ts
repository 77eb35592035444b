import {
  durationFrom,
  durationLength,
  EnrollmentError,
  parseDuration,
  Secret,
  toIsoDuration,
  type Enrollment,
  type IsoDuration,
} from "@enrollkit/core";
import { parseEnrollmentNotification } from "@enrollkit/android-management";
import {
  androidProvisioningPayload,
  nfcMessage,
  readProvisioningExtras,
  type ProvisioningExtras,
} from "@enrollkit/provisioning";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attempt, cases, expectUnpolluted, fuzz } from "./fuzz.js";
import { anyJson, fixturesIn, mutated, mutatedText } from "./hostile-json.js";

const asJson = (content: Buffer): unknown => JSON.parse(content.toString("utf8"));

/** A result, or the one kind of error that callers are told of. */
const expectResultOrRefusal = (work: () => unknown): void => {
  const { error } = attempt(work);
  expect(EnrollmentError.is(error) ? undefined : error).toBeUndefined();
  expectUnpolluted();
};

const now = Date.UTC(2026, 0, 15);

fuzz({
  parser: "durations",
  fromFile: (content) => content.toString("utf8"),
  inputs: fc.oneof(
    fc.string(),
    mutatedText(["PT1H", "P7D", "P1Y2M3W4DT5H6M7.891S", "-PT0.5S", "P0.7D", "PT1,5H"]),
  ),
  check: (text) => {
    const { result, error } = attempt(() => durationFrom(parseDuration(text as IsoDuration), now));
    if (error === undefined) expect(result).not.toBeNaN();
    else expect(error).toBeInstanceOf(RangeError);
    const exact = attempt(() => durationLength(text as IsoDuration));
    if (exact.error !== undefined) expect(exact.error).toBeInstanceOf(RangeError);
  },
});

describe("a length", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e15 }), (milliseconds) => {
        expect(durationLength(toIsoDuration(milliseconds))).toBe(milliseconds);
      }),
      { numRuns: cases },
    );
  });
});

const device = fixturesIn(
  new URL("../../packages/adapters/android-management/fixtures", import.meta.url).pathname,
);
const data = fc.oneof(
  fc.oneof(anyJson, mutated(device)).map((value) => Buffer.from(JSON.stringify(value)).toString("base64")),
  fc.uint8Array(),
  fc.string(),
);
const message = fc.record({
  attributes: fc.record({ notificationType: fc.oneof(fc.constant("ENROLLMENT"), fc.string()) }),
  data,
  messageId: fc.oneof(fc.string(), fc.constant(null)),
});

fuzz<unknown>({
  parser: "notifications",
  fromFile: asJson,
  inputs: fc.oneof(anyJson, message, fc.record({ message }), fc.record({ message: anyJson })),
  check: (input) => {
    expectResultOrRefusal(() => parseEnrollmentNotification(input));
  },
});

const extras = {
  wifi: { ssid: "Office", security: "WPA", password: "correct horse" },
  locale: "de_DE",
  timeZone: "Europe/Berlin",
  other: { "android.app.extra.PROVISIONING_LOCAL_TIME": 1, bundle: { a: { b: "c" } } },
  replace: ["x"],
};
const payload = {
  "android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME":
    "com.google.android.apps.work.clouddpc/.Receiver",
  "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE": { "com.google.ENROLLMENT_TOKEN": "ABCDEFG" },
};

const enrollmentWith = (text: string): Enrollment => ({
  id: "1",
  provider: "phones",
  vendor: "android-management",
  artifacts: [{ kind: "provisioning-qr", value: new Secret(text) }],
  createdAt: "2026-01-15T00:00:00Z",
  expiresAt: "never",
  uses: "one",
  warnings: [],
  requestIds: [],
});

fuzz<unknown>({
  parser: "extras",
  fromFile: asJson,
  inputs: fc.oneof(anyJson, mutated([extras])),
  check: (input) => {
    expectResultOrRefusal(() => readProvisioningExtras(input));
    expectResultOrRefusal(() =>
      nfcMessage(
        androidProvisioningPayload(enrollmentWith(JSON.stringify(payload)), input as ProvisioningExtras),
      ),
    );
  },
});

fuzz({
  parser: "payloads",
  fromFile: (content) => content.toString("utf8"),
  inputs: fc.oneof(
    fc.string(),
    fc.oneof(anyJson, mutated([payload])).map((value) => JSON.stringify(value)),
    mutatedText([JSON.stringify(payload)]),
  ),
  check: (text) => {
    expectResultOrRefusal(() => androidProvisioningPayload(enrollmentWith(text)));
    expectResultOrRefusal(() => nfcMessage(new Secret(text)));
  },
});
