import { EnrollmentError, Secret } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { readMailSettings } from "./settings.js";

const smtp = { host: "mail.company.example" };
const settings = { smtp, from: { email: "it@company.example" }, timeZone: "Europe/Berlin" };
const login = { username: "it", password: new Secret("canary") };
const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/** As a config file would give it: nothing is known of its types. */
const read = (input: unknown) => readMailSettings(input as typeof settings);

describe("mail settings", () => {
  it("have safe defaults", () => {
    expect(read(settings)).toEqual({
      ...settings,
      language: "en",
      smtp: { ...smtp, port: 465, security: "tls", connections: 3 },
    });
  });

  it.each([
    ["tls", 465],
    ["starttls", 587],
    ["insecure", 25],
  ] as const)("use the usual port of %s: %d", (security, port) => {
    expect(read({ ...settings, smtp: { ...smtp, security } }).smtp.port).toBe(port);
    expect(read({ ...settings, smtp: { ...smtp, security, port: 2525 } }).smtp.port).toBe(2525);
  });

  it.each(["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"])("take no security for %s", (host) => {
    expect(read({ ...settings, smtp: { host, security: "none" } }).smtp.port).toBe(25);
  });

  it("take a certificate also as a reference", () => {
    const certificateAuthority = new Secret(pem);
    expect(read({ ...settings, smtp: { ...smtp, certificateAuthority } }).smtp.certificateAuthority).toBe(
      pem,
    );
  });

  it("make an internationalised domain ASCII", () => {
    expect(read({ ...settings, replyTo: "it@müller.example" }).replyTo).toBe("it@xn--mller-kva.example");
  });

  it.each<[string, unknown]>([
    ["smtp", { ...settings, smtp: undefined }],
    ["smtp.host", { ...settings, smtp: {} }],
    ["smtp.host", { ...settings, smtp: { host: "mail company" } }],
    ["smtp.host", { ...settings, smtp: { host: "smtp://mail" } }],
    ["smtp.host", { ...settings, smtp: { host: "mail.company.example:465" } }],
    ["smtp.host", { ...settings, smtp: { host: "[::1]" } }],
    ["from.name", { ...settings, from: { ...settings.from, name: " " } }],
    ["smtp.port", { ...settings, smtp: { ...smtp, port: 0 } }],
    ["smtp.port", { ...settings, smtp: { ...smtp, port: 65_536 } }],
    ["smtp.port", { ...settings, smtp: { ...smtp, port: "25" } }],
    ["smtp.security", { ...settings, smtp: { ...smtp, security: "ssl" } }],
    ["smtp.security", { ...settings, smtp: { ...smtp, security: "none" } }],
    ["smtp.security", { ...settings, smtp: { host: "127.0.0.1.evil.example", security: "none" } }],
    ["smtp.security", { ...settings, smtp: { ...smtp, ...login, security: "insecure" } }],
    ["smtp.username", { ...settings, smtp: { ...smtp, password: login.password } }],
    ["smtp.password", { ...settings, smtp: { ...smtp, username: "it" } }],
    ["smtp.password", { ...settings, smtp: { ...smtp, username: "it", password: "canary" } }],
    ["smtp.certificateAuthority", { ...settings, smtp: { ...smtp, certificateAuthority: "company.pem" } }],
    ["smtp.connections", { ...settings, smtp: { ...smtp, connections: 21 } }],
    ["from", { ...settings, from: "it@company.example" }],
    ["from.email", { ...settings, from: { email: "it@company.example, b@c.example" } }],
    ["from.name", { ...settings, from: { ...settings.from, name: "IT\r\nBcc: eve@evil.example" } }],
    ["replyTo", { ...settings, replyTo: "nobody" }],
    ["timeZone", { ...settings, timeZone: "Berlin" }],
    ["timeZone", { ...settings, timeZone: undefined }],
    ["language", { ...settings, language: "tlh" }],
  ])("refuse a wrong %s", (path, input) => {
    expect(() => read(input)).toThrow(expect.objectContaining({ path }));
    expect(() => read(input)).not.toThrow(/canary|evil|b@c/);
  });

  it("name what nobody knows, and every problem at once", () => {
    expect(() => read({ ...settings, tls: true, smtp: { ...smtp, port: -1 } })).toThrow(
      expect.toSatisfy(
        (error) => EnrollmentError.is(error) && /smtp\.port.*; tls is not a known field/.test(error.message),
      ),
    );
  });
});
