import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { androidManagementPlugin } from "@enrollkit/android-management";
import { appliveryPlugin } from "@enrollkit/applivery";
import type { ProviderPlugin } from "@enrollkit/core";
import { esetConnectPlugin } from "@enrollkit/eset-connect";
import {
  configJsonSchema,
  createProviders,
  createService,
  enrollmentModule,
  EnrollmentServiceId,
  injectEnrollmentService,
  injectProvider,
  readConfig,
  readConfigFile,
  readSettingsFile,
} from "@enrollkit/inversify";
import type * as inversify from "@enrollkit/inversify";
import { Container } from "inversify";
import { planted, serviceAccountKey } from "../canaries.js";
import { attempts, CONSTANT, withPasted, type Attempt, type Drives } from "./drive.js";

export const plugins: readonly ProviderPlugin[] = [
  esetConnectPlugin,
  androidManagementPlugin,
  appliveryPlugin,
] as readonly ProviderPlugin[];

const environment = {
  PASSWORD: planted.esetPassword,
  KEY: JSON.stringify(serviceAccountKey),
  TOKEN: planted.appliveryToken,
  ADDRESS: planted.email,
};

const right = {
  defaultProvider: "apple",
  providers: {
    eset: {
      vendor: "eset-connect",
      region: "eu",
      username: { $env: "ADDRESS" },
      password: { $env: "PASSWORD" },
    },
    phones: { vendor: "android-management", enterprise: "LC01abcdef", credentials: { $env: "KEY" } },
    apple: { vendor: "applivery", organization: "acme", token: { $env: "TOKEN" } },
  },
};

const apple = right.providers.apple;

/** Configs into which somebody has written a secret, an address or a link where it does not belong. */
const wrong = (text: string): readonly unknown[] => [
  text,
  { [text]: text },
  { ...right, defaultProvider: text },
  { ...right, routes: [{ profile: text, provider: text }] },
  { ...right, providers: { ...right.providers, [text]: apple } },
  { providers: { apple: { ...apple, token: text } } },
  { providers: { apple: { ...apple, vendor: text } } },
  { providers: { apple: { ...apple, [text]: text } } },
  { providers: { apple: { ...apple, token: { $env: text } } } },
  { providers: { apple: { ...apple, token: { $file: text } } } },
  { providers: { apple: { ...apple, token: { $env: "TOKEN", more: text } } } },
  { providers: { apple: { ...apple, baseUrl: `https://${text}` } } },
  { providers: { apple: { ...apple, profiles: { [text]: { policyId: text, [text]: 1 } } } } },
  { providers: { apple: { ...apple, validFor: text, delivery: text, organization: text } } },
  { providers: { eset: { ...right.providers.eset, region: text, group: 1, password: text } } },
  { providers: { phones: { ...right.providers.phones, enterprise: text, credentials: { $env: "TOKEN" } } } },
];

const folder = mkdtempSync(join(tmpdir(), "enrollkit-secrets-"));
let files = 0;

const fileWith = (content: string): string => {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, content);
  return path;
};

const wrongConfigs = (read: (config: unknown) => unknown): readonly Attempt[] =>
  [
    planted.esetPassword,
    planted.accessToken,
    planted.email,
    `https://mdm.example/e/${planted.linkToken}`,
  ].flatMap((text) =>
    wrong(text).map((config) => ({
      call: () => {
        // What passes for a name or an address is taken for one: only what is refused counts.
        read(config);
      },
    })),
  );

const build = (config: unknown) => createProviders(readConfig(config, plugins, { environment }));

const containerOf = () => {
  const container = new Container();
  container.load(enrollmentModule(right, plugins, { environment }));
  return container;
};

export const drives: Drives<typeof inversify> = {
  createProviders: [...attempts(() => build(right)), ...wrongConfigs(build)],
  createService: attempts(() => createService(readConfig(right, plugins, { environment }))),
  readConfig: [
    ...attempts(() => readConfig(right, plugins, { environment }).routes),
    ...wrongConfigs((config) => readConfig(config, plugins, { environment })),
  ],
  readConfigFile: [
    ...attempts(
      () => readConfigFile(fileWith(JSON.stringify(right)), plugins, { environment }).defaultProvider,
    ),
    ...wrongConfigs((config) => readConfigFile(fileWith(JSON.stringify(config)), plugins, { environment })),
    ...withPasted((text) => readConfigFile(fileWith(`{"a": ${text}`), plugins)),
    ...withPasted((text) =>
      readConfigFile(
        fileWith(
          JSON.stringify({ a: 1 }).replace(
            "a",
            `${JSON.stringify(text).slice(1, -1)}": 1, "${JSON.stringify(text).slice(1, -1)}`,
          ),
        ),
        plugins,
      ),
    ),
  ],
  EnrollmentProviderId: CONSTANT,
  EnrollmentServiceId: CONSTANT,
  enrollmentModule: [
    ...attempts(() => containerOf().get(EnrollmentServiceId)),
    ...wrongConfigs((config) => enrollmentModule(config, plugins, { environment })),
  ],
  injectEnrollmentService: attempts(() => injectEnrollmentService()),
  injectProvider: withPasted((text) => typeof injectProvider(text)),
  serviceId: "it takes a name that the program itself chooses",
  configJsonSchema: attempts(() => configJsonSchema(plugins)),
  readSettingsFile: [
    ...withPasted((text) => readSettingsFile(fileWith(`{"a": ${text}`))),
    ...withPasted((text) => readSettingsFile(fileWith(JSON.stringify({ [text]: { $env: text } })))),
    ...withPasted((text) => readSettingsFile(fileWith(JSON.stringify({ a: { $file: text } })))),
    ...attempts(() => readSettingsFile(fileWith('{"a": {"$env": "TOKEN"}}'), { environment })),
  ],
};
