import { runningClock } from "../base/clock.js";
import { FaultPlan, type Fault, type FaultTarget } from "../base/faults.js";
import { startServer, type Simulator, type SimulatorOptions, type SimulatorStats } from "../base/server.js";
import { assetGroupRoutes } from "./asset-management.js";
import { defaultBehavior, type EsetConnectBehavior } from "./behavior.js";
import { domainPaths, type ApiRoute, type Domain } from "./call.js";
import { deviceGroupRoutes } from "./device-groups.js";
import { importRoutes } from "./device-import.js";
import { deviceRoutes } from "./device-management.js";
import { enrollDevice, type EnrollmentAttempt } from "./enroll-device.js";
import { entropyFrom } from "./entropy.js";
import { mountGateway, type Gateway } from "./gateway.js";
import { allGroupUuid } from "./group-tree.js";
import { installerRoutes } from "./installer-management.js";
import { linkStateAt, type LinkState } from "./link-store.js";
import { mobileDeviceRoutes } from "./mobile-device-management.js";
import { PendingResults, type SlowAnswer } from "./pending-results.js";
import { CallQuota, FairUse } from "./quota.js";
import type {
  DeploymentFileRecord,
  DeviceRecord,
  GroupRecord,
  InstallerRecord,
  LinkRecord,
} from "./records.js";
import { plantDefaults, plantSeed, type EsetConnectSeed, type EsetConnectSeeded } from "./seed.js";
import { emptyTenant, type Tenant } from "./tenant.js";
import { TokenIssuer } from "./token-issuer.js";
import { userRoutes } from "./user-management.js";

/** Japan has no user-management. */
export type EsetConnectRegion = "eu" | "de" | "us" | "ca" | "jpn";

export interface EsetConnectSimulatorOptions extends SimulatorOptions {
  /** Where the account lives. Default: "eu". */
  readonly region?: EsetConnectRegion;
  /** Numbers in [0, 1) that identifiers and secrets are made of. Default: Math.random. */
  readonly random?: () => number;
  /** Switches that differ from their defaults from the start. */
  readonly behavior?: Partial<EsetConnectBehavior>;
}

/** What an adapter needs to log in. */
export interface EsetConnectCredentials {
  readonly region: EsetConnectRegion;
  readonly username: string;
  readonly password: string;
}

export interface EsetConnectStats extends SimulatorStats {
  /** Calls that the quota refused with 429. */
  readonly rateLimitRefusals: number;
  /** Calls of the token endpoint, whatever their answer. */
  readonly tokenCalls: number;
}

/** A link, and what has become of it by now. */
export interface EnrollmentLinkSnapshot extends Readonly<LinkRecord> {
  readonly state: LinkState;
}

/** ESET Connect on the loopback interface. */
export interface EsetConnectSimulator extends Simulator {
  /** An API user with rights on everything. */
  readonly credentials: EsetConnectCredentials;
  /** One base per domain, with no slash at the end; a call of the wrong one is 404. */
  readonly baseUrls: Readonly<Record<Domain, string>>;
  /** The groups that exist from the start. `mobileDevices` is static and has a subscription. */
  readonly groupUuids: Readonly<Record<"all" | "lostAndFound" | "mobileDevices", string>>;
  /** Assign to its members to change what the documentation leaves open. */
  readonly behavior: EsetConnectBehavior;
  /**
   * Plans a fault. Unless its headers say otherwise a status fault carries a `request-id`, as all of ESET's answers do;
   * `behavior.edgeRejects` is for answers without.
   */
  failNext(fault: Fault, target?: FaultTarget): void;
  /**
   * Answers a coming call with 202 and a `response-id`. The call's work is done at once, even if nobody collects the
   * result. Polls do not count as coming calls.
   */
  slowNext(slow: SlowAnswer & FaultTarget): void;
  /** Forgets planned faults and planned slow answers. */
  clearFaults(): void;
  /** Adds records; returns them in the order of the seed. */
  seed(seed: EsetConnectSeed): EsetConnectSeeded;
  /** Takes an API user away. Its access tokens work on until they expire. */
  removeApiUser(username: string): void;
  /** A fresh access token of the ready-made API user, with no call made. */
  issueAccessToken(): string;
  /** A device uses a link, a GPO/SCCM file or an installer. Throws an Error that says why it was refused. */
  enrollDevice(attempt: EnrollmentAttempt): Readonly<DeviceRecord>;
  /** Copies of all devices, placeholders included, oldest first. */
  devices(): readonly Readonly<DeviceRecord>[];
  groups(): readonly Readonly<GroupRecord>[];
  /** Every link ever issued, oldest first. */
  enrollmentLinks(): readonly EnrollmentLinkSnapshot[];
  /** Every GPO/SCCM file ever generated; ESET itself keeps none. */
  deploymentFiles(): readonly DeploymentFileRecord[];
  installers(): readonly InstallerRecord[];
  stats(): EsetConnectStats;
}

const routesOf = (tenant: Tenant, region: EsetConnectRegion): readonly ApiRoute[] => [
  ...deviceRoutes(tenant),
  ...importRoutes(tenant),
  ...deviceGroupRoutes(tenant),
  ...mobileDeviceRoutes(tenant),
  ...installerRoutes(tenant),
  ...assetGroupRoutes(tenant),
  ...(region === "jpn" ? [] : userRoutes(tenant)),
];

const baseUrlsAt = (origin: string): Record<Domain, string> => ({
  businessAccount: `${origin}${domainPaths.businessAccount}`,
  deviceManagement: `${origin}${domainPaths.deviceManagement}`,
  mobileDeviceManagement: `${origin}${domainPaths.mobileDeviceManagement}`,
  installerManagement: `${origin}${domainPaths.installerManagement}`,
  assetManagement: `${origin}${domainPaths.assetManagement}`,
  userManagement: `${origin}${domainPaths.userManagement}`,
});

/**
 * Starts a simulator that knows an API user, the groups All and Lost&Found, a static group "Mobile devices" and a dynamic
 * one "Android and iOS", which shows the same devices a second time.
 */
export const startEsetConnectSimulator = async (
  options: EsetConnectSimulatorOptions = {},
): Promise<EsetConnectSimulator> => {
  const { clock = runningClock(), region = "eu", random = Math.random } = options;
  const behavior = { ...defaultBehavior(options.clock === undefined), ...options.behavior };
  const tenant = emptyTenant(clock, entropyFrom(random), behavior);
  const { mobileDevicesUuid, apiUser } = plantDefaults(tenant);
  const gateway: Gateway = {
    tenant,
    issuer: new TokenIssuer(tenant),
    quota: new CallQuota(),
    fairUse: new FairUse(),
    pending: new PendingResults(tenant.entropy, behavior),
    slow: new FaultPlan<SlowAnswer>(),
    counts: { rateLimitRefusals: 0, tokenCalls: 0 },
  };
  const server = await startServer(
    (app) => {
      mountGateway(app, gateway, routesOf(tenant, region));
    },
    { ...options, clock },
  );

  return {
    ...server,
    credentials: { region, username: apiUser.username, password: apiUser.password },
    baseUrls: baseUrlsAt(server.url),
    groupUuids: {
      all: allGroupUuid,
      lostAndFound: tenant.lostAndFoundUuid,
      mobileDevices: mobileDevicesUuid,
    },
    behavior,
    failNext: (fault, target) => {
      const withRequestId =
        fault.kind === "status"
          ? { ...fault, headers: { "request-id": tenant.entropy.uuid(), ...fault.headers } }
          : fault;
      server.failNext(withRequestId, target);
    },
    slowNext: (slow) => {
      gateway.slow.add(slow, slow);
    },
    clearFaults: () => {
      server.clearFaults();
      gateway.slow.clear();
    },
    seed: (seed) => plantSeed(tenant, seed),
    removeApiUser: (username) => {
      tenant.apiUsers.delete(username);
    },
    issueAccessToken: () => gateway.issuer.issue(apiUser).access_token,
    enrollDevice: (attempt) => enrollDevice(tenant, attempt),
    devices: () => tenant.devices.all().map((device) => ({ ...device })),
    groups: () => tenant.groups.all().map((group) => ({ ...group })),
    enrollmentLinks: () =>
      tenant.links.all().map((link) => ({ ...link, state: linkStateAt(link, clock.now()) })),
    deploymentFiles: () => [...tenant.deploymentFiles.values()],
    installers: () => [...tenant.installers.values()],
    stats: () => ({ ...server.stats(), ...gateway.counts }),
  };
};
