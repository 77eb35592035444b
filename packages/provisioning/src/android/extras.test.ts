import { Secret } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { addedExtras } from "../../test/support/added-extras.js";
import { androidEnrollment } from "../../test/support/android-enrollment.js";
import { thrownBy } from "../../test/support/thrown-by.js";
import { readProvisioningExtras } from "./extras.js";
import { androidProvisioningPayload } from "./payload.js";

const PREFIX = "android.app.extra.PROVISIONING_";

describe("extras in the platform's words", () => {
  it.each<[string, unknown, Record<string, unknown>]>([
    ["none", {}, {}],
    [
      "language and time",
      { locale: "de_DE", timeZone: "Europe/Berlin" },
      { LOCALE: "de_DE", TIME_ZONE: "Europe/Berlin" },
    ],
    [
      "everything that is true or false",
      {
        useMobileData: true,
        leaveAllSystemAppsEnabled: true,
        skipEncryption: false,
        skipEducationScreens: true,
        keepScreenOn: true,
        allowOffline: true,
        sensorsPermissionGrantOptOut: true,
      },
      {
        USE_MOBILE_DATA: true,
        LEAVE_ALL_SYSTEM_APPS_ENABLED: true,
        SKIP_ENCRYPTION: false,
        SKIP_EDUCATION_SCREENS: true,
        KEEP_SCREEN_ON: true,
        ALLOW_OFFLINE: true,
        SENSORS_PERMISSION_GRANT_OPT_OUT: true,
      },
    ],
    [
      "others by their full keys, Secrets in them opened",
      {
        other: {
          [`${PREFIX}LOCAL_TIME`]: 1_789_900_000_000,
          "com.example.BUNDLE": { pin: new Secret("1234"), list: { on: true } },
        },
      },
      { LOCAL_TIME: 1_789_900_000_000, "com.example.BUNDLE": { pin: "1234", list: { on: true } } },
    ],
  ])("%s", (_, input, expected) => {
    expect(addedExtras(input)).toEqual(expected);
  });

  it.each([
    "Europe/Berlin",
    "UTC",
    "US/Pacific",
    "Etc/GMT+1",
    "Asia/Kolkata",
    "America/Port_of_Spain",
    "EST5EDT",
  ])("knows the time zone %s", (timeZone) => {
    expect(addedExtras({ timeZone })).toEqual({ TIME_ZONE: timeZone });
  });
});

describe("what is wrong is refused", () => {
  it.each<[string, unknown, string, string]>([
    ["no object", "wifi", "extras", "extras must be an object, not a string"],
    ["an unknown field", { lokale: "de_DE" }, "extras", "extras.lokale is not a known field"],
    ["a language tag", { locale: "de-DE" }, "extras.locale", "with an underscore, such as de_DE"],
    ["a bare language", { locale: "de" }, "extras.locale", "such as de_DE"],
    ["an unknown zone", { timeZone: "Europe/Atlantis" }, "extras.timeZone", "such as Europe/Berlin"],
    ["an offset", { timeZone: "+01:00" }, "extras.timeZone", "such as Europe/Berlin"],
    [
      "a zone in small letters",
      { timeZone: "europe/berlin" },
      "extras.timeZone",
      "must be written Europe/Berlin",
    ],
    ["an alias in small letters", { timeZone: "asia/kolkata" }, "extras.timeZone", "such as Europe/Berlin"],
    [
      "an alias half in small letters",
      { timeZone: "US/pacific" },
      "extras.timeZone",
      "such as Europe/Berlin",
    ],
    ["text for true", { useMobileData: "true" }, "extras.useMobileData", "must be true or false"],
    [
      "a list among the others",
      { other: { a: ["b"] } },
      "extras.other.a",
      "must be text, a number, true or false",
    ],
    ["a lost secret among the others", { other: { a: "[redacted]" } }, "extras.other.a", "was redacted"],
    [
      "a lost secret, deeper",
      { other: { a: { pin: new Secret("[redacted]") } } },
      "extras.other.a.pin",
      "was redacted",
    ],
    [
      "another with a field of its own",
      { other: { [`${PREFIX}WIFI_PASSWORD`]: "x" } },
      `extras.other.${PREFIX}WIFI_PASSWORD`,
      "has a field of its own: wifi.password",
    ],
    [
      "another with a field in the proxy",
      { other: { [`${PREFIX}WIFI_PROXY_PORT`]: 1 } },
      `extras.other.${PREFIX}WIFI_PROXY_PORT`,
      "wifi.proxy.port",
    ],
    ["another without a name", { other: { "": 1 } }, "extras.other.", "has no name"],
    [
      "the admin extras",
      { other: { [`${PREFIX}ADMIN_EXTRAS_BUNDLE`]: {} } },
      `extras.other.${PREFIX}ADMIN_EXTRAS_BUNDLE`,
      "holds the enrollment token",
    ],
    [
      "replacing the admin extras",
      { replace: [`${PREFIX}ADMIN_EXTRAS_BUNDLE`] },
      "extras.replace[0]",
      "holds the enrollment token",
    ],
  ])("%s", (_, input, path, message) => {
    const error = thrownBy(() => readProvisioningExtras(input));
    expect(error).toMatchObject({ code: "invalid-request", path });
    expect(error.message).toContain(message);
  });

  it("names all fields at fault at once", () => {
    const error = thrownBy(() =>
      readProvisioningExtras({ wifi: { ssid: "a", password: "short" }, locale: "german" }),
    );
    expect(error.message).toMatch(/extras\.wifi\.password must .*; extras\.locale must /);
  });

  it("holds for extras that code has made, too", () => {
    const extras = { wifi: { ssid: "a", password: new Secret("short") } };
    const error = thrownBy(() => androidProvisioningPayload(androidEnrollment(), extras));
    expect(error).toMatchObject({ code: "invalid-request", path: "extras.wifi.password" });
  });
});
