import * as z from "zod";
import { invalid, readBody, readFlag, type ApiCall, type ApiRoute } from "./call.js";
import { deploymentFile } from "./deployment-file.js";
import { failureWithStatus, RpcFailure } from "./failures.js";
import { pageOf, pagingParameters } from "./paging.js";
import { ignoredField, optionalFlag, optionalText } from "./proto-fields.js";
import type { InstallerRecord } from "./records.js";
import { demandRights, hasRights, type Tenant } from "./tenant.js";
import { installerOnWire } from "./wire.js";

const lifetimeMonths = 6;
/** Windows and macOS. */
const installableFamilies = [1, 3];
const installableComponents = new Set([13, 19, 20, 27, 29, 30, 230, 231, 209, 215, 167, 210]);

const enrollmentSettings = z
  .strictObject({ securityGroupUuid: optionalText, groupDisplayName: ignoredField })
  .nullish()
  .transform((value) => value?.securityGroupUuid ?? "");

const fileSchema = z.strictObject({
  sendAnonymousDiagnosticData: optionalFlag,
  deviceEnrollmentSettings: enrollmentSettings,
});

const installerSchema = z.strictObject({
  installer: z.strictObject({
    displayName: z.string().min(1),
    operatingSystemFamilyId: z.number().int(),
    deviceEnrollment: enrollmentSettings,
    enablePuaDetection: optionalFlag,
    enableCloudScannerFeedback: optionalFlag,
    sendAnonymousDiagnosticData: optionalFlag,
    preferredLanguageCode: optionalText,
  }),
  requestedComponentIds: z
    .array(z.number().int())
    .nullish()
    .transform((value) => value ?? []),
});

/** Devices of an installer or a file without a security group find their place by their name. */
const checkSecurityGroup = (tenant: Tenant, call: ApiCall, uuid: string): void => {
  if (uuid === "") return;
  const group = tenant.groups.find(uuid);
  if (group === undefined) {
    throw failureWithStatus(tenant.behavior.unknownSecurityGroupStatus, `no security group ${uuid}`);
  }
  demandRights(tenant, call.user, uuid);
  if (group.membership !== "static") throw invalid(`the group ${uuid} is not a security group`);
};

/** https://help.eset.com/eset_connect/en-US/installer_management_v1_gpo-sccm-files-generate_post.html */
const generateFile = (tenant: Tenant, call: ApiCall) => {
  const { sendAnonymousDiagnosticData, deviceEnrollmentSettings: securityGroupUuid } = readBody(
    call,
    fileSchema,
    tenant.behavior,
  );
  checkSecurityGroup(tenant, call, securityGroupUuid);
  const gpoSccmFile = deploymentFile(tenant.entropy, { securityGroupUuid, sendAnonymousDiagnosticData });
  tenant.deploymentFiles.set(gpoSccmFile, {
    gpoSccmFile,
    securityGroupUuid,
    sendAnonymousDiagnosticData,
    createdAt: tenant.clock.now(),
  });
  return { gpoSccmFile };
};

const createInstaller = (tenant: Tenant, call: ApiCall) => {
  const { installer: wish, requestedComponentIds } = readBody(call, installerSchema, tenant.behavior);
  if (!installableFamilies.includes(wish.operatingSystemFamilyId)) {
    throw invalid(`operatingSystemFamilyId: one of ${installableFamilies.join(", ")}`);
  }
  if (!requestedComponentIds.every((id) => installableComponents.has(id))) {
    throw invalid("requestedComponentIds: an unsupported component");
  }
  const { deviceEnrollment: securityGroupUuid, preferredLanguageCode, ...wished } = wish;
  checkSecurityGroup(tenant, call, securityGroupUuid);
  const expiry = new Date(tenant.clock.now());
  expiry.setUTCMonth(expiry.getUTCMonth() + lifetimeMonths);
  const installer: InstallerRecord = {
    ...wished,
    uuid: tenant.entropy.uuid(),
    securityGroupUuid,
    preferredLanguageCode: preferredLanguageCode === "" ? "en-us" : preferredLanguageCode,
    componentIds: requestedComponentIds,
    createdAt: tenant.clock.now(),
    expiresAt: expiry.getTime(),
    downloadUrl: `https://download.simulator.invalid/i/${tenant.entropy.token(32)}`,
  };
  tenant.installers.set(installer.uuid, installer);
  return { installer: installerOnWire(installer, tenant.clock.now()) };
};

const mayUse = (tenant: Tenant, { user }: ApiCall, { securityGroupUuid }: InstallerRecord) =>
  securityGroupUuid === "" || hasRights(tenant, user, securityGroupUuid);

const installerFor = (tenant: Tenant, call: ApiCall): InstallerRecord => {
  const uuid = call.parameter("installerUuid");
  const installer = tenant.installers.get(uuid);
  if (installer === undefined) throw new RpcFailure("NOT_FOUND", `no installer ${uuid}`);
  if (!mayUse(tenant, call, installer))
    throw new RpcFailure("PERMISSION_DENIED", "no rights on the installer");
  return installer;
};

const listInstallers = (tenant: Tenant, call: ApiCall) => {
  const usable = readFlag(call.query, "usable");
  const now = tenant.clock.now();
  const found = [...tenant.installers.values()].filter(
    (installer) =>
      mayUse(tenant, call, installer) && (usable === undefined || usable === now < installer.expiresAt),
  );
  const { items, nextPageToken } = pageOf(found, call.query, "installers");
  return {
    installers: items.map((installer) => installerOnWire(installer, now)),
    nextPageToken,
    totalSize: found.length,
  };
};

/** https://help.eset.com/eset_connect/en-US/installer_management_v1_installers_post.html */
export const installerRoutes = (tenant: Tenant): readonly ApiRoute[] => [
  {
    domain: "installerManagement",
    method: "POST",
    path: "/v1/gpo-sccm-files:generate",
    handle: (call) => generateFile(tenant, call),
  },
  {
    domain: "installerManagement",
    method: "GET",
    path: "/v1/installers",
    query: ["usable", ...pagingParameters],
    handle: (call) => listInstallers(tenant, call),
  },
  {
    domain: "installerManagement",
    method: "POST",
    path: "/v1/installers",
    handle: (call) => createInstaller(tenant, call),
  },
  {
    domain: "installerManagement",
    method: "GET",
    path: "/v1/installers/{installerUuid}",
    handle: (call) => ({ installer: installerOnWire(installerFor(tenant, call), tenant.clock.now()) }),
  },
  {
    domain: "installerManagement",
    method: "DELETE",
    path: "/v1/installers/{installerUuid}",
    handle: (call) => {
      tenant.installers.delete(installerFor(tenant, call).uuid);
      return {};
    },
  },
];
