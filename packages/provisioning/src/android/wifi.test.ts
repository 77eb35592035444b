import { inspect } from "node:util";
import { EnrollmentError } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addedExtras } from "../../test/support/added-extras.js";
import { thrownBy } from "../../test/support/thrown-by.js";
import { readProvisioningExtras } from "./extras.js";

const eap = { ssid: "Office", security: "EAP", identity: "device-7", password: "a secret" };
const certificate = "MIIBszCCAVmgAwIBAgIU";

describe("a network in the platform's words", () => {
  it.each<[string, unknown, Record<string, unknown>]>([
    [
      "an open network",
      { wifi: { ssid: "Guests", security: "NONE" } },
      { WIFI_SSID: "Guests", WIFI_SECURITY_TYPE: "NONE" },
    ],
    [
      "a network with a password: WPA",
      { wifi: { ssid: "Büro Süd", password: "correct horse battery" } },
      { WIFI_SSID: "Büro Süd", WIFI_SECURITY_TYPE: "WPA", WIFI_PASSWORD: "correct horse battery" },
    ],
    [
      "a hidden network with WEP",
      { wifi: { ssid: "Old", hidden: true, security: "WEP", password: "12345" } },
      { WIFI_SSID: "Old", WIFI_HIDDEN: true, WIFI_SECURITY_TYPE: "WEP", WIFI_PASSWORD: "12345" },
    ],
    [
      "a network with PEAP",
      {
        wifi: {
          ...eap,
          eapMethod: "PEAP",
          innerAuthentication: "MSCHAPV2",
          anonymousIdentity: "anonymous",
          domain: "radius.example.com",
          caCertificate: certificate,
        },
      },
      {
        WIFI_SSID: "Office",
        WIFI_SECURITY_TYPE: "EAP",
        WIFI_PASSWORD: "a secret",
        WIFI_EAP_METHOD: "PEAP",
        WIFI_PHASE2_AUTH: "MSCHAPV2",
        WIFI_IDENTITY: "device-7",
        WIFI_ANONYMOUS_IDENTITY: "anonymous",
        WIFI_DOMAIN: "radius.example.com",
        WIFI_CA_CERTIFICATE: certificate,
      },
    ],
    [
      "a network with certificates",
      { wifi: { ssid: "Office", security: "EAP", eapMethod: "TLS", userCertificate: certificate } },
      {
        WIFI_SSID: "Office",
        WIFI_SECURITY_TYPE: "EAP",
        WIFI_EAP_METHOD: "TLS",
        WIFI_USER_CERTIFICATE: certificate,
      },
    ],
    [
      "a network with a proxy",
      {
        wifi: {
          ssid: "a",
          security: "NONE",
          proxy: { host: "proxy.example.com", port: 3128, bypass: "localhost" },
        },
      },
      {
        WIFI_SSID: "a",
        WIFI_SECURITY_TYPE: "NONE",
        WIFI_PROXY_HOST: "proxy.example.com",
        WIFI_PROXY_PORT: 3128,
        WIFI_PROXY_BYPASS: "localhost",
      },
    ],
    [
      "a network with a proxy script",
      { wifi: { ssid: "a", security: "NONE", proxyScriptUrl: "https://proxy.example.com/proxy.pac" } },
      {
        WIFI_SSID: "a",
        WIFI_SECURITY_TYPE: "NONE",
        WIFI_PROXY_PAC_URL: "https://proxy.example.com/proxy.pac",
      },
    ],
  ])("%s", (_, input, expected) => {
    expect(addedExtras(input)).toEqual(expected);
  });
});

describe("what is wrong with a network is refused", () => {
  const network = { ssid: "a", password: "correct horse battery" };
  it.each<[string, unknown, string, string]>([
    ["a network without a name", { wifi: { security: "NONE" } }, "extras.wifi.ssid", "is missing"],
    ["an empty name", { wifi: { ...network, ssid: "" } }, "extras.wifi.ssid", "must not be empty"],
    [
      "a name that is too long",
      { wifi: { ...network, ssid: "ü".repeat(17) } },
      "extras.wifi.ssid",
      "at most 32 bytes",
    ],
    [
      "a name that was cut within a character",
      { wifi: { ...network, ssid: "Büro \ud83d" } },
      "extras.wifi.ssid",
      "half a character",
    ],
    [
      "an unknown security",
      { wifi: { ...network, security: "WPA2_PSK" } },
      "extras.wifi.security",
      "must be one of: NONE, WPA, WEP, EAP",
    ],
    ["no password", { wifi: { ssid: "a" } }, "extras.wifi.password", "is missing"],
    [
      "a password that is too short",
      { wifi: { ssid: "a", password: "1234567" } },
      "extras.wifi.password",
      "8 to 63 characters",
    ],
    [
      "a password that is too long",
      { wifi: { ssid: "a", password: "x".repeat(64) } },
      "extras.wifi.password",
      "8 to 63 characters",
    ],
    [
      "a password of 32 umlauts",
      { wifi: { ssid: "a", password: "ü".repeat(32) } },
      "extras.wifi.password",
      "8 to 63 characters",
    ],
    [
      "a password with the line break of its file",
      { wifi: { ssid: "a", password: "correct horse\n" } },
      "extras.wifi.password",
      "must have no line breaks",
    ],
    [
      "a password that is no text",
      { wifi: { ssid: "a", password: 12345678 } },
      "extras.wifi.password",
      "must be text",
    ],
    [
      "a lost password",
      { wifi: { ssid: "a", password: "[redacted]" } },
      "extras.wifi.password",
      "was redacted",
    ],
    [
      "a password of an open network",
      { wifi: { ...network, security: "NONE" } },
      "extras.wifi.password",
      "an open network has none",
    ],
    [
      "an empty password with WEP",
      { wifi: { ssid: "a", security: "WEP", password: "" } },
      "extras.wifi.password",
      "must not be empty",
    ],
    [
      "a user certificate without EAP",
      { wifi: { ...network, userCertificate: certificate } },
      "extras.wifi",
      "userCertificate is not a known field",
    ],
    ["EAP without a method", { wifi: eap }, "extras.wifi.eapMethod", "is missing"],
    [
      "an unknown method",
      { wifi: { ...eap, eapMethod: "LEAP" } },
      "extras.wifi.eapMethod",
      "must be one of: PEAP",
    ],
    [
      "TTLS without an identity",
      { wifi: { ...eap, eapMethod: "TTLS", identity: undefined } },
      "extras.wifi.identity",
      "is missing: TTLS cannot do without",
    ],
    [
      "TLS without a certificate",
      { wifi: { ssid: "a", security: "EAP", eapMethod: "TLS" } },
      "extras.wifi.userCertificate",
      "is missing: TLS",
    ],
    [
      "PWD with an inner authentication",
      { wifi: { ...eap, eapMethod: "PWD", innerAuthentication: "PAP" } },
      "extras.wifi.innerAuthentication",
      "must be left out: PWD has no use for it",
    ],
    [
      "SIM with a password",
      { wifi: { ...eap, eapMethod: "SIM" } },
      "extras.wifi.password",
      "must be left out: SIM",
    ],
    [
      "a certificate as PEM",
      { wifi: { ...eap, eapMethod: "PEAP", caCertificate: "-----BEGIN CERTIFICATE-----" } },
      "extras.wifi.caCertificate",
      "must be base64 in one line",
    ],
    [
      "a port out of range",
      { wifi: { ...network, proxy: { host: "a", port: 65_536 } } },
      "extras.wifi.proxy.port",
      "must be 1 to 65535",
    ],
    [
      "a URL for a proxy's host",
      { wifi: { ...network, proxy: { host: "http://proxy.example.com", port: 3128 } } },
      "extras.wifi.proxy.host",
      "must be a host name or an address",
    ],
    [
      "proxy and script",
      { wifi: { ...network, proxy: { host: "a", port: 1 }, proxyScriptUrl: "https://a/b" } },
      "extras.wifi.proxyScriptUrl",
      "one or the other",
    ],
  ])("%s", (_, input, path, message) => {
    const error = thrownBy(() => readProvisioningExtras(input));
    expect(error).toMatchObject({ code: "invalid-request", path });
    expect(error.message).toContain(message);
  });
});

describe("secrets", () => {
  it("become Secrets when they are read, and are read again as they are", () => {
    const extras = readProvisioningExtras({
      wifi: { ...eap, eapMethod: "TTLS", userCertificate: certificate },
    });
    expect(JSON.stringify(extras) + inspect(extras, { depth: null })).not.toMatch(/a secret|MIIB/);
    expect(readProvisioningExtras(extras)).toEqual(extras);
  });

  it("are in no error, whatever else is wrong", () => {
    const password = fc.string({ minLength: 6, maxLength: 80, unit: fc.constantFrom("§", "µ", "¶") });
    const rest = fc.record(
      {
        security: fc.constantFrom("NONE", "WPA", "WEP", "EAP", "WPA2"),
        eapMethod: fc.constantFrom("PEAP", "SIM", "LEAP"),
        ssid: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(password, rest, (secret, wifi) => {
        const input = { wifi: { ...wifi, password: secret, userCertificate: secret }, locale: "wrong" };
        const error = thrownBy(() => readProvisioningExtras(input));
        expect(EnrollmentError.is(error)).toBe(true);
        expect(JSON.stringify(error) + inspect(error, { depth: null })).not.toContain(secret);
      }),
    );
  });
});
