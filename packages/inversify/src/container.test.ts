import {
  EnrollmentError,
  EnrollmentService,
  type EnrollmentProvider,
  type LifecycleHooks,
  type OperationOutcome,
} from "@enrollkit/core";
import { Container, injectable } from "inversify";
import { describe, expect, it } from "vitest";
import { acmePlugin } from "../test/acme.js";
import {
  EnrollmentProviderId,
  EnrollmentServiceId,
  enrollmentModule,
  injectEnrollmentService,
  injectProvider,
} from "./container.js";

@injectable()
class Onboarding {
  @injectProvider("van")
  readonly van!: EnrollmentProvider;

  constructor(
    @injectProvider("desk") readonly desk: EnrollmentProvider,
    @injectEnrollmentService() readonly service: EnrollmentService,
  ) {}
}

const acme = { vendor: "acme-mdm", apiKey: { $env: "ACME_KEY" } };
const config = {
  defaultProvider: "desk",
  providers: { desk: { ...acme, tenant: "d" }, van: { ...acme, tenant: "v" } },
};
const load = (hooks: LifecycleHooks = {}) => {
  const container = new Container();
  const environment = { ACME_KEY: "CANARY-KEY" };
  container.load(enrollmentModule(config, [acmePlugin], { environment, runtime: { clock, hooks } }));
  return container;
};
const clock = { now: () => Date.parse("2026-09-20T10:00:00Z"), sleep: () => Promise.resolve() };

describe("enrollmentModule", () => {
  it("binds one singleton for each name", () => {
    const container = load();
    const desk = container.get(EnrollmentProviderId, { name: "desk" });
    expect(desk.name).toBe("desk");
    expect(container.get(EnrollmentProviderId, { name: "desk" })).toBe(desk);
    expect(container.getAll(EnrollmentProviderId).map(({ name }) => name)).toEqual(["desk", "van"]);
  });

  it("binds the service over the same providers", async () => {
    const container = load();
    const service = container.get(EnrollmentServiceId);
    expect(service.names).toEqual(["desk", "van"]);
    expect(service.provider("van")).toBe(container.get(EnrollmentProviderId, { name: "van" }));
    expect(await service.create({})).toMatchObject({ id: "d-1", createdAt: "2026-09-20T10:00:00.000Z" });
  });

  it("injects into parameters and properties of decorated classes", () => {
    const container = load();
    container.bind(Onboarding).toSelf();
    const { desk, van, service } = container.get(Onboarding);
    expect([desk.name, van.name, service]).toEqual(["desk", "van", container.get(EnrollmentServiceId)]);
  });

  it("asks the vendors when the app wants it, not before", async () => {
    const asked: string[] = [];
    const onResponse: LifecycleHooks["onResponse"] = ({ provider }) => void asked.push(provider);
    const service = load({ onResponse }).get(EnrollmentServiceId);
    expect(asked).toEqual([]);
    const reports = await service.check();
    expect(asked).toEqual(["desk", "van"]);
    expect(reports.map(({ provider, ok }) => [provider, ok])).toEqual([
      ["desk", true],
      ["van", true],
    ]);
  });

  it("tells hooks what comes of creates, whether or not the plugin's author thought of them", async () => {
    const outcomes: OperationOutcome[] = [];
    const service = load({ onOutcome: (outcome) => void outcomes.push(outcome) }).get(EnrollmentServiceId);
    await service.create({});
    expect(outcomes).toEqual([
      {
        provider: "desk",
        vendor: "acme-mdm",
        operation: "create",
        size: 1,
        outcomes: [{ status: "created", count: 1 }],
        duration: 0,
      },
    ]);
  });

  it("refuses a wrong config at once", () => {
    expect(() => enrollmentModule({ providers: { desk: acme } }, [acmePlugin], { environment: {} })).toThrow(
      EnrollmentError,
    );
  });
});
