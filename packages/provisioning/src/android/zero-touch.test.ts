import { Secret, type Enrollment } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { androidEnrollment, enrollmentWithPayload } from "../../test/support/android-enrollment.js";
import { provisioningPayload } from "../../test/support/payloads.js";
import { thrownBy } from "../../test/support/thrown-by.js";
import type { ProvisioningExtras } from "./extras.js";
import { androidEnrollmentLink } from "./link.js";
import { withProvisioningExtras } from "./payload.js";
import { zeroTouchExtras } from "./zero-touch.js";

const PREFIX = "android.app.extra.PROVISIONING_";
const controller = {
  [`${PREFIX}DEVICE_ADMIN_COMPONENT_NAME`]:
    "com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver",
  [`${PREFIX}DEVICE_ADMIN_SIGNATURE_CHECKSUM`]: "I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg",
  [`${PREFIX}ADMIN_EXTRAS_BUNDLE`]: {
    "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN": "QWJKLPRTZXCVBNMASDFG",
  },
};

describe("zeroTouchExtras", () => {
  it("names the controller and the token, and no download", () => {
    expect(zeroTouchExtras(androidEnrollment()).reveal()).toBe(JSON.stringify(controller));
  });

  it("leaves out whatever else says how to download", () => {
    const payload = provisioningPayload({
      [`${PREFIX}DEVICE_ADMIN_PACKAGE_DOWNLOAD_COOKIE_HEADER`]: "c",
      [`${PREFIX}DEVICE_ADMIN_PACKAGE_CHECKSUM`]: "s",
    });
    expect(zeroTouchExtras(enrollmentWithPayload(payload, { uses: "unlimited" })).reveal()).toBe(
      JSON.stringify(controller),
    );
  });

  it("takes language, time and apps", () => {
    const extras = { locale: "de_DE", timeZone: "Europe/Berlin", leaveAllSystemAppsEnabled: true };
    expect(zeroTouchExtras(androidEnrollment(), extras).reveal()).toBe(
      JSON.stringify({
        ...controller,
        [`${PREFIX}LOCALE`]: "de_DE",
        [`${PREFIX}TIME_ZONE`]: "Europe/Berlin",
        [`${PREFIX}LEAVE_ALL_SYSTEM_APPS_ENABLED`]: true,
      }),
    );
  });

  it("refuses a password, also one that got past the types", () => {
    const extras: ProvisioningExtras = {
      locale: "de_DE",
      wifi: { ssid: "a", password: new Secret("correct horse") },
      keepScreenOn: true,
    };
    const error = thrownBy(() => zeroTouchExtras(androidEnrollment(), extras));
    expect(error).toMatchObject({ code: "unsupported", path: "extras.wifi" });
    expect(error.message).toMatch(/^extras\.wifi, extras\.keepScreenOn must be left out/);
  });

  it.each([
    "DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION",
    "DEVICE_ADMIN_PACKAGE_DOWNLOAD_COOKIE_HEADER",
    "DEVICE_ADMIN_PACKAGE_CHECKSUM",
    "WIFI_OF_A_LATER_ANDROID",
  ])("refuses %s among the others, and does not just drop it", (name) => {
    const key = `${PREFIX}${name}`;
    const error = thrownBy(() =>
      zeroTouchExtras(androidEnrollment(), { other: { [key]: "QWJK" }, replace: [key] }),
    );
    expect(error).toMatchObject({ code: "unsupported", path: `extras.other.${key}` });
    expect(JSON.stringify(error)).not.toContain("QWJK");
  });

  it("refuses an enrollment whose payload got a Wi-Fi network", () => {
    const enrollment = withProvisioningExtras(androidEnrollment(), {
      wifi: { ssid: "a", password: new Secret("correct horse") },
    });
    expect(thrownBy(() => zeroTouchExtras(enrollment))).toMatchObject({
      code: "unsupported",
      path: "payload",
    });
  });

  it.each<[string, Partial<Enrollment>, string, RegExp]>([
    ["a token for one device", { uses: "one" }, "enrollment.uses", /uses is one/],
    ["a token for five devices", { uses: 5 }, "enrollment.uses", /uses is 5/],
    [
      "a token for personal devices",
      { management: "work-profile", ownership: "personal" },
      "method",
      /a company's device at its first boot/,
    ],
  ])("refuses %s", (_, changes, path, message) => {
    const error = thrownBy(() => zeroTouchExtras(androidEnrollment(changes)));
    expect(error).toMatchObject({ code: "unsupported", path });
    expect(error.message).toMatch(message);
  });
});

describe("androidEnrollmentLink", () => {
  it("carries the token, encoded", () => {
    expect(androidEnrollmentLink(new Secret("a+b/c")).reveal()).toBe(
      "https://enterprise.google.com/android/enroll?et=a%2Bb%2Fc",
    );
  });

  it("refuses a token that was redacted", () => {
    expect(thrownBy(() => androidEnrollmentLink(new Secret("[redacted]")))).toMatchObject({
      code: "invalid-request",
      path: "token",
    });
  });
});
