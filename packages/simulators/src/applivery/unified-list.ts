import type { Call } from "./endpoint.js";
import { pageOf, readFlag, readId, readQuery, readTags } from "./paging.js";
import { stateAt, type AppliveryPlatform, type DeviceRecord, type EnrollmentRecord } from "./records.js";
import {
  deviceState,
  hardwareMembers,
  holdsPolicy,
  instant,
  linkMembers,
  sharedMembers,
} from "./rendering.js";
import { text } from "./rules.js";
import type { Vendor } from "./vendor.js";

type Row = DeviceRecord | EnrollmentRecord;
type Condition = (row: Row) => boolean;

const isDevice = (row: Row): row is DeviceRecord => "serialNumber" in row;

const stateOf = ({ clock }: Vendor, row: Row) => (isDevice(row) ? deviceState : stateAt(row, clock.now()));

const contains = (value: string | undefined, part: string) =>
  value?.toLowerCase().includes(part.toLowerCase()) ?? false;

/** What the query asks for beyond owner, tags and kind. Filters on values that no record has are not looked at. */
const conditionsOf = (vendor: Vendor, query: URLSearchParams): readonly Condition[] => {
  const { behavior } = vendor;
  const now = vendor.clock.now();
  const conditions: Condition[] = [];
  const policyId = readId(query, "policyId", behavior);
  if (policyId !== undefined) conditions.push((row) => holdsPolicy(row, policyId));
  for (const member of ["serialNumber", "imei", "osVersion"] as const) {
    const value = query.get(member);
    if (value !== null) conditions.push((row) => isDevice(row) && row[member] === value);
  }
  if (readFlag(query, "onlyAdmDep", behavior)) conditions.push((row) => isDevice(row) && row.automated);
  const state = query.get("state");
  if (state !== null) conditions.push((row) => stateOf(vendor, row) === state);
  const name = query.get("name");
  if (name !== null) conditions.push((row) => contains(row.displayName, name));
  const search = query.get("search");
  if (search !== null) {
    conditions.push(
      (row) =>
        contains(row.displayName, search) ||
        contains(row.user?.email, search) ||
        (isDevice(row) && contains(row.serialNumber, search)),
    );
  }
  const showAll = readFlag(query, "showAll", behavior);
  conditions.push((row) => isDevice(row) || (row.visibleAt <= now && (showAll || row.stored === "PENDING")));
  return conditions;
};

const merged = (enrollments: readonly Row[], devices: readonly Row[]): readonly Row[] => {
  if (devices.length === 0) return enrollments;
  return [...enrollments, ...devices].sort((left, right) => (left.id < right.id ? -1 : 1));
};

const candidates = ({ behavior }: Vendor, { organization, query }: Call): readonly Row[] => {
  const type = readQuery(query, "type", text({ oneOf: ["android", "apple", "windows", "aosp"] }), behavior);
  const subType = readQuery(query, "subType", text({ oneOf: ["device", "enrollment"] }), behavior);
  const narrowing = {
    // "android" names records that this simulator never has.
    platform: type as AppliveryPlatform | undefined,
    userId: readId(query, "mdmUserId", behavior),
    tags: readTags(query, behavior),
  };
  return merged(
    subType === "device" ? [] : organization.enrollments.matching(narrowing),
    subType === "enrollment" ? [] : organization.devices.matching(narrowing),
  );
};

const tokenMembers = (vendor: Vendor, enrollment: EnrollmentRecord) => ({
  ...(enrollment.expireAt === undefined ? {} : { expireAt: instant(enrollment.expireAt) }),
  ...(vendor.behavior.linksInDeviceList ? linkMembers(vendor, enrollment) : {}),
});

/**
 * Tokens that no device has used, beside devices.
 * https://docs-dhj.pages.dev/en/api/mdm%20devices/get-organizations-organizationid-mdm-devices
 */
export const listDevicesAndTokens = (vendor: Vendor, call: Call) => {
  const { organization, query } = call;
  const conditions = conditionsOf(vendor, query);
  const matches = candidates(vendor, call).filter((row) => conditions.every((holds) => holds(row)));
  return pageOf(matches, query, vendor.behavior, (row) => ({
    id: row.id,
    type: row.platform,
    subType: isDevice(row) ? "device" : "enrollment",
    state: stateOf(vendor, row),
    organizationInfo: { id: organization.traits.id, name: organization.traits.name },
    ...sharedMembers(organization, row),
    ...(isDevice(row) ? hardwareMembers(row) : tokenMembers(vendor, row)),
  }));
};
