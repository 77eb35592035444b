import * as z from "zod";
import { invalid, readBody, type ApiCall, type ApiRoute } from "./call.js";
import { targetGroup } from "./device-management.js";
import { RpcFailure, rpcStatus } from "./failures.js";
import { ignoredField, optionalFlag, optionalText } from "./proto-fields.js";
import type { GroupRecord } from "./records.js";
import { demandRights, type Tenant } from "./tenant.js";
import { deviceOnWire } from "./wire.js";

const largestImport = 1000;

/** Fields of `v1Device` that the schema takes and the server fills by itself. */
const filledByServer = {
  uuid: ignoredField,
  managementDomain: ignoredField,
  enrollmentStatus: ignoredField,
  deviceToken: ignoredField,
  deviceType: ignoredField,
  operatingSystem: ignoredField,
  functionalityStatus: ignoredField,
  functionalityProblemCount: ignoredField,
  isMuted: ignoredField,
  lastSyncTime: ignoredField,
  originalDisplayName: ignoredField,
  deployedComponents: ignoredField,
  hardwareProfiles: ignoredField,
  tags: ignoredField,
  activeProducts: ignoredField,
  primaryLocalIpAddress: ignoredField,
  publicIpAddress: ignoredField,
  isMaster: ignoredField,
  cloningConfiguration: ignoredField,
  ownerUuid: ignoredField,
  etag: ignoredField,
};

const importSchema = z.strictObject({
  devices: z
    .array(
      z.strictObject({
        ...filledByServer,
        displayName: optionalText,
        description: optionalText,
        isMobile: optionalFlag,
        parentGroupUuid: optionalText,
      }),
    )
    .nullish()
    .transform((value) => value ?? []),
  parentGroupUuid: optionalText,
});

type DeviceWish = z.output<typeof importSchema>["devices"][number];

const checkBatch = (wishes: readonly DeviceWish[], { behavior }: Tenant): void => {
  if (wishes.length === 0 && behavior.emptyBatches === "refuse") throw invalid("devices: at least one");
  if (wishes.length > largestImport) {
    throw new RpcFailure("OUT_OF_RANGE", `devices: at most ${largestImport}`);
  }
  if (new Set(wishes.map(({ displayName }) => displayName)).size < wishes.length) {
    throw invalid("devices: the display names are not unique");
  }
};

const importGroup = (tenant: Tenant, call: ApiCall, uuid: string): GroupRecord => {
  if (uuid !== "") return targetGroup(tenant, call, uuid);
  if (tenant.behavior.importWithoutGroup === "refuse") throw invalid("parentGroupUuid: required");
  demandRights(tenant, call.user, tenant.lostAndFoundUuid);
  return targetGroup(tenant, call, tenant.lostAndFoundUuid);
};

const problemOf = (wish: DeviceWish, parentGroupUuid: string): string | undefined => {
  if (wish.displayName === "") return "the display name is empty";
  if (wish.parentGroupUuid !== "" && wish.parentGroupUuid !== parentGroupUuid) {
    return "the parent group differs from that of the request";
  }
  return undefined;
};

const addPlaceholder = (tenant: Tenant, wish: DeviceWish, groupUuid: string) =>
  tenant.devices.add({
    uuid: tenant.entropy.uuid(),
    displayName: wish.displayName,
    description: wish.description,
    isMobile: wish.isMobile,
    groupUuid,
    enrollmentStatus: `DEVICE_ENROLLMENT_STATUS_${tenant.behavior.importedStatus}`,
    createdAt: tenant.clock.now(),
  });

const importDevices = (tenant: Tenant, call: ApiCall) => {
  const { behavior, entropy } = tenant;
  const { devices: wishes, parentGroupUuid } = readBody(call, importSchema, behavior);
  checkBatch(wishes, tenant);
  const group = importGroup(tenant, call, parentGroupUuid);
  const judged = wishes.map((wish) => ({ wish, problem: problemOf(wish, parentGroupUuid) }));
  const good = judged.filter(({ problem }) => problem === undefined);
  const imported = good
    .slice(0, behavior.importCapacity)
    .map(({ wish }) => deviceOnWire(tenant, addPlaceholder(tenant, wish, group.uuid)));
  if (imported.length < good.length) {
    throw new RpcFailure("DEADLINE_EXCEEDED", "the import did not finish in time");
  }
  const errors = judged.flatMap(({ wish, problem }) =>
    problem === undefined ? [] : [[wish.displayName, rpcStatus("INVALID_ARGUMENT", problem)] as const],
  );
  return {
    devices: behavior.importOrder === "shuffled" ? entropy.shuffled(imported) : imported,
    errors: Object.fromEntries(errors),
  };
};

/**
 * Placeholders for devices to come. Names must differ within one call only, so that a repeated call makes duplicates.
 * https://help.eset.com/eset_connect/en-US/device_management_v1_devices-batchImport_post.html
 */
export const importRoutes = (tenant: Tenant): readonly ApiRoute[] => [
  {
    domain: "deviceManagement",
    method: "POST",
    path: "/v1/devices:batchImport",
    handle: (call) => importDevices(tenant, call),
  },
];
