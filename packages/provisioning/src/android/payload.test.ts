import { findArtifact, Secret, type EnrollmentArtifact } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { androidEnrollment, enrollmentWithPayload } from "../../test/support/android-enrollment.js";
import { provisioningPayload } from "../../test/support/payloads.js";
import { thrownBy } from "../../test/support/thrown-by.js";
import { androidProvisioningPayload, withProvisioningExtras } from "./payload.js";

const PREFIX = "android.app.extra.PROVISIONING_";
const token: EnrollmentArtifact = { kind: "enrollment-token", value: new Secret("QWJKLPRTZXCVBNMASDFG") };

describe("androidProvisioningPayload", () => {
  it("is the vendor's payload where there are no extras", () => {
    expect(androidProvisioningPayload(androidEnrollment()).reveal()).toBe(provisioningPayload());
  });

  it("is written compactly, however the vendor laid it out", () => {
    const pretty = JSON.stringify(JSON.parse(provisioningPayload()), undefined, 2);
    expect(androidProvisioningPayload(enrollmentWithPayload(pretty)).reveal()).toBe(provisioningPayload());
  });

  it("is what Google would send where there is only the token", () => {
    const enrollment = androidEnrollment({ artifacts: [token] });
    expect(androidProvisioningPayload(enrollment).reveal()).toBe(provisioningPayload());
  });

  it("adds extras behind the vendor's keys and leaves those as they are", () => {
    const vendors = { z: 1, [`${PREFIX}ADMIN_EXTRAS_BUNDLE`]: { t: "x" }, a: [null, { b: "u" }] };
    const enrollment = enrollmentWithPayload(JSON.stringify(vendors));
    expect(
      androidProvisioningPayload(enrollment, {
        wifi: { ssid: "a", password: new Secret("correct horse battery") },
        locale: "de_DE",
      }).reveal(),
    ).toBe(
      JSON.stringify({
        ...vendors,
        [`${PREFIX}WIFI_SSID`]: "a",
        [`${PREFIX}WIFI_SECURITY_TYPE`]: "WPA",
        [`${PREFIX}WIFI_PASSWORD`]: "correct horse battery",
        [`${PREFIX}LOCALE`]: "de_DE",
      }),
    );
  });

  it("keeps whatever the vendor sends, in its order", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (vendors) => {
        const text = JSON.stringify(vendors);
        const merged = androidProvisioningPayload(enrollmentWithPayload(text), {
          other: { "com.example.LAST": "x" },
        }).reveal();
        expect(JSON.stringify(JSON.parse(merged))).toBe(
          JSON.stringify({ ...(JSON.parse(text) as object), "com.example.LAST": "x" }),
        );
      }),
    );
  });

  it("escapes what is not ASCII, the vendor's and the caller's", () => {
    const enrollment = enrollmentWithPayload('{"größe":"€"}');
    expect(androidProvisioningPayload(enrollment, { other: { "\u007f": "Büro 📶\n" } }).reveal()).toBe(
      String.raw`{"gr\u00f6\u00dfe":"\u20ac","\u007f":"B\u00fcro \ud83d\udcf6\n"}`,
    );
  });

  it("is printable ASCII, and means what it was given", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.dictionary(text, fc.jsonValue({ stringUnit: "binary" })), (vendors) => {
        const json = JSON.stringify(vendors);
        const written = androidProvisioningPayload(enrollmentWithPayload(json)).reveal();
        expect(written).toMatch(/^[ -~]*$/);
        expect(JSON.parse(written)).toEqual(JSON.parse(json));
      }),
    );
  });

  describe("where an extra would replace one of the vendor's keys", () => {
    const enrollment = enrollmentWithPayload(
      JSON.stringify({ [`${PREFIX}LOCALE`]: "en_US", "com.example.A": "vendor's", last: 1 }),
    );
    const extras = { locale: "de_DE", other: { "com.example.A": "ours" } };

    it("refuses, and names every such key", () => {
      const error = thrownBy(() => androidProvisioningPayload(enrollment, extras));
      expect(error).toMatchObject({ code: "invalid-request", path: "extras.locale", provider: "phones" });
      expect(error.message).toBe(
        `extras.locale would replace the vendor's own ${PREFIX}LOCALE; extras.other.com.example.A would replace the vendor's own com.example.A`,
      );
    });

    it("does so in its place where the key is named", () => {
      const replace = [`${PREFIX}LOCALE`, "com.example.A"];
      expect(androidProvisioningPayload(enrollment, { ...extras, replace }).reveal()).toBe(
        JSON.stringify({ [`${PREFIX}LOCALE`]: "de_DE", "com.example.A": "ours", last: 1 }),
      );
    });
  });

  it.each([
    ["a link", "https://enterprise.google.com/android/enroll?et=QWJKLPRTZXCVBNMASDFG", "no JSON object"],
    ["a bare token", "QWJKLPRTZXCVBNMASDFG", "no JSON object"],
    ["a token in quotes", '"QWJKLPRTZXCVBNMASDFG"', "no JSON object"],
    ["a list", '["QWJKLPRTZXCVBNMASDFG"]', "no JSON object"],
    ["null", "null", "no JSON object"],
    ["half an object", provisioningPayload().slice(0, -1), "no JSON object"],
    ["a trailing comma", '{"t":"QWJKLPRTZXCVBNMASDFG",}', "no JSON object"],
    ["JSON in a JSON string", JSON.stringify(provisioningPayload()), "encoded twice"],
    ["redacted text", "[redacted]", "was redacted"],
  ])("refuses %s and repeats nothing of it", (_, payload, message) => {
    const error = thrownBy(() => androidProvisioningPayload(enrollmentWithPayload(payload)));
    expect(error).toMatchObject({ code: "invalid-request", path: "payload" });
    expect(error.message).toContain(message);
    expect(JSON.stringify(error)).not.toContain("QWJK");
  });

  it.each([
    ["no artifact", androidEnrollment({ artifacts: [] })],
    ["another vendor's token", androidEnrollment({ vendor: "eset-connect", artifacts: [token] })],
  ])("is unsupported for %s", (_, enrollment) => {
    expect(thrownBy(() => androidProvisioningPayload(enrollment))).toMatchObject({
      code: "unsupported",
      path: "enrollment.artifacts",
    });
  });
});

describe("withProvisioningExtras", () => {
  const extras = { locale: "de_DE" };

  it.each([
    ["replaces the vendor's payload", androidEnrollment()],
    ["adds one where there is only the token", androidEnrollment({ artifacts: [token] })],
  ])("%s, and keeps the rest", (_, enrollment) => {
    const { artifacts, ...rest } = withProvisioningExtras(enrollment, extras);
    expect({ ...rest, artifacts: enrollment.artifacts }).toEqual(enrollment);
    expect(artifacts.map(({ kind }) => kind)).toEqual(["enrollment-token", "provisioning-qr"]);
    const payload = findArtifact({ ...enrollment, artifacts }, "provisioning-qr")?.value.reveal();
    expect(payload).toBe(provisioningPayload({ [`${PREFIX}LOCALE`]: "de_DE" }));
  });
});
