import type { AndroidManagementBehavior } from "./behavior.js";
import { Collection } from "./collection.js";
import { instantAt, type Instant } from "./instants.js";
import type { EnrollmentTokenInput, PolicyInput } from "./messages.js";
import type { PubSubEnvelope } from "./pub-sub-envelope.js";
import { slidingWindow, type SlidingWindow } from "./quota.js";
import type { RandomValues } from "./random-values.js";
import type { AndroidManagementDevice, EnterpriseFields, WritableDevice } from "./resources.js";

export interface ProjectRecord {
  readonly id: string;
  readonly number: string;
  readonly apiEnabled: boolean;
  readonly deviceQuota: number;
  /** Client e-mail addresses of the accounts that hold a role with `androidmanagement.enterprises.manage`. */
  readonly managers: Set<string>;
  readonly enterprises: Collection<EnterpriseRecord>;
  readonly requests: SlidingWindow;
  devices: number;
}

export interface AccountRecord {
  readonly clientEmail: string;
  readonly keyId: string;
  readonly publicKey: string;
  /** The project that its requests count for. */
  readonly project: ProjectRecord;
}

export interface AccessTokenRecord {
  readonly account: AccountRecord;
  readonly scopes: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

export interface EnterpriseRecord {
  readonly id: string;
  readonly name: string;
  readonly project: ProjectRecord;
  readonly managedBy: "emm" | "customer";
  fields: EnterpriseFields;
  deleted: boolean;
  readonly enrollmentTokens: Collection<EnrollmentTokenRecord>;
  readonly policies: Collection<PolicyRecord>;
  readonly devices: Collection<DeviceRecord>;
  readonly migrationTokens: Collection<MigrationTokenRecord>;
  /** Devices by the full name of the policy they are told to use, whether that exists or not. */
  readonly devicesByPolicy: Map<string, Set<DeviceRecord>>;
  /** Names in the order of enrollment. */
  readonly deviceNamesBySerial: Map<string, string[]>;
}

export interface EnrollmentTokenRecord {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly qrCode: string;
  readonly enterprise: EnterpriseRecord;
  readonly input: EnrollmentTokenInput;
  /** Full name; absent when the token leaves it to the default policy. */
  readonly policyName?: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly deviceNames: string[];
  deleted: boolean;
}

export interface PolicyRecord {
  readonly id: string;
  readonly name: string;
  version: number;
  fields: PolicyInput;
}

export interface DeviceRecord {
  readonly id: string;
  readonly enterprise: EnterpriseRecord;
  readonly resource: WritableDevice;
}

export interface MigrationTokenRecord {
  readonly id: string;
  readonly expiresAt: Instant;
  readonly resource: object;
}

interface SignUpRecord {
  readonly name: string;
  readonly project: ProjectRecord;
  readonly callbackUrl: string;
  /** Handed to the callback when an administrator has finished the page. */
  enterpriseToken?: string;
}

interface ProvisioningRecord {
  readonly enterprise: EnterpriseRecord;
  readonly resource: object;
}

/** Everything the vendor knows. Records are found by id; nothing is searched while a request waits. */
interface State {
  readonly projects: Map<string, ProjectRecord>;
  readonly accounts: Map<string, AccountRecord>;
  readonly accessTokens: Map<string, AccessTokenRecord>;
  readonly enterprises: Map<string, EnterpriseRecord>;
  readonly enrollmentTokensByValue: Map<string, EnrollmentTokenRecord>;
  readonly signUps: Map<string, SignUpRecord>;
  readonly provisioning: Map<string, ProvisioningRecord>;
  readonly notifications: PubSubEnvelope[];
  tokenCalls: number;
  rateLimitRefusals: number;
}

export const emptyState = (): State => ({
  projects: new Map(),
  accounts: new Map(),
  accessTokens: new Map(),
  enterprises: new Map(),
  enrollmentTokensByValue: new Map(),
  signUps: new Map(),
  provisioning: new Map(),
  notifications: [],
  tokenCalls: 0,
  rateLimitRefusals: 0,
});

/** What the routes and the control functions work on. */
export interface Vendor {
  readonly state: State;
  readonly behavior: AndroidManagementBehavior;
  readonly random: RandomValues;
  readonly quota: RequestQuota;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly origin: () => string;
}

export interface RequestQuota {
  readonly requests: number;
  readonly perSeconds: number;
}

/** The present as the vendor would stamp it on a new record. */
export const stamp = ({ now, behavior, random }: Vendor): Instant =>
  instantAt(now()) + (behavior.timestampPrecision === "nanoseconds" ? random.nanoseconds() : 0n);

export const addProject = (
  { state, random, quota }: Vendor,
  { id, apiEnabled = true, deviceQuota = 500 }: { id: string; apiEnabled?: boolean; deviceQuota?: number },
): ProjectRecord => {
  const project: ProjectRecord = {
    id,
    number: random.projectNumber(),
    apiEnabled,
    deviceQuota,
    managers: new Set(),
    enterprises: new Collection(),
    requests: slidingWindow(quota.requests, quota.perSeconds * 1000),
    devices: 0,
  };
  state.projects.set(id, project);
  return project;
};

export const addEnterprise = (
  { state, random }: Vendor,
  project: ProjectRecord,
  {
    id = random.enterpriseId(),
    managedBy,
    fields,
  }: { id?: string; managedBy: "emm" | "customer"; fields: EnterpriseFields },
): EnterpriseRecord => {
  const enterprise: EnterpriseRecord = {
    id,
    name: `enterprises/${id}`,
    project,
    managedBy,
    fields,
    deleted: false,
    enrollmentTokens: new Collection(),
    policies: new Collection(),
    devices: new Collection(),
    migrationTokens: new Collection(),
    devicesByPolicy: new Map(),
    deviceNamesBySerial: new Map(),
  };
  state.enterprises.set(id, enterprise);
  return project.enterprises.add(enterprise);
};

/** The policy with this full name, if the enterprise has it. */
export const policyNamed = (enterprise: EnterpriseRecord, name: string): PolicyRecord | undefined => {
  const prefix = `${enterprise.name}/policies/`;
  return name.startsWith(prefix) ? enterprise.policies.get(name.slice(prefix.length)) : undefined;
};

export const devicesOf = (enterprise: EnterpriseRecord): AndroidManagementDevice[] =>
  [...enterprise.devices.values()].map(({ resource }) => structuredClone(resource));
