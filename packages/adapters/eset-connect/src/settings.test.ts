import { EnrollmentError, Secret } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { baseUrlsOf, esetRegions, profileOf, readExtras, readSettings, settingsSchema } from "./settings.js";

const valid = {
  region: "eu" as const,
  username: "api.user@example.com",
  password: new Secret("canary-pass"),
};

const errorOf = (work: () => unknown): EnrollmentError => {
  try {
    work();
  } catch (error) {
    if (EnrollmentError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

describe("readSettings", () => {
  it("names the provider after the vendor unless it has a name", () => {
    expect(readSettings(valid).name).toBe("eset-connect");
    expect(readSettings({ ...valid, name: "phones" }).name).toBe("phones");
  });

  it("takes a user name from a reference that a config loader resolved", () => {
    const settings = { ...valid, username: new Secret("api.user@example.com") as unknown as string };
    expect(readSettings(settings).username).toBe("api.user@example.com");
  });

  it("reads its own result again", () => {
    const settings = readSettings({
      ...valid,
      baseUrls: { iam: "http://127.0.0.1:1/iam/" },
      reconciliation: { lookUp: "names", settleFor: "PT1M" },
      integration: { name: "Acme", version: "1.0" },
    });
    expect(settings.baseUrls?.iam).toBe("http://127.0.0.1:1/iam");
    expect(readSettings(settings)).toEqual(settings);
  });

  it.each<[string, object, string, string]>([
    ["a region that does not exist", { region: "jp" }, "region", "must be one of: eu, de, us, ca, jpn"],
    ["an empty user name", { username: "" }, "username", "must not be empty"],
    ["a password in clear text", { password: "canary-pass" }, "password", "must be a secret"],
    ["an empty group", { group: "" }, "group", "UUID of a static device group"],
    ["an unknown setting", { clientId: "x" }, "", "clientId is not a known field"],
    [
      "an unknown setting of a profile",
      { profiles: { a: { policy: "x" } } },
      "profiles.a",
      "policy is not a known",
    ],
    ["a host that is no URL", { baseUrls: { iam: "eu.eset" } }, "baseUrls.iam", "must be a URL"],
    [
      "an unknown host",
      { baseUrls: { automation: "https://x.example" } },
      "baseUrls",
      "automation is not a known",
    ],
    [
      "a look-up that does not exist",
      { reconciliation: { lookUp: "all" } },
      "reconciliation.lookUp",
      "must be one of",
    ],
    [
      "a calendar duration",
      { reconciliation: { settleFor: "P1M" } },
      "reconciliation.settleFor",
      "without months",
    ],
    ["no duration", { reconciliation: { settleFor: "3 min" } }, "reconciliation.settleFor", "such as PT3M"],
    [
      "a header that breaks the line",
      { integration: { name: "a\r\nb" } },
      "integration.name",
      "printable ASCII",
    ],
  ])("refuses %s", (_what, change, path, message) => {
    const error = errorOf(() => readSettings({ ...valid, ...change }));
    expect(error).toMatchObject({ code: "invalid-config", provider: "eset-connect" });
    expect(error.path ?? "").toBe(path);
    expect(error.message).toContain(message);
    expect(JSON.stringify(error)).not.toContain("canary-pass");
    expect(error.message).not.toContain("@");
  });

  it("names every setting at fault", () => {
    const error = errorOf(() => readSettings({ region: "moon" } as never));
    expect(error.message).toMatch(/region .*username .*password /);
  });

  it("has no name in the schema for configs", () => {
    expect(settingsSchema.safeParse({ ...valid, name: "phones" }).success).toBe(false);
  });
});

describe("baseUrlsOf", () => {
  it.each(esetRegions)("gives the four hosts of %s", (region) => {
    expect(baseUrlsOf({ ...valid, region })).toEqual({
      iam: `https://${region}.business-account.iam.eset.systems`,
      deviceManagement: `https://${region}.device-management.eset.systems`,
      mobileDeviceManagement: `https://${region}.mobile-device-management.eset.systems`,
      installerManagement: `https://${region}.installer-management.eset.systems`,
    });
  });

  it.each(["iam", "deviceManagement", "mobileDeviceManagement", "installerManagement"] as const)(
    "lets %s be another, by itself",
    (domain) => {
      const urls = baseUrlsOf({ ...valid, baseUrls: { [domain]: "http://127.0.0.1:9" } });
      expect(urls[domain]).toBe("http://127.0.0.1:9");
      expect({ ...urls, [domain]: undefined }).toEqual({ ...baseUrlsOf(valid), [domain]: undefined });
    },
  );
});

describe("profileOf", () => {
  const settings = {
    ...valid,
    group: "default-group",
    sendAnonymousDiagnosticData: false,
    profiles: { sales: { group: "sales-group" }, office: { sendAnonymousDiagnosticData: true } },
  };

  it.each<[string | undefined, object]>([
    [undefined, { group: "default-group", sendAnonymousDiagnosticData: false }],
    ["sales", { group: "sales-group", sendAnonymousDiagnosticData: false, groupChosenBy: "profile" }],
    ["office", { group: "default-group", sendAnonymousDiagnosticData: true }],
  ])("takes what the profile %s leaves out from the settings", (name, expected) => {
    expect(profileOf(settings, name, "phones")).toEqual(expected);
  });

  it.each(["nobody", "constructor", "__proto__"])("refuses %s, and names the profiles there are", (name) => {
    expect(errorOf(() => profileOf(settings, name, "phones"))).toMatchObject({
      code: "invalid-request",
      path: "profile",
      provider: "phones",
      message: `profile "${name}" does not exist; the settings have: sales, office`,
    });
  });

  it("says so if there are no profiles at all", () => {
    expect(errorOf(() => profileOf(valid, "sales", "phones")).message).toContain(
      "the settings have no profiles",
    );
  });
});

describe("readExtras", () => {
  it("takes a group, or nothing", () => {
    expect(readExtras({ group: "g" }, "phones")).toEqual({ group: "g" });
    expect(readExtras(undefined, "phones")).toEqual({});
  });

  it.each<[unknown, string]>([
    [{ policy: "x" }, "extras"],
    [{ group: 1 }, "extras.group"],
    [{ group: "" }, "extras.group"],
    ["text", "extras"],
  ])("refuses %j", (extras, path) => {
    expect(errorOf(() => readExtras(extras, "phones"))).toMatchObject({ code: "invalid-request", path });
  });
});
