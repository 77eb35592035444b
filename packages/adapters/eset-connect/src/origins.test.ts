import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { allowLogin, createRuntime, errorOf, sampleBody, settings } from "../test/nock-vendor.js";
import { createClient } from "./client.js";
import { esetConnectDescriptor } from "./descriptor.js";
import { esetRegions } from "./settings.js";

beforeEach(() => {
  nock.disableNetConnect();
  allowLogin();
});
afterEach(() => {
  nock.cleanAll();
});

/** Sends the account's token to a URL, as an adapter would that follows a link in an answer. */
const follow = (url: string, more: Partial<typeof settings> = {}) =>
  createClient({ ...settings, ...more }, createRuntime()).http.send({
    method: "GET",
    url,
    answer: z.unknown(),
    effect: "repeatable",
  });

const hostsIn = (message: string) => [...message.matchAll(/https:\/\/([\w.-]+)/g)].map(([, host]) => host);

describe("where calls may go to", () => {
  it.each(esetRegions)("in %s, is what the descriptor says", async (region) => {
    const described = esetConnectDescriptor.hosts.map((host) => host.replace("{region}", region));
    const error = await errorOf(follow("https://evil.example/v1/devices", { region }));
    expect(error).toMatchObject({ code: "invalid-request", provider: "eset-connect" });
    expect(hostsIn(error.message)).toEqual(["evil.example", ...described]);
    nock(`https://${region}.business-account.iam.eset.systems`)
      .persist()
      .post("/oauth/token")
      .reply(200, sampleBody("token"));
    for (const host of described) {
      nock(`https://${host}`).get("/v1").reply(200, {});
      expect((await follow(`https://${host}/v1`, { region })).status).toBe(200);
    }
  });

  it("is what the settings name, instead", async () => {
    const baseUrls = { deviceManagement: "https://tenant.example:8443/eset" };
    nock("https://tenant.example:8443").get("/v1").reply(200, {});
    expect((await follow("https://tenant.example:8443/v1", { baseUrls })).status).toBe(200);
    const error = await errorOf(follow("https://eu.device-management.eset.systems/v1", { baseUrls }));
    expect(error.code).toBe("invalid-request");
  });
});
