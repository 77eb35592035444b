/**
 * How an Android device can be brought to its enrollment.
 *
 * - `setup-qr`: six taps on the welcome screen after a factory reset, then the provisioning QR code
 * - `zero-touch`: the reseller has registered the device; it asks Google at first boot
 * - `knox-mobile-enrollment`: the same, with Samsung
 * - `nfc`: a tag held to the device at the welcome screen
 * - `dpc-identifier`: `afw#setup` typed in place of a Google account at first setup
 * - `enrollment-link`: a link, opened on a device in use
 * - `sign-in-url`: the user signs in on a page of the company's, which makes the token
 * - `settings`: on a device in use, Settings → Google → Set up your work profile
 */
export const provisioningMethods = [
  "setup-qr",
  "zero-touch",
  "knox-mobile-enrollment",
  "nfc",
  "dpc-identifier",
  "enrollment-link",
  "sign-in-url",
  "settings",
] as const;
export type ProvisioningMethod = (typeof provisioningMethods)[number];

/** What an Android device can be to a company: a mode of management and, for a work profile, whose device it is. */
export const deviceUses = [
  "fully-managed",
  "dedicated",
  "company-work-profile",
  "personal-work-profile",
] as const;
export type DeviceUse = (typeof deviceUses)[number];

/** Whether a method suits a use of a device. Versions are Android's: 5.1, 11. */
export type Suitability =
  /** `fromAndroid` is absent where another version counts; then `note` says which. */
  | { readonly suits: "yes"; readonly fromAndroid?: number; readonly note?: string }
  /** On old devices only. */
  | {
      readonly suits: "until";
      readonly fromAndroid: number;
      readonly lastAndroid: number;
      readonly reason: string;
    }
  | { readonly suits: "no"; readonly reason: string };

const since = (fromAndroid: number): Suitability => ({ suits: "yes", fromAndroid });

const onCompanyDevices = (suitability: Suitability): Record<DeviceUse, Suitability> => ({
  "fully-managed": suitability,
  dedicated: suitability,
  "company-work-profile": suitability,
  "personal-work-profile": {
    suits: "no",
    reason: "it is for a company's device at its first boot, and a personal one has been set up by its owner",
  },
});

const wholeDevice: Suitability = {
  suits: "no",
  reason: "it adds a work profile to a device in use, and cannot take over the whole device",
};

const onPersonalDevices = (suitability: Suitability): Record<DeviceUse, Suitability> => ({
  "fully-managed": wholeDevice,
  dedicated: wholeDevice,
  "company-work-profile": {
    suits: "no",
    reason: "it is for personal devices; a company's own get their work profile at first boot",
  },
  "personal-work-profile": suitability,
});

const untilAndroid10 = (reason: string): Suitability => ({
  suits: "until",
  fromAndroid: 6,
  lastAndroid: 10,
  reason,
});

/**
 * Which method suits which use of a device, since when, and why not.
 *
 * @see https://bayton.org/android/android-enterprise-provisioning-methods
 * @see https://developers.google.com/android/management/provision-device
 */
export const methodTable: Readonly<Record<ProvisioningMethod, Readonly<Record<DeviceUse, Suitability>>>> = {
  "setup-qr": onCompanyDevices(since(7)),
  "zero-touch": onCompanyDevices({
    suits: "yes",
    fromAndroid: 9,
    note: "some manufacturers have it since Android 8",
  }),
  "knox-mobile-enrollment": onCompanyDevices({ suits: "yes", note: "since Samsung Knox 2.4" }),
  nfc: {
    ...onCompanyDevices(since(6)),
    "company-work-profile": untilAndroid10("Android 11 removed it"),
  },
  "dpc-identifier": {
    ...onCompanyDevices(since(6)),
    "company-work-profile": untilAndroid10("sources disagree on whether Android 11 removed it"),
  },
  "enrollment-link": onPersonalDevices(since(5.1)),
  "sign-in-url": { ...onCompanyDevices(since(7)), "personal-work-profile": since(5.1) },
  settings: onPersonalDevices(since(5.1)),
};
