import { addEnrollment, requireAcceptable } from "./enrollments.js";
import { Organization } from "./organization.js";
import type { AppleAssetRecord, DeviceRecord, PolicyRecord, SegmentRecord } from "./records.js";
import type {
  AppleAssetSeed,
  AppliveryCredentials,
  AppliveryCredentialSeed,
  AppliveryDeviceSeed,
  AppliveryEnrollmentSeed,
  AppliveryOrganization,
  AppliveryOrganizationSeed,
  AppliveryPolicySeed,
  AppliverySeed,
  AppliverySeeded,
  AppliverySegmentSeed,
  AppliveryUserSeed,
} from "./seed.js";
import {
  enrollmentSnapshot,
  ownedBy,
  type AppliveryDevice,
  type AppliveryEnrollment,
  type AppliveryPolicy,
  type AppliveryUser,
} from "./snapshots.js";
import { addUser } from "./users.js";
import type { Vendor } from "./vendor.js";

/** Slug of the organization that every simulator starts with. */
export const startingOrganization = "acme";
const platforms = ["apple", "windows", "aosp"] as const;

const organizationNamed = (vendor: Vendor, name = startingOrganization): Organization => {
  const organization = vendor.organizations.get(name);
  if (organization === undefined) throw new Error(`seed: there is no organization "${name}"`);
  return organization;
};

const addOrganization = (vendor: Vendor, seed: AppliveryOrganizationSeed): AppliveryOrganization => {
  const {
    slug,
    name = slug,
    features = [...platforms, "policy-composition"],
    enterprises = platforms,
  } = seed;
  if (vendor.organizations.has(slug)) throw new Error(`seed: the organization "${slug}" exists`);
  const id = vendor.identifiers.id();
  const organization = new Organization({
    id,
    slug,
    name,
    features: new Set(features),
    enterprises: new Map(enterprises.map((platform) => [platform, vendor.identifiers.id()])),
    enrollmentLimit: seed.enrollmentLimit ?? Infinity,
  });
  vendor.organizations.set(id, organization).set(slug, organization);
  return { id, slug, name };
};

const addCredential = (vendor: Vendor, seed: AppliveryCredentialSeed): AppliveryCredentials => {
  const { id: organizationId, slug } = organizationNamed(vendor, seed.organization).traits;
  const { identifiers, credentials } = vendor;
  const token = identifiers.bearer();
  credentials.set(token, {
    organizationId,
    bearer: token,
    role: seed.role ?? "admin",
    permissions: seed.permissions,
  });
  return {
    baseUrl: `${vendor.origin()}/v1`,
    organization: slug,
    organizationId,
    token,
    serviceAccount: `${identifiers.id()}@${organizationId}.iam.applivery.io`,
  };
};

const addSegment = (
  vendor: Vendor,
  { organization, id, name, parentId = 0 }: AppliverySegmentSeed,
): SegmentRecord => {
  const { segments } = organizationNamed(vendor, organization);
  if (segments.has(id)) throw new Error(`seed: the segment ${id} exists`);
  if (!segments.has(parentId)) throw new Error(`seed: there is no segment ${parentId} to be a parent`);
  const segment = { id, name, parentId };
  segments.set(id, segment);
  return segment;
};

const addPolicy = (
  vendor: Vendor,
  { organization: owner, platform = "apple", name }: AppliveryPolicySeed,
): AppliveryPolicy => {
  const organization = organizationNamed(vendor, owner);
  const policy: PolicyRecord = { id: vendor.identifiers.id(), platform, name };
  organization.policies.set(policy.id, policy);
  return ownedBy(organization, policy);
};

const addAppleAsset = (vendor: Vendor, { organization, kind, name }: AppleAssetSeed): AppleAssetRecord => {
  const asset = { id: vendor.identifiers.id(), kind, name };
  organizationNamed(vendor, organization).appleAssets.set(asset.id, asset);
  return asset;
};

const seedUser = (vendor: Vendor, { organization: owner, ...traits }: AppliveryUserSeed): AppliveryUser => {
  const organization = organizationNamed(vendor, owner);
  return ownedBy(organization, addUser(vendor, organization, traits));
};

const seedEnrollment = (vendor: Vendor, seed: AppliveryEnrollmentSeed): AppliveryEnrollment => {
  const { platform = "apple", email } = seed;
  const organization = organizationNamed(vendor, seed.organization);
  const user = organization.userByEmail(email) ?? addUser(vendor, organization, { email });
  const wish = {
    userId: user.id,
    sendEmail: false,
    displayName: seed.displayName,
    tags: seed.tags ?? [],
    duration: seed.duration,
    language: undefined,
    emailText: undefined,
    policyId: seed.policyId,
    assignments: [],
    segmentId: seed.segmentId ?? 0,
    ...(platform === "aosp"
      ? {
          aosp: {
            managementMode: "DEVICE_OWNER",
            perpetual: false,
            dpcBuildTag: undefined,
            pushNotificationProvider: undefined,
          },
        }
      : {}),
  };
  requireAcceptable(vendor, organization, platform, wish);
  return enrollmentSnapshot(vendor, organization, addEnrollment(vendor, organization, platform, wish, user));
};

const userOf = (organization: Organization, email: string | undefined) => {
  if (email === undefined) return undefined;
  const user = organization.userByEmail(email);
  if (user === undefined) throw new Error("seed: a device names a user who does not exist");
  return { id: user.id, email: user.email };
};

const seedDevice = (vendor: Vendor, seed: AppliveryDeviceSeed): AppliveryDevice => {
  const organization = organizationNamed(vendor, seed.organization);
  if (organization.deviceBySerialNumber(seed.serialNumber) !== undefined) {
    throw new Error(`seed: a device with the serial number "${seed.serialNumber}" exists`);
  }
  const device: DeviceRecord = {
    id: vendor.identifiers.id(),
    platform: seed.platform ?? "apple",
    serialNumber: seed.serialNumber,
    model: seed.model,
    imei: seed.imei,
    osVersion: seed.osVersion,
    automated: seed.automated ?? false,
    displayName: seed.displayName,
    tags: seed.tags ?? [],
    user: userOf(organization, seed.email),
    policyId: undefined,
    assignments: [],
    segmentId: 0,
    enrollmentId: undefined,
    createdAt: vendor.clock.now(),
    updatedAt: vendor.clock.now(),
  };
  organization.addDevice(device);
  return ownedBy(organization, device);
};

/** Makes everything a seed asks for; a seed that contradicts itself or what is there already throws. */
export const plant = (vendor: Vendor, seed: AppliverySeed): AppliverySeeded => ({
  organizations: (seed.organizations ?? []).map((one) => addOrganization(vendor, one)),
  credentials: (seed.credentials ?? []).map((one) => addCredential(vendor, one)),
  segments: (seed.segments ?? []).map((one) => addSegment(vendor, one)),
  policies: (seed.policies ?? []).map((one) => addPolicy(vendor, one)),
  appleAssets: (seed.appleAssets ?? []).map((one) => addAppleAsset(vendor, one)),
  users: (seed.users ?? []).map((one) => seedUser(vendor, one)),
  enrollments: (seed.enrollments ?? []).map((one) => seedEnrollment(vendor, one)),
  devices: (seed.devices ?? []).map((one) => seedDevice(vendor, one)),
});
