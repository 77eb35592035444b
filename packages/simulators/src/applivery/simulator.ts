import { runningClock } from "../base/clock.js";
import { startServer, type Simulator, type SimulatorOptions, type SimulatorStats } from "../base/server.js";
import { aospTokens } from "./aosp-tokens.js";
import { appleTokens } from "./apple-tokens.js";
import type { AppliveryBehavior } from "./behavior.js";
import { catalogEndpoints } from "./catalog-endpoints.js";
import { serveControl } from "./control.js";
import { deviceEndpoints } from "./device-endpoints.js";
import { enrollDevice, type AppliveryEnrollingDevice } from "./device-enrollment.js";
import { answerError, serve } from "./endpoint.js";
import { enrollmentEndpoints } from "./enrollment-endpoints.js";
import { refusal } from "./errors.js";
import type { Organization } from "./organization.js";
import type { AppliveryCredentials, AppliverySeed, AppliverySeeded } from "./seed.js";
import { plant, startingOrganization } from "./seeding.js";
import {
  enrollmentSnapshot,
  ownedBy,
  type AppliveryDevice,
  type AppliveryEnrollment,
  type AppliveryMail,
  type AppliveryPolicy,
  type AppliveryUser,
} from "./snapshots.js";
import { userEndpoints } from "./user-endpoints.js";
import { createVendor, type Vendor } from "./vendor.js";
import { windowsTokens } from "./windows-tokens.js";

export interface AppliverySimulatorOptions extends SimulatorOptions {
  /**
   * Where ids, codes and bearer tokens come from: numbers from 0 up to, not including, 1. With a seeded source and a
   * manual clock, two simulators give the same answers. Default: `Math.random`.
   */
  readonly random?: () => number;
  /**
   * Whether the vendor's quota (10,000 requests an hour, 100 at once) holds. It is measured on the simulator's clock,
   * so with a clock that stands still the 101st request is refused for good. Default: true without the option `clock`,
   * false with it. `behavior.enforceQuota` changes it later.
   */
  readonly enforceQuota?: boolean;
}

export interface AppliveryStats extends SimulatorStats {
  /** Requests that the quota refused. A 429 planned with `failNext` is not one of them. */
  readonly rateLimited: number;
}

/** A local Applivery: enrollment tokens for Apple, Windows and AOSP, users, devices, segments, policies. */
export interface AppliverySimulator extends Simulator {
  /** Those of an admin of the organization "acme". Bearer tokens do not expire, and no call renews them. */
  readonly credentials: AppliveryCredentials;
  /** Where the vendor's documentation is silent. */
  readonly behavior: AppliveryBehavior;
  /** Makes records without a call of the API. Throws on a record that exists or refers to nothing. */
  seed(seed: AppliverySeed): AppliverySeeded;
  /** Lets a device use a token. Throws an error that says why it may not. */
  enrollDevice(device: AppliveryEnrollingDevice): AppliveryDevice;
  /** All tokens that ever were, oldest first, whether or not reads show them yet. */
  enrollments(): readonly AppliveryEnrollment[];
  /** All enrolled devices, oldest first. */
  devices(): readonly AppliveryDevice[];
  users(): readonly AppliveryUser[];
  policies(): readonly AppliveryPolicy[];
  /** Invitations sent so far, oldest first. */
  outbox(): readonly AppliveryMail[];
  stats(): AppliveryStats;
}

const organizationsOf = ({ organizations }: Vendor): Organization[] => [...new Set(organizations.values())];

/**
 * Starts a local server that answers as Applivery documents its Workspace API at https://docs.applivery.com/en/api/.
 *
 * It begins with the organization "acme": every feature, every platform set up, the root segment, one policy named
 * "Standard" for each platform, and the {@link AppliverySimulator.credentials} of an admin. There are no users.
 */
export const startAppliverySimulator = async (
  options: AppliverySimulatorOptions = {},
): Promise<AppliverySimulator> => {
  const {
    clock = runningClock(),
    random = Math.random,
    enforceQuota = options.clock === undefined,
  } = options;
  const vendor = createVendor({ clock, random, enforceQuota, origin: () => server.url });
  const server = await startServer(
    (app) => {
      serve(app, vendor, [
        ...[appleTokens, windowsTokens, aospTokens].flatMap((dialect) =>
          enrollmentEndpoints(vendor, dialect),
        ),
        ...userEndpoints(vendor),
        ...deviceEndpoints(vendor),
        ...catalogEndpoints(vendor),
      ]);
      serveControl(app, vendor);
      app.notFound((context) =>
        answerError(
          context,
          vendor,
          refusal(vendor.behavior.unknownRoute === "not-found" ? "not found" : "unauthorized"),
        ),
      );
    },
    { ...options, clock },
  );
  const { credentials } = plant(vendor, {
    organizations: [{ slug: startingOrganization, name: "Acme" }],
    credentials: [{}],
    policies: (["apple", "windows", "aosp"] as const).map((platform) => ({ platform, name: "Standard" })),
  });
  const [administrator] = credentials;
  if (administrator === undefined) throw new Error("the simulator has no credentials to start with");

  const owned = <Record extends object>(records: (organization: Organization) => Iterable<Record>) =>
    organizationsOf(vendor).flatMap((organization) =>
      [...records(organization)].map((record) => ownedBy(organization, record)),
    );

  return {
    ...server,
    credentials: administrator,
    behavior: vendor.behavior,
    seed: (seed) => plant(vendor, seed),
    enrollDevice: (device) => enrollDevice(vendor, device),
    enrollments: () =>
      organizationsOf(vendor).flatMap((organization) =>
        [...organization.enrollments.all()].map((one) => enrollmentSnapshot(vendor, organization, one)),
      ),
    devices: () => owned((organization) => organization.devices.all()),
    users: () => owned((organization) => organization.users()),
    policies: () => owned((organization) => organization.policies.values()),
    outbox: () => [...vendor.outbox],
    stats: () => ({ ...server.stats(), rateLimited: vendor.quota.refused() }),
  };
};
