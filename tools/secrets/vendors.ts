import { createAndroidManagement } from "@enrollkit/android-management";
import { createApplivery } from "@enrollkit/applivery";
import {
  Secret,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type ProviderRuntime,
} from "@enrollkit/core";
import { createEsetConnect } from "@enrollkit/eset-connect";
import { startAndroidManagementSimulator } from "@enrollkit/simulators/android-management";
import { startAppliverySimulator } from "@enrollkit/simulators/applivery";
import { startEsetConnectSimulator } from "@enrollkit/simulators/eset-connect";
import type { Simulator } from "@enrollkit/simulators";
import { createTestClock } from "@enrollkit/testing";
import { planted, serviceAccountKey } from "./canaries.js";
import type { Vendors } from "./harvest.js";

const recipient = { email: planted.email, name: planted.name };

/** What each vendor needs of a request that it can honour. */
const requests: Readonly<Record<string, (number: number) => EnrollmentRequest>> = {
  eset: (number) => ({ device: { name: `phone ${number}` }, recipient }),
  phones: (number) => ({ key: `row-${number}`, recipient }),
  apple: (number) => ({ key: `row-${number}`, recipient }),
};

export const requestFor = ({ name }: EnrollmentProvider, number: number): EnrollmentRequest =>
  requests[name]?.(number) ?? {};

const wrongId = "0123456789abcdef01234567";

/** All three adapters against one server that is none of theirs. */
export const providersAt = (url: string, runtime: ProviderRuntime): readonly EnrollmentProvider[] => [
  createEsetConnect(
    {
      name: "eset",
      region: "eu",
      username: planted.email,
      password: new Secret(planted.esetPassword),
      group: "6f1c2b7e-0d1a-4c55-9a52-3f6f7a1d0c01",
      profiles: { sales: {} },
      baseUrls: { iam: url, deviceManagement: url, mobileDeviceManagement: url, installerManagement: url },
    },
    runtime,
  ),
  createAndroidManagement(
    {
      name: "phones",
      enterprise: "LC01abcdef",
      credentials: new Secret(JSON.stringify(serviceAccountKey)),
      tokenUri: `${url}/token`,
      baseUrl: url,
      verifyPolicy: true,
      profiles: { sales: { policy: "sales" } },
    },
    runtime,
  ),
  createApplivery(
    {
      name: "apple",
      organization: "acme",
      token: new Secret(planted.appliveryToken),
      baseUrl: url,
      profiles: { sales: { policyId: wrongId } },
    },
    runtime,
  ),
];

/** An adapter with a simulator of its vendor. */
export interface SimulatedVendor extends Vendors {
  readonly provider: EnrollmentProvider;
  /** The same with credentials that the vendor does not know. */
  readonly stranger: EnrollmentProvider;
  readonly simulator: Simulator;
}

/** A vendor's simulator, and an adapter on it whose runtime comes from `runtimeWith`. */
export type StartVendor = (
  runtimeWith: (runtime: ProviderRuntime) => ProviderRuntime,
) => Promise<SimulatedVendor>;

const startEset: StartVendor = async (runtimeWith) => {
  const clock = createTestClock();
  const eset = await startEsetConnectSimulator({ clock, behavior: { enforceQuota: false } });
  const user = { username: planted.email, password: planted.esetPassword };
  eset.seed({ apiUsers: [user] });
  const { baseUrls } = eset;
  const create = (password: string) =>
    createEsetConnect(
      {
        name: "eset",
        region: "eu",
        username: user.username,
        password: new Secret(password),
        group: eset.groupUuids.mobileDevices,
        profiles: { sales: {} },
        baseUrls: {
          iam: baseUrls.businessAccount,
          deviceManagement: baseUrls.deviceManagement,
          mobileDeviceManagement: baseUrls.mobileDeviceManagement,
          installerManagement: baseUrls.installerManagement,
        },
      },
      runtimeWith({ clock, random: () => 0.5 }),
    );
  return {
    provider: create(user.password),
    stranger: create(planted.databasePassword),
    simulator: eset,
    eset,
  };
};

const startAndroid: StartVendor = async (runtimeWith) => {
  const clock = createTestClock();
  const android = await startAndroidManagementSimulator({ clock });
  android.behavior.enforceQuota = false;
  android.seed({ policies: [{ id: "sales" }] });
  const create = (credentials: object) =>
    createAndroidManagement(
      {
        name: "phones",
        enterprise: android.enterpriseId,
        credentials: new Secret(JSON.stringify(credentials)),
        baseUrl: android.url,
        verifyPolicy: true,
        lostTokens: "adopt",
        profiles: { sales: { policy: "sales" } },
      },
      runtimeWith({ clock, random: () => 0.5 }),
    );
  return {
    provider: create(android.credentials),
    stranger: create({ ...serviceAccountKey, token_uri: android.credentials.token_uri }),
    simulator: android,
    android,
  };
};

const startApplivery: StartVendor = async (runtimeWith) => {
  const clock = createTestClock();
  const applivery = await startAppliverySimulator({ clock });
  applivery.behavior.enforceQuota = false;
  const { baseUrl, organization, token } = applivery.credentials;
  const create = (secret: string) =>
    createApplivery(
      {
        name: "apple",
        organization,
        baseUrl,
        token: new Secret(secret),
        profiles: { sales: { tags: ["sales"] } },
      },
      runtimeWith({ clock, random: () => 0.5 }),
    );
  return {
    provider: create(token),
    stranger: create(planted.appliveryToken),
    simulator: applivery,
    applivery,
  };
};

export const simulatedVendors = {
  "ESET Connect": startEset,
  "Android Management": startAndroid,
  Applivery: startApplivery,
} as const satisfies Record<string, StartVendor>;
