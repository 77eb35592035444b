import { createEnrollments, findArtifact, type EnrollmentRequest } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import type { EsetConnectExtras } from "../src/index.js";
import { startAccount } from "./simulated-account.js";

type Request = EnrollmentRequest<EsetConnectExtras>;

const importPath = "devices:batchImport";
const linksPath = "mobile-devices:batchGetEnrollmentLinks";

describe("bulk.createBatch", () => {
  it("imports once for each group, and gets all links by one call", async () => {
    const { provider, simulator, paths, seedDevice } = await startAccount({
      settings: { profiles: { sales: { group: "sales" } } },
    });
    simulator.seed({ groups: [{ displayName: "Sales", uuid: "sales" }] });
    const id = seedDevice({});
    const requests: Request[] = Array.from({ length: 997 }, (_, index) => ({
      device: { name: `pixel-${index}` },
      ...(index % 2 === 1 && { profile: "sales" }),
    }));
    const all = [...requests, { device: { id } }, { key: "no-device" }, { device: { name: "pixel-3" } }];
    const results = await provider.bulk.createBatch(all);
    expect(paths()).toEqual([importPath, importPath, linksPath]);
    expect(results).toHaveLength(1000);
    const names = results.map((result) =>
      result.status === "created" ? result.enrollment.device?.name : result.error.path,
    );
    expect(names).toEqual([
      ...requests.map(({ device }) => device?.name),
      undefined,
      "device.name",
      "device.name",
    ]);
    expect(simulator.devices()).toHaveLength(998);
    const links = results.flatMap((result) =>
      result.status === "created" ? [findArtifact(result.enrollment, "enrollment-link")?.value.reveal()] : [],
    );
    expect(new Set(links).size).toBe(998);
  });

  it("refuses more than ESET takes before any call", async () => {
    const { provider, simulator } = await startAccount();
    const requests = Array.from({ length: 1001 }, (_, index) => ({ device: { name: `pixel-${index}` } }));
    await expect(provider.bulk.createBatch(requests)).rejects.toMatchObject({
      code: "invalid-request",
      path: "requests",
    });
    expect(simulator.stats().requests).toBe(0);
  });

  it("makes no call for nothing", async () => {
    const { provider, simulator } = await startAccount();
    expect(await provider.bulk.createBatch([])).toEqual([]);
    expect(simulator.stats().requests).toBe(0);
  });

  it("fails every device of an import that was refused, and none of another", async () => {
    const { provider, simulator } = await startAccount({
      settings: { profiles: { lost: { group: "gone" } } },
    });
    const results = await provider.bulk.createBatch([
      { device: { name: "a" }, profile: "lost" },
      { device: { name: "b" } },
      { device: { name: "c" }, profile: "lost" },
    ]);
    expect(results.map(({ status }) => status)).toEqual(["failed", "created", "failed"]);
    expect(simulator.devices().map(({ displayName }) => displayName)).toEqual(["b"]);
  });

  it("tells each device that ESET left out of the import by its own reason", async () => {
    const { provider, simulator } = await startAccount();
    simulator.failNext(
      {
        kind: "body",
        contentType: "application/json",
        body: JSON.stringify({
          devices: [{ uuid: "u-2", displayName: "b" }],
          errors: { a: { code: 3, message: "the parent group differs", details: [] } },
        }),
      },
      { path: /batchImport$/ },
    );
    const results = await provider.bulk.createBatch(["a", "b", "c"].map((name) => ({ device: { name } })));
    expect(results).toMatchObject([
      {
        status: "failed",
        error: {
          code: "invalid-request",
          path: "device",
          vendorCode: 3,
          vendorMessage: "the parent group differs",
          requestId: expect.any(String) as string,
        },
      },
      { status: "unknown", error: { code: "outcome-unknown", httpStatus: 404 } },
      { status: "unknown", error: { code: "outcome-unknown", path: "device.name" } },
    ]);
  });

  it("stops when it is told to, before and after the import", async () => {
    const { provider, simulator } = await startAccount();
    const reason = new Error("enough");
    const requests = [{ device: { name: "a" } }];
    await expect(provider.bulk.createBatch(requests, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(simulator.stats().requests).toBe(0);
    const controller = new AbortController();
    simulator.failNext({ kind: "delay", milliseconds: 1000 }, { path: /EnrollmentLinks$/ });
    const sent = provider.bulk.createBatch(requests, { signal: controller.signal });
    await expect.poll(() => simulator.enrollmentLinks().length, { interval: 1 }).toBe(1);
    controller.abort(reason);
    await expect(sent).rejects.toBe(reason);
  });

  it("serves the engine with any number of requests", async () => {
    const { provider, simulator } = await startAccount();
    const requests = Array.from({ length: 2100 }, (_, index) => ({
      key: `k${index}`,
      device: { name: `p-${index}` },
    }));
    let created = 0;
    for await (const outcome of createEnrollments(provider, requests))
      created += outcome.status === "created" ? 1 : 0;
    expect(created).toBe(2100);
    expect(simulator.devices()).toHaveLength(2100);
  });
});
