import type { CallOptions, ProviderRuntime } from "@enrollkit/core";
import { createHttpClient, pages, staticToken, type HttpAnswer } from "@enrollkit/http";
import * as z from "zod";
import { acmeDescriptor } from "./descriptor.js";
import { toVendorError } from "./errors.js";
import type { ResolvedSettings } from "./settings.js";
import { accountSchema, passPageSchema, passSchema, type NewPass, type Pass } from "./wire.js";

/** One method for each endpoint that the adapter uses. */
export interface AcmeClient {
  getAccount(options?: CallOptions): Promise<void>;
  /** Not idempotent. */
  createPass(pass: NewPass, options?: CallOptions): Promise<HttpAnswer<Pass>>;
  listPasses(filter?: { readonly reference?: string }, options?: CallOptions): AsyncIterable<Pass>;
  getPass(id: string, options?: CallOptions): Promise<Pass>;
  deletePass(id: string, options?: CallOptions): Promise<void>;
}

export const createAcmeClient = (
  { baseUrl, apiKey }: ResolvedSettings,
  provider: string,
  runtime: ProviderRuntime,
): AcmeClient => {
  const [quota] = acmeDescriptor.quotas;
  const http = createHttpClient({
    provider,
    authorization: staticToken(apiKey),
    quota: { calls: quota.calls, per: quota.per, credential: `${baseUrl} ${apiKey.reveal()}` },
    toError: toVendorError,
    runtime,
  });
  const passes = `${baseUrl}/v1/passes`;
  const urlOf = (id: string) => `${passes}/${encodeURIComponent(id)}`;

  return {
    async getAccount(options) {
      const url = `${baseUrl}/v1/account`;
      await http.send({ method: "GET", url, answer: accountSchema, effect: "repeatable" }, options);
    },
    createPass: (json, options) =>
      http.send({ method: "POST", url: passes, json, answer: passSchema, effect: "once" }, options),
    listPasses: ({ reference } = {}, options) =>
      pages(async (cursor: string | undefined) => {
        const query = { reference, cursor };
        const { body } = await http.send(
          { method: "GET", url: passes, query, answer: passPageSchema, effect: "repeatable" },
          options,
        );
        return { items: body.passes, next: body.cursor };
      }),
    async getPass(id, options) {
      const call = { method: "GET", url: urlOf(id), answer: passSchema, effect: "repeatable" } as const;
      return (await http.send(call, options)).body;
    },
    async deletePass(id, options) {
      await http.send(
        { method: "DELETE", url: urlOf(id), answer: z.unknown(), effect: "repeatable" },
        options,
      );
    },
  };
};
