import {
  EnrollmentError,
  observeProvider,
  systemClock,
  type BulkEnrollment,
  type DeploymentFiles,
  type DeviceGroupCatalog,
  type DeviceImport,
  type EnrollmentProvider,
  type EnrollmentTracking,
  type ProviderPlugin,
  type ProviderRuntime,
  type Reconciliation,
} from "@enrollkit/core";
import type { Account } from "./account.js";
import { enroll } from "./bulk.js";
import { check } from "./check.js";
import { createClient, type EsetConnectClient } from "./client.js";
import { createDeploymentFiles } from "./deployment-files.js";
import { esetConnectDescriptor } from "./descriptor.js";
import { createDeviceGroups } from "./device-groups.js";
import { createDeviceImport } from "./device-import.js";
import { createReconciliation } from "./reconciliation.js";
import {
  readSettings,
  settingsSchema,
  type EsetConnectExtras,
  type EsetConnectSettings,
} from "./settings.js";
import { createTracking } from "./tracking.js";

/**
 * Enrollment with ESET PROTECT, through ESET Connect.
 *
 * `createEnrollment` imports a placeholder of the request's `device.name` and gets a link for it; with `device.id`
 * it gets a link for a device that ESET knows. The enrollment's id is the device's UUID.
 */
export interface EsetConnectProvider extends EnrollmentProvider<EsetConnectExtras> {
  readonly client: EsetConnectClient;
  readonly bulk: BulkEnrollment<EsetConnectExtras>;
  readonly deviceImport: DeviceImport;
  readonly tracking: EnrollmentTracking;
  readonly reconciliation: Reconciliation<EsetConnectExtras>;
  readonly deviceGroups: DeviceGroupCatalog;
  readonly deploymentFiles: DeploymentFiles;
}

/**
 * Makes a provider for one ESET Connect account.
 *
 * @param runtime - give the same object to all providers of one account: they then share its quota of calls.
 * @throws EnrollmentError `invalid-config`; the message names every setting at fault.
 */
export const createEsetConnect = (
  input: EsetConnectSettings,
  runtime: ProviderRuntime = {},
): EsetConnectProvider => {
  const settings = readSettings(input);
  const { clock = systemClock } = runtime;
  const client = createClient(settings, runtime);
  const account: Account = { name: settings.name, settings, client, clock, linkless: new WeakMap() };

  const provider: EsetConnectProvider = {
    name: settings.name,
    descriptor: { ...esetConnectDescriptor, profiles: Object.keys(settings.profiles ?? {}) },
    client,
    check: (options) => check(account, options),
    createEnrollment: async (request, options) => {
      const [result] = await enroll(account, [request], options);
      if (result?.status === "created") return result.enrollment;
      throw result?.error ?? new EnrollmentError("no result", { code: "protocol", provider: settings.name });
    },
    bulk: { createBatch: (requests, options) => enroll(account, requests, options) },
    deviceImport: createDeviceImport(account),
    tracking: createTracking(account),
    reconciliation: createReconciliation(account),
    deviceGroups: createDeviceGroups(account),
    deploymentFiles: createDeploymentFiles(account),
  };
  return observeProvider(provider, runtime);
};

/** ESET Connect for a config: `"vendor": "eset-connect"`. */
export const esetConnectPlugin: ProviderPlugin<EsetConnectSettings> = {
  vendor: "eset-connect",
  descriptor: esetConnectDescriptor,
  settings: settingsSchema,
  create: (name, settings, runtime) => createEsetConnect({ ...settings, name }, runtime),
};
