import type { CallOptions, ProviderRuntime } from "@enrollkit/core";
import { createHttpClient, passwordGrant, type HttpCall, type HttpClientSettings } from "@enrollkit/http";
import { toError, toTokenError } from "./errors.js";
import { baseUrlsOf, type EsetBaseUrls, type EsetConnectSettings } from "./settings.js";
import {
  devicesAnswerSchema,
  gpoSccmFileAnswerSchema,
  groupsAnswerSchema,
  importAnswerSchema,
  linksAnswerSchema,
  membersAnswerSchema,
} from "./wire.js";

/** A device to import, with every field that a caller may set. */
export interface EsetDeviceToImport {
  /** Unique within one import. */
  readonly displayName: string;
  readonly description?: string | undefined;
  /** Whether it can get an enrollment link. The API cannot change it later. */
  readonly isMobile: boolean;
  /** Leave it out, or repeat the import's own: ESET refuses a device whose group is another. */
  readonly parentGroupUuid?: string | undefined;
  /** Leave it out: ESET infers it from the token. */
  readonly managementDomain?: string | undefined;
}

/** Which page of a list. `pageSize`: default 1000, which ESET also takes for anything above. */
export interface EsetPage {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

const biggestPage = 1000;

const httpSettings = (settings: EsetConnectSettings, runtime: ProviderRuntime, baseUrls: EsetBaseUrls) =>
  ({
    provider: settings.name ?? "eset-connect",
    origins: Object.values<string>({ ...baseUrls }),
    // https://help.eset.com/eset_connect/en-US/rate_limits.html
    quota: {
      calls: 10,
      per: "PT1S",
      burst: 2,
      headroom: 0.015,
      credential: `${baseUrls.iam}\n${settings.username}`,
    },
    // The gateway holds a call for 30 seconds, 50 in an older revision, before it answers 202. It gives up on a query
    // after 120, in the older one 180. How often to poll is not documented.
    // https://help.eset.com/eset_connect/en-US/how_api_works.html
    timeout: 75_000,
    pending: {
      header: "response-id",
      interval: (poll) => Math.min(2000 * 1.5 ** poll, 30_000),
      deadline: 240_000,
    },
    deadline: 600_000,
    runtime,
    ...(settings.integration !== undefined && {
      headers: {
        "3rd-integration": settings.integration.name,
        ...(settings.integration.version !== undefined && { Version: settings.integration.version }),
      },
    }),
  }) satisfies Omit<HttpClientSettings, "toError">;

/** Speaks to ESET Connect with the settings' API user: one method for each endpoint, `http` for those without one. */
export const createClient = (settings: EsetConnectSettings, runtime: ProviderRuntime) => {
  const baseUrls = baseUrlsOf(settings);
  const shared = httpSettings(settings, runtime, baseUrls);
  // https://help.eset.com/eset_connect/en-US/authentication_oauth_token_post.html
  const tokens = passwordGrant({
    client: createHttpClient({ ...shared, toError: toTokenError }),
    url: `${baseUrls.iam}/oauth/token`,
    username: settings.username,
    password: settings.password,
    runtime,
  });
  const http = createHttpClient({ ...shared, authorization: tokens, toError });
  const { deviceManagement, mobileDeviceManagement, installerManagement } = baseUrls;

  const read = async <Schema extends HttpCall["answer"]>(
    path: string,
    query: HttpCall["query"] & object,
    answer: Schema,
    options: CallOptions | undefined,
  ) => {
    const url = `${deviceManagement}/v1/${path}`;
    const { body } = await http.send({ method: "GET", url, query, answer, effect: "repeatable" }, options);
    return body;
  };

  return {
    /** Sends any call with the account's token, quota and error table. */
    http,
    baseUrls,

    /** Gets an access token, unless one that lives is at hand. */
    authorize: async (options?: CallOptions): Promise<void> => {
      await tokens.getToken(options);
    },

    /**
     * Imports at most 1000 devices. Not idempotent. A device that ESET left out is in `errors`, by display name.
     *
     * @see https://help.eset.com/eset_connect/en-US/device_management_v1_devices-batchImport_post.html
     */
    importDevices: (
      json: {
        readonly devices: readonly EsetDeviceToImport[];
        readonly parentGroupUuid?: string | undefined;
      },
      options?: CallOptions,
    ) => {
      const url = `${deviceManagement}/v1/devices:batchImport`;
      return http.send({ method: "POST", url, json, answer: importAnswerSchema, effect: "once" }, options);
    },

    /**
     * Devices by their exact display names. Whether placeholders are among them is not documented.
     *
     * @see https://eu.esetconnect.eset.systems/swagger/api/device-management.json "List managed devices"
     */
    listDevices: async (
      {
        displayNames,
        pageSize = biggestPage,
        pageToken,
      }: EsetPage & { readonly displayNames?: readonly string[] | undefined },
      options?: CallOptions,
    ) => {
      const query = { displayNames, pageSize, pageToken };
      const { devices: items, nextPageToken: next } = await read(
        "devices",
        query,
        devicesAnswerSchema,
        options,
      );
      return { items, next };
    },

    /**
     * All or nothing. The UUIDs go into the address: keep to about 100.
     *
     * @see https://help.eset.com/eset_connect/en-US/device_management_v1_devices-batchGet_get.html
     */
    getDevices: async (devicesUuids: readonly string[], options?: CallOptions) =>
      (await read("devices:batchGet", { devicesUuids }, devicesAnswerSchema, options)).devices,

    /** @see https://help.eset.com/eset_connect/en-US/device_management_v1_device_groups_get.html */
    listDeviceGroups: async ({ pageSize = biggestPage, pageToken }: EsetPage, options?: CallOptions) => {
      const { deviceGroups: items, nextPageToken: next } = await read(
        "device_groups",
        { pageSize, pageToken },
        groupsAnswerSchema,
        options,
      );
      return { items, next };
    },

    /**
     * With `subgroups: "included"`, a device that is in several groups appears once for each.
     *
     * @see https://help.eset.com/eset_connect/en-US/device_management_v1_device_groups_groupUuid_devices_get.html
     */
    listGroupDevices: async (
      groupUuid: string,
      {
        pageSize = biggestPage,
        pageToken,
        subgroups,
      }: EsetPage & { readonly subgroups: "included" | "left-out" },
      options?: CallOptions,
    ) => {
      const { devices: items, nextPageToken: next } = await read(
        `device_groups/${encodeURIComponent(groupUuid)}/devices`,
        { recurseSubgroups: subgroups === "included", pageSize, pageToken },
        membersAnswerSchema,
        options,
      );
      return { items, next };
    },

    /**
     * All or nothing, at most 1000. Each call issues new links; the older ones stay valid.
     *
     * @see https://help.eset.com/eset_connect/en-US/mobile_device_management_v1_mobile-devices-batchGetEnrollmentLinks_post.html
     */
    getEnrollmentLinks: (deviceUuids: readonly string[], options?: CallOptions) => {
      const url = `${mobileDeviceManagement}/v1/mobile-devices:batchGetEnrollmentLinks`;
      const json = { deviceUuids };
      return http.send(
        { method: "POST", url, json, answer: linksAnswerSchema, effect: "repeatable" },
        options,
      );
    },

    /**
     * The file in base64. ESET does not store it: each call makes a new one.
     *
     * @see https://help.eset.com/eset_connect/en-US/installer_management_v1_gpo-sccm-files-generate_post.html
     */
    generateGpoSccmFile: (
      json: {
        readonly sendAnonymousDiagnosticData?: boolean | undefined;
        readonly deviceEnrollmentSettings?: { readonly securityGroupUuid: string } | undefined;
      },
      options?: CallOptions,
    ) => {
      const url = `${installerManagement}/v1/gpo-sccm-files:generate`;
      return http.send(
        { method: "POST", url, json, answer: gpoSccmFileAnswerSchema, effect: "repeatable" },
        options,
      );
    },
  };
};

/** The authenticated client. */
export type EsetConnectClient = ReturnType<typeof createClient>;
