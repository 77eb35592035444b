import { serviceAccountKey, type KeyPair, type ServiceAccountKey } from "./credentials.js";
import { admitDevice, type DeviceHardware } from "./devices.js";
import { createEnrollmentToken, showCreated } from "./enrollment-tokens.js";
import { changeEnterprise } from "./enterprises.js";
import {
  enrollmentTokenMessage,
  type EnrollmentTokenInput,
  type EnterpriseInput,
  type PolicyInput,
} from "./messages.js";
import { readMessage } from "./proto-json.js";
import { putPolicy } from "./policies.js";
import type { AndroidManagementDevice, AndroidManagementEnrollmentToken } from "./resources.js";
import {
  addEnterprise,
  addProject,
  type EnterpriseRecord,
  type ProjectRecord,
  type Vendor,
} from "./state.js";

/** The ids of what exists with no seed, and what a seed refers to where it names nothing else. */
export const defaults = {
  projectId: "enrollkit-simulator",
  enterpriseId: "LC0default",
  clientEmail: "enrollkit@enrollkit-simulator.iam.gserviceaccount.com",
} as const;

/** Records to create, in this order. Parents are named by id; without one the default enterprise or project is meant. */
export interface AndroidManagementSeed {
  readonly projects?: readonly SeedProject[];
  readonly serviceAccounts?: readonly SeedServiceAccount[];
  readonly enterprises?: readonly SeedEnterprise[];
  readonly policies?: readonly SeedPolicy[];
  readonly enrollmentTokens?: readonly SeedEnrollmentToken[];
  /** Devices that enrolled at some earlier time, with no token known. */
  readonly devices?: readonly SeedDevice[];
  readonly provisioningInfo?: readonly SeedProvisioningInfo[];
}

export interface SeedProject {
  readonly id: string;
  /** Default: true. When false every call of its accounts is refused with SERVICE_DISABLED. */
  readonly apiEnabled?: boolean;
  /** Devices that may be managed at once. Default: 500. The vendor starts new projects at 0. */
  readonly deviceQuota?: number;
}

export interface SeedServiceAccount {
  readonly clientEmail: string;
  readonly projectId?: string;
  /** Projects where it holds a role with `androidmanagement.enterprises.manage`. Default: its own. */
  readonly manages?: readonly string[];
}

export interface SeedEnterprise extends Omit<EnterpriseInput, "name"> {
  readonly id?: string;
  readonly projectId?: string;
  /** Who may delete it: only EMM-managed ones can be deleted through the API. Default: "customer". */
  readonly managedBy?: "emm" | "customer";
}

export interface SeedPolicy {
  readonly id: string;
  readonly enterpriseId?: string;
  /** The policy itself. Default: empty. */
  readonly fields?: PolicyInput;
}

/** The body of a create call. */
export interface SeedEnrollmentToken {
  readonly enterpriseId?: string;
  readonly policyName?: string;
  /** For example "3600s". */
  readonly duration?: string;
  readonly oneTimeOnly?: boolean;
  readonly allowPersonalUsage?: NonNullable<EnrollmentTokenInput["allowPersonalUsage"]>;
  readonly additionalData?: string;
}

export interface SeedDevice extends DeviceHardware {
  readonly enterpriseId?: string;
  /** Default: "COMPANY_OWNED". */
  readonly ownership?: AndroidManagementDevice["ownership"];
  /** Default: "DEVICE_OWNER". */
  readonly managementMode?: AndroidManagementDevice["managementMode"];
  /** Full name. Default: the enterprise's policy "default". */
  readonly policyName?: string;
}

/** https://developers.google.com/android/management/reference/rest/v1/provisioningInfo */
export interface SeedProvisioningInfo {
  readonly enterpriseId?: string;
  readonly apiLevel?: number;
  readonly authenticatedUserEmail?: string;
  readonly brand?: string;
  readonly imei?: string;
  readonly managementMode?: AndroidManagementDevice["managementMode"];
  readonly meid?: string;
  readonly model?: string;
  readonly ownership?: AndroidManagementDevice["ownership"];
  readonly serialNumber?: string;
}

/** What was created, in the order of the seed. */
export interface AndroidManagementSeeded {
  readonly projects: readonly { readonly id: string; readonly number: string }[];
  readonly serviceAccounts: readonly ServiceAccountKey[];
  readonly enterprises: readonly { readonly id: string; readonly name: string }[];
  /** Full names. */
  readonly policies: readonly string[];
  readonly enrollmentTokens: readonly AndroidManagementEnrollmentToken[];
  readonly devices: readonly AndroidManagementDevice[];
  /** Names, "provisioningInfo/…". */
  readonly provisioningInfo: readonly string[];
}

const projectOf = ({ state }: Vendor, id: string = defaults.projectId): ProjectRecord => {
  const project = state.projects.get(id);
  if (project === undefined) throw new Error(`the seed names the project ${id}, which does not exist`);
  return project;
};

const enterpriseOf = ({ state }: Vendor, id: string = defaults.enterpriseId): EnterpriseRecord => {
  const enterprise = state.enterprises.get(id);
  if (enterprise === undefined) throw new Error(`the seed names the enterprise ${id}, which does not exist`);
  return enterprise;
};

const addServiceAccount = (
  vendor: Vendor,
  { publicKey, privateKey }: KeyPair,
  { clientEmail, projectId, manages }: SeedServiceAccount,
): ServiceAccountKey => {
  const project = projectOf(vendor, projectId);
  const keyId = vendor.random.keyId();
  vendor.state.accounts.set(clientEmail, { clientEmail, keyId, publicKey, project });
  for (const id of manages ?? [project.id]) projectOf(vendor, id).managers.add(clientEmail);
  return serviceAccountKey({
    projectId: project.id,
    clientEmail,
    keyId,
    clientId: vendor.random.userId(),
    privateKey,
    origin: vendor.origin(),
  });
};

const addProvisioningInfo = (vendor: Vendor, { enterpriseId, ...device }: SeedProvisioningInfo): string => {
  const enterprise = enterpriseOf(vendor, enterpriseId);
  const id = vendor.random.opaque(22);
  const name = `provisioningInfo/${id}`;
  vendor.state.provisioning.set(id, {
    enterprise,
    resource: { name, enterprise: enterprise.name, ...device },
  });
  return name;
};

/** Adds records as the vendor's own methods would: what they refuse, this refuses with the same message. */
export const seed = (
  vendor: Vendor,
  keys: KeyPair,
  records: AndroidManagementSeed,
): AndroidManagementSeeded => ({
  projects: (records.projects ?? []).map((project) => {
    const { id, number } = addProject(vendor, project);
    return { id, number };
  }),
  serviceAccounts: (records.serviceAccounts ?? []).map((account) => addServiceAccount(vendor, keys, account)),
  enterprises: (records.enterprises ?? []).map(({ id, projectId, managedBy = "customer", ...fields }) => {
    const enterprise = addEnterprise(vendor, projectOf(vendor, projectId), {
      ...(id !== undefined && { id }),
      managedBy,
      fields: changeEnterprise(vendor, {}, fields),
    });
    return { id: enterprise.id, name: enterprise.name };
  }),
  policies: (records.policies ?? []).map(
    ({ id, enterpriseId, fields = {} }) =>
      putPolicy(vendor, enterpriseOf(vendor, enterpriseId), id, fields).name,
  ),
  enrollmentTokens: (records.enrollmentTokens ?? []).map(({ enterpriseId, ...body }) => {
    const input = readMessage(JSON.stringify(body), enrollmentTokenMessage, "enrollment_token");
    return showCreated(vendor, createEnrollmentToken(vendor, enterpriseOf(vendor, enterpriseId), input));
  }),
  devices: (records.devices ?? []).map(
    ({
      enterpriseId,
      ownership = "COMPANY_OWNED",
      managementMode = "DEVICE_OWNER",
      policyName,
      ...hardware
    }) => {
      const enterprise = enterpriseOf(vendor, enterpriseId);
      const admission = { ownership, managementMode, user: "one", ...hardware } as const;
      const { resource } = admitDevice(vendor, enterprise, {
        ...admission,
        policyName: policyName ?? `${enterprise.name}/policies/default`,
      });
      return structuredClone(resource);
    },
  ),
  provisioningInfo: (records.provisioningInfo ?? []).map((info) => addProvisioningInfo(vendor, info)),
});

/** What exists with no seed: one project, one account that manages it, one enterprise with a policy "default". */
export const seedDefaults = (vendor: Vendor, keys: KeyPair): ServiceAccountKey => {
  const { projectId, enterpriseId, clientEmail } = defaults;
  addProject(vendor, { id: projectId });
  const key = addServiceAccount(vendor, keys, { clientEmail });
  addEnterprise(vendor, projectOf(vendor), {
    id: enterpriseId,
    managedBy: "customer",
    fields: {
      enterpriseDisplayName: "EnrollKit Simulator",
      pubsubTopic: `projects/${projectId}/topics/android-management`,
      enabledNotificationTypes: ["ENROLLMENT", "STATUS_REPORT"],
    },
  });
  putPolicy(vendor, enterpriseOf(vendor), "default", {});
  return key;
};
