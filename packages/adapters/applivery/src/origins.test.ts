import { Secret } from "@enrollkit/core";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { appliveryDescriptor } from "./descriptor.js";
import { createApplivery, type AppliverySettings } from "./index.js";

beforeEach(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
});

/** Sends the account's token to a URL, as an adapter would that follows a link in an answer. */
const follow = (url: string, settings: Partial<AppliverySettings> = {}) =>
  createApplivery({ organization: "acme", token: new Secret("t"), ...settings }).client.http.send({
    method: "GET",
    url,
    answer: z.unknown(),
    effect: "repeatable",
  });

describe("where calls may go to", () => {
  it("is what the descriptor says", async () => {
    const [host, ...others] = appliveryDescriptor.hosts;
    expect(others).toEqual([]);
    nock(`https://${host}`).get("/v1/page/2").reply(200, {});
    expect((await follow(`https://${host}/v1/page/2`)).status).toBe(200);
    await expect(follow("https://evil.example/v1/page/2")).rejects.toMatchObject({
      code: "invalid-request",
      message: `nothing was sent to https://evil.example: applivery calls only https://${host}`,
    });
  });

  it("is what the settings name, instead", async () => {
    const baseUrl = "https://tenant.example/v1";
    nock("https://tenant.example").get("/v1/page/2").reply(200, {});
    expect((await follow("https://tenant.example/v1/page/2", { baseUrl })).status).toBe(200);
    await expect(follow("https://api.applivery.io/v1/page/2", { baseUrl })).rejects.toMatchObject({
      code: "invalid-request",
    });
  });
});
