import { describe, expect, it } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.js";
import { provisioningMethods, type ProvisioningMethod } from "./method-table.js";
import { requireMethod, suitableMethods, type DeviceToProvision } from "./methods.js";

const fullyManaged = { management: "fully-managed" } as const;
const dedicated = { management: "dedicated" } as const;
const companyProfile = { management: "work-profile", ownership: "company" } as const;
const personalProfile = { management: "work-profile", ownership: "personal" } as const;

const atFirstBoot = [
  "setup-qr",
  "zero-touch",
  "knox-mobile-enrollment",
  "nfc",
  "dpc-identifier",
  "sign-in-url",
] as const;
const inUse = ["enrollment-link", "sign-in-url", "settings"] as const;

describe("suitableMethods", () => {
  it.each<[string, DeviceToProvision, readonly ProvisioningMethod[]]>([
    ["fully managed", fullyManaged, atFirstBoot],
    ["fully managed, a company's", { ...fullyManaged, ownership: "company" }, atFirstBoot],
    ["dedicated", dedicated, atFirstBoot],
    [
      "a company's work profile",
      companyProfile,
      ["setup-qr", "zero-touch", "knox-mobile-enrollment", "sign-in-url"],
    ],
    ["a company's work profile, Android 10", { ...companyProfile, androidVersion: 10 }, atFirstBoot],
    ["a personal work profile", personalProfile, inUse],
    ["a personal device", { ownership: "personal" }, inUse],
    ["a personal device, Android 5.1", { ownership: "personal", androidVersion: 5.1 }, inUse],
    ["a personal device, Android 5", { ownership: "personal", androidVersion: 5 }, []],
    [
      "fully managed, Android 6",
      { ...fullyManaged, androidVersion: 6 },
      ["knox-mobile-enrollment", "nfc", "dpc-identifier"],
    ],
    [
      "fully managed, Android 8",
      { ...fullyManaged, androidVersion: 8 },
      ["setup-qr", "knox-mobile-enrollment", "nfc", "dpc-identifier", "sign-in-url"],
    ],
    [
      "a work profile on whosoever's device",
      { management: "work-profile" },
      ["setup-qr", "zero-touch", "knox-mobile-enrollment", ...inUse],
    ],
    ["nothing is known", {}, provisioningMethods],
  ])("%s", (_, device, expected) => {
    expect(suitableMethods(device)).toEqual(expected);
  });

  it.each<[string, DeviceToProvision, RegExp, RegExp]>([
    [
      "a personal device that is fully managed",
      { ...fullyManaged, ownership: "personal" },
      /^management fully-managed on a personal device is impossible/,
      /keeps a personal device to a work-profile/,
    ],
    [
      "Apple's modes",
      { management: "user-enrollment" },
      /^management user-enrollment is impossible/,
      /it knows: fully-managed, dedicated, work-profile/,
    ],
  ])("refuses %s", (_, device, message, advice) => {
    const error = thrownBy(() => suitableMethods(device));
    expect(error).toMatchObject({ code: "unsupported", path: "management" });
    expect(error.message).toMatch(message);
    expect(error.advice).toMatch(advice);
  });
});

describe("requireMethod", () => {
  it.each<[ProvisioningMethod, DeviceToProvision, string, string]>([
    [
      "setup-qr",
      personalProfile,
      "method setup-qr does not suit work-profile on a personal device: it is for a company's device at its first boot, and a personal one has been set up by its owner",
      "suitable: enrollment-link, sign-in-url, settings",
    ],
    [
      "enrollment-link",
      fullyManaged,
      "method enrollment-link does not suit fully-managed: it adds a work profile to a device in use, and cannot take over the whole device",
      "suitable: setup-qr, zero-touch, knox-mobile-enrollment, nfc, dpc-identifier, sign-in-url",
    ],
    [
      "settings",
      companyProfile,
      "method settings does not suit work-profile on a company device: it is for personal devices; a company's own get their work profile at first boot",
      "suitable: setup-qr, zero-touch, knox-mobile-enrollment, sign-in-url",
    ],
    [
      "nfc",
      { ...companyProfile, androidVersion: 12 },
      "method nfc does not suit work-profile on a company device with Android 12: it is for devices up to Android 10: Android 11 removed it",
      "suitable: setup-qr, zero-touch, knox-mobile-enrollment, sign-in-url",
    ],
    [
      "dpc-identifier",
      companyProfile,
      "method dpc-identifier does not suit work-profile on a company device: it is for devices up to Android 10: sources disagree on whether Android 11 removed it",
      "suitable: setup-qr, zero-touch, knox-mobile-enrollment, sign-in-url",
    ],
    [
      "nfc",
      { management: "work-profile" },
      "method nfc does not suit work-profile: it is for devices up to Android 10: Android 11 removed it; it is for a company's device at its first boot, and a personal one has been set up by its owner",
      "suitable: setup-qr, zero-touch, knox-mobile-enrollment, enrollment-link, sign-in-url, settings",
    ],
    [
      "settings",
      { ownership: "personal", androidVersion: 5 },
      "method settings does not suit enrollment on a personal device with Android 5: it needs Android 5.1",
      "no method suits such a device",
    ],
    [
      "zero-touch",
      { ...dedicated, androidVersion: 8 },
      "method zero-touch does not suit dedicated with Android 8: it needs Android 9 (some manufacturers have it since Android 8)",
      "suitable: setup-qr, knox-mobile-enrollment, nfc, dpc-identifier, sign-in-url",
    ],
  ])("refuses %s for %o", (method, device, message, advice) => {
    const error = thrownBy(() => {
      requireMethod(method, device);
    });
    expect(error).toMatchObject({ code: "unsupported", path: "method", advice });
    expect(error.message).toBe(message);
  });

  it("lets pass what suits", () => {
    for (const method of atFirstBoot) requireMethod(method, fullyManaged);
    for (const method of inUse) requireMethod(method, personalProfile);
  });
});
