import { Secret } from "@enrollkit/core";
import ndef from "@taptrack/ndef";
import { describe, expect, it } from "vitest";
import { androidEnrollment } from "../../test/support/android-enrollment.js";
import { thrownBy } from "../../test/support/thrown-by.js";
import { nfcMessage, nfcProperties } from "./nfc.js";
import { androidProvisioningPayload } from "./payload.js";

const PREFIX = "android.app.extra.PROVISIONING_";
const COMPONENT = `${PREFIX}DEVICE_ADMIN_COMPONENT_NAME`;
const BUNDLE = `${PREFIX}ADMIN_EXTRAS_BUNDLE`;

const payload = androidProvisioningPayload(androidEnrollment(), {
  wifi: { ssid: "Büro", password: new Secret("correct horse"), proxy: { host: "proxy", port: 3128 } },
  leaveAllSystemAppsEnabled: true,
});

const expectedText = String.raw`android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME=com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver
android.app.extra.PROVISIONING_DEVICE_ADMIN_SIGNATURE_CHECKSUM=I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg
android.app.extra.PROVISIONING_DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION=https\://play.google.com/managed/downloadManagingApp?identifier\=setup
android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE=com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN\=QWJKLPRTZXCVBNMASDFG\n
android.app.extra.PROVISIONING_WIFI_SSID=B\u00fcro
android.app.extra.PROVISIONING_WIFI_SECURITY_TYPE=WPA
android.app.extra.PROVISIONING_WIFI_PASSWORD=correct horse
android.app.extra.PROVISIONING_WIFI_PROXY_HOST=proxy
android.app.extra.PROVISIONING_WIFI_PROXY_PORT=3128
android.app.extra.PROVISIONING_LEAVE_ALL_SYSTEM_APPS_ENABLED=true
`;

describe("nfcProperties", () => {
  it("is the payload as Properties, the admin extras nested", () => {
    expect(nfcProperties(payload).reveal()).toBe(expectedText);
  });

  it("escapes the admin extras twice", () => {
    const text = JSON.stringify({ [COMPONENT]: "c", [BUNDLE]: { a: "ü=1", n: 2, on: true } });
    expect(nfcProperties(new Secret(text)).reveal()).toBe(
      String.raw`${COMPONENT}=c
${BUNDLE}=a\=\\u00fc\\\=1\nn\=2\non\=true\n
`,
    );
  });

  it("is content with the package name alone", () => {
    const key = `${PREFIX}DEVICE_ADMIN_PACKAGE_NAME`;
    expect(nfcProperties(new Secret(JSON.stringify({ [key]: "com.example" }))).reveal()).toBe(
      `${key}=com.example\n`,
    );
  });

  it.each<[string, unknown, string, string]>([
    ["no controller", { [BUNDLE]: { t: "QWJK" } }, "unsupported", "payload"],
    ["a list", { [COMPONENT]: "c", list: ["QWJK"] }, "unsupported", "payload.list"],
    [
      "an object beside the bundle",
      { [COMPONENT]: "c", other: { t: "QWJK" } },
      "unsupported",
      "payload.other",
    ],
    ["null", { [COMPONENT]: "c", nothing: null }, "unsupported", "payload.nothing"],
    [
      "an object in the bundle",
      { [COMPONENT]: "c", [BUNDLE]: { o: { t: "QWJK" } } },
      "unsupported",
      `payload.${BUNDLE}.o`,
    ],
    [
      "a bundle in the bundle",
      { [COMPONENT]: "c", [BUNDLE]: { [BUNDLE]: { t: "QWJK" } } },
      "unsupported",
      `payload.${BUNDLE}.${BUNDLE}`,
    ],
    ["JSON in a string", JSON.stringify({ [COMPONENT]: "QWJK" }), "invalid-request", "payload"],
  ])("refuses %s and repeats no value", (_, value, code, path) => {
    const error = thrownBy(() => nfcProperties(new Secret(JSON.stringify(value))));
    expect(error).toMatchObject({ code, path });
    expect(JSON.stringify(error)).not.toContain("QWJK");
  });
});

describe("nfcMessage", () => {
  it("is the text in one record that Android's setup listens for, in base64", () => {
    const records = ndef.Message.fromBytes(Buffer.from(nfcMessage(payload).reveal(), "base64")).getRecords();
    expect(records).toHaveLength(1);
    expect(Buffer.from(records[0]?.getType() ?? []).toString()).toBe(
      "application/com.android.managedprovisioning",
    );
    expect(Buffer.from(records[0]?.getPayload() ?? []).toString("utf8")).toBe(expectedText);
  });

  it("fits a tag of 1 KB", () => {
    expect(Buffer.from(nfcMessage(payload).reveal(), "base64").length).toBeLessThan(1024);
  });
});
