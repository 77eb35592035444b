import { beforeEach, describe, expect, it } from "vitest";
import { fakeProvider } from "../test/fake-provider.js";
import { EnrollmentError } from "./errors.js";
import type { EnrollmentProvider } from "./provider.js";
import { supports } from "./provider.js";
import { EnrollmentService } from "./service.js";

const revoked: string[] = [];
const able: EnrollmentProvider = {
  ...fakeProvider("able").provider,
  revocation: {
    revoke: (id) => {
      revoked.push(id);
      return Promise.resolve();
    },
  },
  tracking: {
    getStatuses: (asked) =>
      Promise.resolve(asked.map(({ id }) => ({ id, state: "used" as const, devices: [{ id: "d1" }] }))),
  },
};
const plain = fakeProvider("plain").provider;
let service: EnrollmentService;
beforeEach(() => {
  service = new EnrollmentService({
    providers: [able, plain],
    defaultProvider: "plain",
    routes: [
      { profile: "sales", provider: "able" },
      { profile: "sales", provider: "plain" },
    ],
  });
});

describe("routing", () => {
  it.each([
    [{ profile: "sales" }, {}, "able"],
    [{ profile: "other" }, {}, "plain"],
    [{}, {}, "plain"],
    [{ profile: "sales" }, { provider: "plain" }, "plain"],
  ])("%j with %j goes to %s", async (request, options, name) => {
    expect(service.providerFor(request, options).name).toBe(name);
    expect((await service.create({ ...request, key: "k" }, options)).provider).toBe(name);
  });

  it("needs no default where there is one provider only", () => {
    expect(new EnrollmentService({ providers: [able] }).providerFor({}).name).toBe("able");
  });

  it.each([
    [{ profile: "nowhere" }, 'no route leads from profile "nowhere" to a provider'],
    [{}, "no provider is named, and there is no default"],
  ])("%j with no default is refused", (request, message) => {
    const undecided = new EnrollmentService({ providers: [able, plain] });
    expect(() => undecided.providerFor(request)).toThrow(message);
    expect(() => undecided.providerFor(request)).toThrow(
      expect.objectContaining({
        code: "invalid-request",
        path: "profile",
        advice: "name one of: able, plain; or set defaultProvider in the config",
      }) as Error,
    );
  });

  it("does not repeat an address that got into the profile", () => {
    const undecided = new EnrollmentService({ providers: [able, plain] });
    expect(() => undecided.providerFor({ profile: "ana@example.com" })).not.toThrow("ana");
  });

  it("names the providers there are", () => {
    expect(() => service.provider("abel")).toThrow('there is no provider "abel"; there are: able, plain');
    expect(() => service.provider("abel")).toThrow(
      expect.objectContaining({ code: "invalid-request", path: "provider" }) as Error,
    );
  });

  it("creates many, each at its own provider", async () => {
    const outcomes = [];
    const requests = [{ key: "1", profile: "sales" }, { key: "2" }];
    for await (const outcome of service.createMany(requests)) outcomes.push(outcome);
    expect(outcomes).toMatchObject([
      { key: "1", status: "created", enrollment: { provider: "able" } },
      { key: "2", status: "created", enrollment: { provider: "plain" } },
    ]);
  });
});

describe("configuration", () => {
  it.each([
    [{ providers: [able, able] }, "providers", 'two providers are named "able"'],
    [{ providers: [able], defaultProvider: "x" }, "defaultProvider", 'there is no provider "x"'],
    [
      { providers: [able], routes: [{ profile: "a", provider: "x" }] },
      "routes[0].provider",
      'there is no provider "x"',
    ],
  ])("%# is refused", (options, path, message) => {
    const make = () => new EnrollmentService(options);
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: "invalid-config", path }) as Error);
  });
});

describe("members of composites", () => {
  const composite = (name: string, ...members: EnrollmentProvider[]): EnrollmentProvider => ({
    ...fakeProvider(name).provider,
    composition: { kind: "router", members } as unknown as NonNullable<EnrollmentProvider["composition"]>,
  });
  const ofAnother = (name: string): EnrollmentProvider => {
    const { provider } = fakeProvider(name);
    return { ...provider, descriptor: { ...provider.descriptor, vendor: "other" } };
  };

  it("are found by name, however deep, and an entry of its own goes before them", () => {
    const deep = fakeProvider("deep").provider;
    const hidden = fakeProvider("plain").provider;
    const around = composite("around", composite("inner", deep), hidden);
    const services = new EnrollmentService({ providers: [around, plain] });
    expect(services.provider("deep")).toBe(deep);
    expect(services.provider("inner").composition?.members).toEqual([deep]);
    expect(services.provider("plain")).toBe(plain);
    expect(services.names).toEqual(["around", "plain"]);
  });

  it("the first of a name stays", () => {
    const [first, second] = [fakeProvider("same").provider, fakeProvider("same").provider];
    const services = new EnrollmentService({
      providers: [composite("one", first), composite("two", second)],
    });
    expect(services.provider("same")).toBe(first);
  });

  it.each<[string, () => EnrollmentProvider[]]>([
    ["an entry", () => [composite("around", ofAnother("plain")), plain]],
    [
      "a member of another",
      () => [composite("one", fakeProvider("plain").provider), composite("around", ofAnother("plain"))],
    ],
    ["a member beside it", () => [composite("around", fakeProvider("plain").provider, ofAnother("plain"))]],
  ])("may not have the name of %s of another vendor", (_, providers) => {
    const make = () => new EnrollmentService({ providers: providers() });
    expect(make).toThrow('two providers are named "plain"; one of them is a member of "around"');
    expect(make).toThrow(expect.objectContaining({ code: "invalid-config", path: "providers" }) as Error);
  });

  it("a name that is an address is not repeated", () => {
    const named = fakeProvider("ana@example.com").provider;
    const make = () =>
      new EnrollmentService({ providers: [composite("around", named), ofAnother(named.name)] });
    expect(make).toThrow('two providers are named "…"; one of them is a member of "around"');
  });
});

describe("revoke and status", () => {
  it("go to the provider that made the enrollment", async () => {
    await service.revoke({ provider: "able", id: "e1" });
    expect(revoked).toEqual(["e1"]);
    expect(await service.status({ provider: "able", id: "e1" })).toEqual({
      id: "e1",
      state: "used",
      devices: [{ id: "d1" }],
    });
  });

  it("are refused where the vendor cannot", async () => {
    const message = "Acme MDM cannot take an enrollment back";
    await expect(service.revoke({ provider: "plain", id: "e" })).rejects.toMatchObject({
      code: "unsupported",
      message,
    });
    await expect(service.status({ provider: "plain", id: "e" })).rejects.toMatchObject({
      code: "unsupported",
      provider: "plain",
      message: "Acme MDM cannot tell what became of an enrollment",
    });
  });

  it("a vendor that says nothing is not taken for one that says no", async () => {
    const silent = { ...able, tracking: { getStatuses: () => Promise.resolve([]) } };
    const asked = new EnrollmentService({ providers: [silent] });
    expect(await asked.status({ provider: "able", id: "e1" })).toEqual({
      id: "e1",
      state: "unknown",
      devices: [],
    });
  });

  it("supports() tells beforehand", () => {
    expect([supports(able, "revocation"), supports(plain, "revocation")]).toEqual([true, false]);
  });
});

describe("check", () => {
  const unreachable: EnrollmentProvider = {
    ...fakeProvider("far").provider,
    check: () => Promise.reject(new EnrollmentError("no answer", { code: "unavailable", advice: "look" })),
  };

  it("reports every provider, also one that cannot be reached", async () => {
    const reports = await new EnrollmentService({ providers: [able, unreachable] }).check();
    expect(reports).toEqual([
      { provider: "able", ok: true, findings: [] },
      {
        provider: "far",
        ok: false,
        findings: [{ name: "reachable", status: "failed", message: "no answer; look" }],
      },
    ]);
  });

  it("passes on what is no EnrollmentError, and an abort", async () => {
    const reason = new Error("enough");
    const broken = (check: EnrollmentProvider["check"]) =>
      new EnrollmentService({ providers: [{ ...able, check }] }).check();
    await expect(broken(() => Promise.reject(reason))).rejects.toBe(reason);
    await expect(
      broken(() => {
        throw reason;
      }),
    ).rejects.toBe(reason);
  });

  it("reports the one that is named", async () => {
    expect((await service.check({ provider: "plain" })).map(({ provider }) => provider)).toEqual(["plain"]);
  });
});
