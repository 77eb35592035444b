import type { CallOptions } from "@enrollkit/core";
import { pages, type HttpAnswer, type HttpCall, type HttpClient } from "@enrollkit/http";
import type * as z from "zod";
import { resourcePath } from "./resource-names.js";
import {
  createdTokenSchema,
  devicePageSchema,
  emptySchema,
  enterpriseSchema,
  policyPageSchema,
  policySchema,
  tokenPageSchema,
  tokenViewSchema,
  type Device,
  type EnrollmentTokenInput,
  type TokenView,
} from "./wire.js";

/** The most items that Google puts on one page; it coerces larger wishes to this. */
const pageSize = 100;

type Answer<Schema extends z.ZodType> = Promise<HttpAnswer<z.output<Schema>>>;

/** The calls of the Android Management API that enrollment needs, authenticated. Resources go by their full names. */
export interface AndroidManagementClient {
  readonly enrollmentTokens: {
    create(token: EnrollmentTokenInput, options?: CallOptions): Answer<typeof createdTokenSchema>;
    get(name: string, options?: CallOptions): Answer<typeof tokenViewSchema>;
    list(options?: CallOptions): AsyncIterable<TokenView>;
    delete(name: string, options?: CallOptions): Answer<typeof emptySchema>;
  };
  readonly devices: { list(options?: CallOptions): AsyncIterable<Device> };
  readonly policies: {
    get(name: string, options?: CallOptions): Answer<typeof policySchema>;
    list(options?: CallOptions): AsyncIterable<z.output<typeof policySchema>>;
  };
  readonly enterprise: { get(options?: CallOptions): Answer<typeof enterpriseSchema> };
}

/** @param enterprise - its bare id. */
export const createClient = (
  http: HttpClient,
  { baseUrl, enterprise }: { readonly baseUrl: string; readonly enterprise: string },
): AndroidManagementClient => {
  const parent = `enterprises/${enterprise}`;
  const urlOf = (name: string) => `${baseUrl}/v1/${resourcePath(name)}`;
  const tokensUrl = `${urlOf(parent)}/enrollmentTokens`;

  const read = <Schema extends z.ZodType>(
    name: string,
    answer: Schema,
    options?: CallOptions,
    query: HttpCall["query"] = {},
  ) => http.send({ method: "GET", url: urlOf(name), query, answer, effect: "repeatable" }, options);

  return {
    enrollmentTokens: {
      /** @see https://developers.google.com/android/management/reference/rest/v1/enterprises.enrollmentTokens/create */
      create: (json, options) =>
        http.send(
          {
            method: "POST",
            url: tokensUrl,
            json,
            answer: createdTokenSchema,
            effect: "once",
          },
          options,
        ),

      /** @see https://developers.google.com/android/management/reference/rest/v1/enterprises.enrollmentTokens/get */
      get: (name, options) => read(name, tokenViewSchema, options),

      /** @see https://developers.google.com/android/management/reference/rest/v1/enterprises.enrollmentTokens/list */
      list: (options) =>
        pages<TokenView, string>(async (pageToken) => {
          const { body } = await read(`${parent}/enrollmentTokens`, tokenPageSchema, options, {
            pageSize,
            pageToken,
          });
          return { items: body.enrollmentTokens, next: body.nextPageToken };
        }),

      /** @see https://developers.google.com/android/management/reference/rest/v1/enterprises.enrollmentTokens/delete */
      delete: (name, options) =>
        http.send({ method: "DELETE", url: urlOf(name), answer: emptySchema, effect: "repeatable" }, options),
    },

    devices: {
      /**
       * The mask keeps applications and reports out, which make up nearly all of a device's megabytes.
       *
       * @see https://developers.google.com/android/management/reference/rest/v1/enterprises.devices/list
       */
      list: (options) =>
        pages<Device, string>(async (pageToken) => {
          const { body } = await read(`${parent}/devices`, devicePageSchema, options, {
            pageSize,
            pageToken,
            fields: `devices(${deviceFields.join(",")}),nextPageToken`,
          });
          return { items: body.devices, next: body.nextPageToken };
        }),
    },

    policies: {
      /** @see https://developers.google.com/android/management/reference/rest/v1/enterprises.policies/get */
      get: (name, options) => read(name, policySchema, options, { fields: "name" }),

      /** @see https://developers.google.com/android/management/reference/rest/v1/enterprises.policies/list */
      list: (options) =>
        pages(async (pageToken: string | undefined) => {
          const { body } = await read(`${parent}/policies`, policyPageSchema, options, {
            pageSize,
            pageToken,
            fields: "policies(name),nextPageToken",
          });
          return { items: body.policies, next: body.nextPageToken };
        }),
    },

    enterprise: {
      /** @see https://developers.google.com/android/management/reference/rest/v1/enterprises/get */
      get: (options) => read(parent, enterpriseSchema, options, { fields: "name,enterpriseDisplayName" }),
    },
  };
};

const deviceFields = [
  "name",
  "state",
  "enrollmentTokenName",
  "enrollmentTime",
  "hardwareInfo(serialNumber,brand,model)",
];
