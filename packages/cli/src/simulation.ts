import { runningClock, type SimulatorClock } from "@enrollkit/simulators";
import {
  startAndroidManagementSimulator,
  type AndroidManagementSimulator,
} from "@enrollkit/simulators/android-management";
import { startAppliverySimulator, type AppliverySimulator } from "@enrollkit/simulators/applivery";
import { startEsetConnectSimulator, type EsetConnectSimulator } from "@enrollkit/simulators/eset-connect";

/** The static device group that the simulated ESET PROTECT has for the example profiles. */
export const simulatedGroup = "6f1c2b7e-0d1a-4c55-9a52-3f6f7a1d0c01";

/** Local simulators of every vendor. */
export interface Simulation {
  readonly eset: EsetConnectSimulator;
  readonly android: AndroidManagementSimulator;
  readonly applivery: AppliverySimulator;
  /** What a config for real accounts would take from the environment: addresses, users, secrets. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const environmentOf = (
  eset: EsetConnectSimulator,
  android: AndroidManagementSimulator,
  applivery: AppliverySimulator,
) => ({
  ESET_CONNECT_USERNAME: eset.credentials.username,
  ESET_CONNECT_PASSWORD: eset.credentials.password,
  ESET_CONNECT_IAM_URL: eset.baseUrls.businessAccount,
  ESET_CONNECT_DEVICES_URL: eset.baseUrls.deviceManagement,
  ESET_CONNECT_MOBILE_URL: eset.baseUrls.mobileDeviceManagement,
  ESET_CONNECT_INSTALLERS_URL: eset.baseUrls.installerManagement,
  ANDROID_MANAGEMENT_URL: android.url,
  GOOGLE_SERVICE_ACCOUNT_KEY: JSON.stringify(android.credentials),
  APPLIVERY_URL: applivery.credentials.baseUrl,
  APPLIVERY_TOKEN: applivery.credentials.token,
});

/**
 * Starts a simulator of each vendor, with a device group and the policies that the examples name.
 *
 * @param firstPort - the first of three ports; 0, the default, takes free ones.
 * @param clock - the vendors' clock. Default: the machine's.
 */
export const startSimulation = async (
  firstPort = 0,
  clock: SimulatorClock = runningClock(),
): Promise<Simulation> => {
  const options = (offset: number) => ({ port: firstPort === 0 ? 0 : firstPort + offset, clock });
  const starting = [
    startEsetConnectSimulator(options(0)),
    startAndroidManagementSimulator(options(1)),
    startAppliverySimulator(options(2)),
  ] as const;
  const close = async () => {
    const started = await Promise.allSettled(starting);
    await Promise.all(
      started.map((each) => (each.status === "fulfilled" ? each.value.close() : Promise.resolve())),
    );
  };
  try {
    const [eset, android, applivery] = await Promise.all(starting);
    eset.seed({ groups: [{ uuid: simulatedGroup, displayName: "Field devices" }] });
    android.seed({ policies: [{ id: "field" }, { id: "sales" }] });
    return { eset, android, applivery, environment: environmentOf(eset, android, applivery), close };
  } catch (error) {
    await close();
    throw error;
  }
};

const named = (name: string) => ({ $env: name });

/** A config for a {@link Simulation}, with each value taken from where `reference` says. */
export const simulationConfig = (reference: (name: string) => unknown = named): Record<string, unknown> => ({
  defaultProvider: "phones",
  providers: {
    eset: {
      vendor: "eset-connect",
      region: "eu",
      username: reference("ESET_CONNECT_USERNAME"),
      password: reference("ESET_CONNECT_PASSWORD"),
      baseUrls: {
        iam: reference("ESET_CONNECT_IAM_URL"),
        deviceManagement: reference("ESET_CONNECT_DEVICES_URL"),
        mobileDeviceManagement: reference("ESET_CONNECT_MOBILE_URL"),
        installerManagement: reference("ESET_CONNECT_INSTALLERS_URL"),
      },
      profiles: { field: { group: simulatedGroup }, sales: { group: simulatedGroup } },
    },
    phones: {
      vendor: "android-management",
      enterprise: "LC0default",
      credentials: reference("GOOGLE_SERVICE_ACCOUNT_KEY"),
      baseUrl: reference("ANDROID_MANAGEMENT_URL"),
      profiles: {
        field: { policy: "field", management: "dedicated" },
        sales: { policy: "sales", management: "fully-managed" },
      },
    },
    apple: {
      vendor: "applivery",
      organization: "acme",
      token: reference("APPLIVERY_TOKEN"),
      baseUrl: reference("APPLIVERY_URL"),
      profiles: { field: { tags: ["field"] }, sales: { tags: ["sales"] } },
    },
  },
});
