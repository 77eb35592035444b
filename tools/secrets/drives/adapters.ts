import {
  androidManagementDescriptorFor,
  createAndroidManagement,
  parseEnrollmentNotification,
  type AndroidManagementSettings,
} from "@enrollkit/android-management";
import type * as androidManagement from "@enrollkit/android-management";
import { createApplivery, type AppliverySettings } from "@enrollkit/applivery";
import type * as applivery from "@enrollkit/applivery";
import { Secret } from "@enrollkit/core";
import { createEsetConnect, type EsetConnectSettings } from "@enrollkit/eset-connect";
import type * as esetConnect from "@enrollkit/eset-connect";
import { pasted, planted, serviceAccountKey } from "../canaries.js";
import { attempts, CONSTANT, withPasted, type Attempt, type Drives } from "./drive.js";

const PLUGIN = "driven through readConfig of the package inversify";

/** Settings with a secret in each field, one after the other; and one of a name that is none. */
const wrongSettings = <Settings extends object>(
  right: Settings,
  fields: readonly string[],
  create: (settings: Settings) => unknown,
): readonly Attempt[] =>
  pasted.flatMap((text) =>
    [...fields, text].map((field) => ({
      call: () => {
        // What passes for a name or an address is taken for one: only what is refused counts.
        create({ ...right, [field]: text });
      },
    })),
  );

const android: AndroidManagementSettings = {
  enterprise: "LC01abcdef",
  credentials: new Secret(JSON.stringify(serviceAccountKey)),
};

const message = (data: string) => ({ message: { attributes: { notificationType: "ENROLLMENT" }, data } });
const base64 = (text: string) => Buffer.from(text).toString("base64");

export const androidDrives: Drives<typeof androidManagement> = {
  androidManagementDescriptor: CONSTANT,
  androidManagementDescriptorFor: attempts(() => androidManagementDescriptorFor({ profiles: {} })),
  parseEnrollmentNotification: [
    ...withPasted((text) => parseEnrollmentNotification(message(text))),
    ...withPasted((text) => parseEnrollmentNotification(message(base64(text)))),
    ...withPasted((text) =>
      parseEnrollmentNotification(message(base64(JSON.stringify({ name: [text], [text]: 1 })))),
    ),
    ...withPasted((text) => parseEnrollmentNotification({ [text]: text })),
    ...attempts(() => parseEnrollmentNotification(Buffer.from(planted.accessToken))),
  ],
  androidManagementPlugin: PLUGIN,
  createAndroidManagement: [
    ...attempts(() => createAndroidManagement(android).descriptor),
    ...wrongSettings(
      android,
      [
        "enterprise",
        "credentials",
        "profiles",
        "lifetimeCap",
        "policy",
        "validFor",
        "baseUrl",
        "tokenUri",
        "timeout",
      ],
      createAndroidManagement,
    ),
    ...withPasted((text) => createAndroidManagement({ ...android, credentials: new Secret(text) })),
    ...withPasted((text) =>
      createAndroidManagement({ ...android, profiles: { [text]: { policy: `/${text}`, [text]: 1 } } }),
    ),
  ],
};

const apple: AppliverySettings = { organization: "acme", token: new Secret(planted.appliveryToken) };

export const appliveryDrives: Drives<typeof applivery> = {
  appliveryDescriptor: CONSTANT,
  appliveryPlugin: PLUGIN,
  createApplivery: [
    ...attempts(() => createApplivery(apple).descriptor),
    ...wrongSettings(
      apple,
      ["organization", "token", "baseUrl", "validFor", "delivery", "policyId", "tags", "profiles", "timeout"],
      createApplivery,
    ),
    ...withPasted((text) => createApplivery({ ...apple, token: new Secret(`${text}\n\u2013`) })),
  ],
};

const eset: EsetConnectSettings = {
  region: "eu",
  username: planted.email,
  password: new Secret(planted.esetPassword),
};

export const esetDrives: Drives<typeof esetConnect> = {
  esetConnectDescriptor: CONSTANT,
  esetConnectPlugin: PLUGIN,
  esetRegions: CONSTANT,
  createEsetConnect: [
    ...attempts(() => createEsetConnect(eset).descriptor),
    ...wrongSettings(
      eset,
      ["region", "username", "password", "group", "profiles", "integration", "reconciliation", "baseUrls"],
      createEsetConnect,
    ),
    ...withPasted((text) =>
      createEsetConnect({ ...eset, integration: { name: `${text}\n`, version: `${text} ${text}` } }),
    ),
  ],
};
