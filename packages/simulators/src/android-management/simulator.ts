import { runningClock } from "../base/clock.js";
import { startServer, type Simulator, type SimulatorOptions, type SimulatorStats } from "../base/server.js";
import { gzipWhenAsked, sendNotFoundPage } from "./answers.js";
import { addMethods } from "./api.js";
import { androidManagementScope } from "./authorization.js";
import { defaultBehavior, type AndroidManagementBehavior } from "./behavior.js";
import { keyPair, type ServiceAccountKey } from "./credentials.js";
import { deviceRoutes } from "./device-routes.js";
import { enrollDevice, type EnrollingDevice } from "./enrollment.js";
import { enrollmentTokenRoutes } from "./enrollment-token-routes.js";
import { statusOf, type EnrollmentTokenStatus } from "./enrollment-tokens.js";
import { enterpriseRoutes } from "./enterprise-routes.js";
import { deleteEnterprise } from "./enterprises.js";
import { formatInstant } from "./instants.js";
import type { PersonalUsage } from "./messages.js";
import { migrationTokenRoutes } from "./migration-token-routes.js";
import type { PubSubEnvelope } from "./pub-sub-envelope.js";
import { policyRoutes } from "./policy-routes.js";
import { randomValues } from "./random-values.js";
import type { AndroidManagementDevice } from "./resources.js";
import {
  defaults,
  seed,
  seedDefaults,
  type AndroidManagementSeed,
  type AndroidManagementSeeded,
} from "./seed.js";
import { signUpRoutes } from "./sign-up-routes.js";
import { completeSignUp } from "./sign-ups.js";
import {
  devicesOf,
  emptyState,
  type EnrollmentTokenRecord,
  type RequestQuota,
  type Vendor,
} from "./state.js";
import { answerTokenRequest, issueAccessToken } from "./token-endpoint.js";

/** Every switch of the behavior may be set at the start too. */
export interface AndroidManagementSimulatorOptions
  extends SimulatorOptions, Partial<AndroidManagementBehavior> {
  /**
   * Numbers in [0, 1) that ids and secrets are made of. A seeded generator makes them repeat.
   * Default: `Math.random`.
   */
  readonly random?: () => number;
  /**
   * Requests that each project may make in any span of so many seconds.
   * Default: 1000 in 100 s, https://developers.google.com/android/management/permissible-usage
   */
  readonly quota?: RequestQuota;
}

/** A token as the vendor keeps it, in whatever state. */
export interface AndroidManagementEnrollment {
  readonly name: string;
  readonly value: string;
  readonly enterpriseName: string;
  readonly status: EnrollmentTokenStatus;
  readonly oneTimeOnly: boolean;
  readonly policyName?: string;
  readonly additionalData?: string;
  readonly allowPersonalUsage?: PersonalUsage;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Names of the devices it has enrolled, oldest first. */
  readonly deviceNames: readonly string[];
}

export interface AndroidManagementStats extends SimulatorStats {
  /** Requests to the token endpoint, refused ones included. */
  readonly tokenCalls: number;
  /** Requests refused because the quota was used up; planned faults are not counted. */
  readonly rateLimitRefusals: number;
}

export interface AccessTokenRequest {
  /** Default: the account of `credentials`. */
  readonly clientEmail?: string;
  /** Default: the scope of this API. */
  readonly scopes?: readonly string[];
  /** Default: `behavior.accessTokenSeconds`. */
  readonly lifetimeSeconds?: number;
}

/** A local Android Management API, and the hand that holds it. */
export interface AndroidManagementSimulator extends Simulator {
  /** A complete service-account key; its `token_uri` points here. Its account manages the default enterprise. */
  readonly credentials: ServiceAccountKey;
  /** `${url}/token`. */
  readonly tokenUrl: string;
  readonly projectId: string;
  /** The enterprise that exists from the start, "LC0default". */
  readonly enterpriseId: string;
  /** "enterprises/LC0default". */
  readonly enterpriseName: string;
  readonly behavior: AndroidManagementBehavior;
  seed(records: AndroidManagementSeed): AndroidManagementSeeded;
  /** A bearer token without the detour over the token endpoint. */
  issueAccessToken(request?: AccessTokenRequest): string;
  /** Forgets every access token handed out so far: the next calls with them answer 401. */
  revokeAccessTokens(): void;
  /**
   * A device enrolls with a token's value, its QR code or its link.
   * @throws Error whose message says why the device was refused.
   */
  enrollDevice(artifact: string, device?: EnrollingDevice): AndroidManagementDevice;
  /** An administrator finishes a sign-up page. @throws Error when there is no such sign-up. */
  completeSignUp(name: string): { readonly callbackUrl: string; readonly enterpriseToken: string };
  /** The customer unbinds or deletes an enterprise, by its id. @throws Error when there is no such enterprise. */
  deleteEnterprise(id?: string): void;
  /** Every enrollment token ever created, oldest first within an enterprise. Default: of all enterprises. */
  enrollments(enterpriseId?: string): AndroidManagementEnrollment[];
  /** The devices under management. Default: of all enterprises. */
  devices(enterpriseId?: string): AndroidManagementDevice[];
  /** Pub/Sub messages emitted so far, oldest first. */
  notifications(): readonly PubSubEnvelope[];
  stats(): AndroidManagementStats;
}

const documentedQuota: RequestQuota = { requests: 1000, perSeconds: 100 };

const enrollmentOf = (vendor: Vendor, token: EnrollmentTokenRecord): AndroidManagementEnrollment => {
  const { name, value, enterprise, input, policyName, createdAt, expiresAt, deviceNames } = token;
  const { oneTimeOnly = false, additionalData, allowPersonalUsage } = input;
  return {
    name,
    value,
    enterpriseName: enterprise.name,
    status: statusOf(vendor, token),
    oneTimeOnly,
    ...(policyName !== undefined && { policyName }),
    ...(additionalData !== undefined && { additionalData }),
    ...(allowPersonalUsage !== undefined && { allowPersonalUsage }),
    createdAt: formatInstant(createdAt),
    expiresAt: formatInstant(expiresAt),
    deviceNames: [...deviceNames],
  };
};

const selected = ({ state }: Vendor, id: string | undefined) =>
  [...state.enterprises.values()].filter((enterprise) => id === undefined || enterprise.id === id);

/** Starts it with the records of `seedDefaults`, so that it can be used at once. */
export const startAndroidManagementSimulator = async ({
  clock: givenClock,
  port = 0,
  random = Math.random,
  quota = documentedQuota,
  ...options
}: AndroidManagementSimulatorOptions = {}): Promise<AndroidManagementSimulator> => {
  const keys = await keyPair();
  const clock = givenClock ?? runningClock();
  let origin = "";
  const vendor: Vendor = {
    state: emptyState(),
    behavior: { ...defaultBehavior, enforceQuota: givenClock === undefined, ...options },
    random: randomValues(random),
    quota,
    now: () => clock.now(),
    origin: () => origin,
  };
  const server = await startServer(
    (app) => {
      app.notFound(sendNotFoundPage);
      app.post("/token", (context) => answerTokenRequest(vendor, context));
      addMethods(app, vendor, [
        ...enrollmentTokenRoutes,
        ...enterpriseRoutes,
        ...policyRoutes,
        ...deviceRoutes,
        ...migrationTokenRoutes,
        ...signUpRoutes,
      ]);
    },
    { clock, port },
    gzipWhenAsked,
  );
  origin = server.url;
  const credentials = seedDefaults(vendor, keys);

  return {
    ...server,
    credentials,
    tokenUrl: credentials.token_uri,
    projectId: defaults.projectId,
    enterpriseId: defaults.enterpriseId,
    enterpriseName: `enterprises/${defaults.enterpriseId}`,
    behavior: vendor.behavior,
    seed: (records) => seed(vendor, keys, records),
    issueAccessToken: ({
      clientEmail = defaults.clientEmail,
      scopes = [androidManagementScope],
      lifetimeSeconds,
    } = {}) => {
      const account = vendor.state.accounts.get(clientEmail);
      if (account === undefined) throw new Error("there is no such service account");
      return issueAccessToken(vendor, account, scopes, lifetimeSeconds);
    },
    revokeAccessTokens: () => {
      vendor.state.accessTokens.clear();
    },
    enrollDevice: (artifact, device) => enrollDevice(vendor, artifact, device),
    completeSignUp: (name) => completeSignUp(vendor, name),
    deleteEnterprise: (id = defaults.enterpriseId) => {
      const enterprise = vendor.state.enterprises.get(id);
      if (enterprise === undefined) throw new Error(`there is no enterprise ${id}`);
      deleteEnterprise(enterprise);
    },
    enrollments: (enterpriseId) =>
      selected(vendor, enterpriseId).flatMap(({ enrollmentTokens }) =>
        [...enrollmentTokens.values()].map((token) => enrollmentOf(vendor, token)),
      ),
    devices: (enterpriseId) =>
      selected(vendor, enterpriseId).flatMap((enterprise) =>
        enterprise.deleted ? [] : devicesOf(enterprise),
      ),
    notifications: () => vendor.state.notifications,
    stats: () => {
      const { tokenCalls, rateLimitRefusals } = vendor.state;
      return { ...server.stats(), tokenCalls, rateLimitRefusals };
    },
  };
};
