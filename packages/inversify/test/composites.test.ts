import { EnrollmentError, type EnrollmentProvider } from "@enrollkit/core";
import { Container } from "inversify";
import { describe, expect, it } from "vitest";
import { createService, enrollmentModule, EnrollmentProviderId, readConfig } from "../src/index.js";
import { acmePlugin } from "./acme.js";

const environment = { ACME_KEY: "CANARY-KEY" };
const desk = (tenant: string) => ({ vendor: "acme-mdm", tenant, apiKey: { $env: "ACME_KEY" } });
const withComposites = (composites: object) => ({
  defaultProvider: "devices",
  providers: { east: desk("e"), west: desk("w"), ...composites },
});
const router = (...rules: object[]) => ({ vendor: "router", rules });
const fallback = (...providers: string[]) => ({ vendor: "fallback", providers });
const read = (config: unknown) => readConfig(config, [acmePlugin], { environment });

const good = withComposites({
  devices: router(
    { when: { tenant: ["acme", "umbrella"], recipientDomain: "example.com" }, provider: "safe" },
    { when: { percentage: 20 }, provider: "west" },
    { provider: "east" },
  ),
  safe: { ...fallback("west", "east"), patience: "PT1M" },
});

const refusal = (config: unknown): string => {
  try {
    read(config);
  } catch (error) {
    if (EnrollmentError.is(error) && error.code === "invalid-config") return error.message;
    throw error;
  }
  return "";
};

describe("composites of a config", () => {
  const request = { tenant: "acme", recipient: { email: "ana@example.com" } };

  it("work without a container, whatever stands first", async () => {
    const service = createService(read(good));
    expect(await service.create(request)).toMatchObject({ id: "w-1", provider: "west" });
    expect(await service.create({ key: "someone" })).toMatchObject({ vendor: "acme-mdm" });
    expect(service.names).toEqual(["east", "west", "devices", "safe"]);
  });

  it("consist of the container's own singletons", async () => {
    const container = new Container();
    container.load(enrollmentModule(good, [acmePlugin], { environment }));
    const get = (name: string): EnrollmentProvider => container.get(EnrollmentProviderId, { name });
    expect(get("safe").composition?.members).toEqual([get("west"), get("east")]);
    expect(get("devices").composition?.members[0]).toBe(get("safe"));
    expect((await get("devices").createEnrollment(request)).provider).toBe("west");
  });

  it.each<[string, object, string]>([
    [
      "an unknown name",
      { devices: router({ provider: "wset" }) },
      'providers.devices.rules[0].provider "wset" is not one of the providers; did you mean "west"? (east, west, devices)',
    ],
    [
      "an unknown name of a fallback",
      { devices: fallback("east", "south") },
      'providers.devices.providers[1] "south" is not one of the providers (east, west, devices)',
    ],
    [
      "itself",
      { devices: router({ provider: "devices" }) },
      "providers.devices.rules[0].provider leads back to itself: devices → devices",
    ],
    [
      "a cycle",
      { devices: router({ provider: "safe" }), safe: fallback("east", "devices") },
      "providers.devices.rules[0].provider leads back to itself: devices → safe → devices",
    ],
    [
      "a rule behind a catch-all",
      { devices: router({ provider: "east" }, { when: { platform: "ios" }, provider: "west" }) },
      "providers.devices.rules[1] can never match: rules[0] takes all that it could (platform ios)",
    ],
    [
      "shares of more than all",
      {
        devices: router(
          { when: { percentage: 70 }, provider: "east" },
          { when: { percentage: 40 }, provider: "west" },
        ),
      },
      "providers.devices.rules[1].when.percentage is 40, and the rules before it leave 30",
    ],
    ["no rules", { devices: router() }, "providers.devices.rules must hold at least one rule"],
    [
      "a wrong condition",
      { devices: router({ when: { platfrom: "ios" }, provider: "east" }) },
      'providers.devices.rules[0].when.platfrom is not a known setting; did you mean "platform"?',
    ],
    [
      "a wrong value",
      { devices: router({ when: { platform: "symbian" }, provider: "east" }) },
      "providers.devices.rules[0].when.platform must be one of: android, ios",
    ],
    [
      "an address for a domain",
      { devices: router({ when: { recipientDomain: "@example.com" }, provider: "east" }) },
      "providers.devices.rules[0].when.recipientDomain",
    ],
    ["one member", { devices: fallback("east") }, "providers.devices.providers must name at least two"],
    [
      "one member twice",
      { devices: fallback("east", "east") },
      'providers.devices.providers[1] "east" is named twice',
    ],
    [
      "something else than a name twice",
      { devices: fallback("ana@example.com", "ana@example.com") },
      'providers.devices.providers[1] "…" is named twice',
    ],
    [
      "a wrong patience",
      { devices: { ...fallback("east", "west"), patience: "P1M" } },
      "providers.devices.patience must be a duration without months or years, such as PT30S",
    ],
  ])("are refused with their path: %s", (_, composites, message) => {
    expect(refusal(withComposites(composites))).toContain(message);
  });
});

describe("service over composites", () => {
  it("finds the member that made an enrollment, wherever it is", async () => {
    const service = createService(read(good));
    const { provider } = await service.create({ tenant: "acme", recipient: { email: "ana@example.com" } });
    expect(service.provider(provider).name).toBe("west");
    const reports = await service.check({ provider: "devices" });
    expect(reports).toMatchObject([{ provider: "devices", ok: true }]);
  });
});
