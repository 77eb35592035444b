import { describe, expect, it } from "vitest";
import { fakeProvider } from "../../test/fake-provider.js";
import { EnrollmentError } from "../errors.js";
import type { ImportOutcome } from "../outcome.js";
import type { DeviceToImport } from "../request.js";
import type { DeviceImport } from "../roles.js";
import { importDevices } from "./import-devices.js";

const importer = (importBatch: DeviceImport["importBatch"]) => {
  const { provider } = fakeProvider("acme");
  const descriptor = { ...provider.descriptor, importBatch: { maxItems: 2, atomicity: "per-item" as const } };
  return { ...provider, descriptor, deviceImport: { importBatch } };
};
const imported = ({ name }: DeviceToImport) => ({
  status: "created" as const,
  device: {
    id: `id-${name}`,
    provider: "acme",
    vendor: "acme",
    name,
    state: "pending" as const,
    requestIds: [],
  },
});
const collect = async (
  provider: ReturnType<typeof importer>,
  devices: readonly DeviceToImport[],
  options?: Parameters<typeof importDevices>[2],
) => {
  const outcomes: ImportOutcome[] = [];
  for await (const outcome of importDevices(provider, devices, options)) outcomes.push(outcome);
  return outcomes.map((outcome) =>
    outcome.status === "created"
      ? outcome.device.id
      : [outcome.status, outcome.error.code, outcome.error.path, outcome.error.message],
  );
};

describe("importDevices", () => {
  it("cuts to the vendor's size, and refuses bad and repeated names before anything is sent", async () => {
    const batches: string[][] = [];
    const provider = importer((devices) => {
      batches.push(devices.map(({ name }) => name));
      return Promise.resolve(devices.map(imported));
    });
    const devices = [{ name: "a" }, { name: "" }, { name: "b" }, { name: "a" }, { name: "c", key: "k" }];
    expect(await collect(provider, devices)).toEqual([
      "id-a",
      ["failed", "invalid-request", "devices[1].name", "name must not be empty"],
      "id-b",
      [
        "failed",
        "invalid-request",
        "devices[3].name",
        "name is the same as in devices[0]; each must have its own",
      ],
      "id-c",
    ]);
    expect(batches).toEqual([["a", "b"], ["c"]]);
  });

  it.each([
    ["forbidden", "failed"],
    ["outcome-unknown", "unknown"],
  ] as const)("%s of a whole batch is %s for each of its devices", async (code, status) => {
    const provider = importer(() => Promise.reject(new EnrollmentError("no", { code })));
    expect(await collect(provider, [{ name: "a" }, { name: "b" }])).toEqual([
      [status, code, "devices[0]", "no"],
      [status, code, "devices[1]", "no"],
    ]);
  });

  it("refuses a key that comes twice, in the provider's name", async () => {
    const provider = importer((devices) => Promise.resolve(devices.map(imported)));
    const outcomes: ImportOutcome[] = [];
    const devices = [
      { name: "a", key: "k" },
      { name: "b", key: "k" },
    ];
    for await (const outcome of importDevices(provider, devices)) outcomes.push(outcome);
    expect(outcomes[1]).toMatchObject({
      status: "failed",
      error: {
        path: "devices[1].key",
        provider: "acme",
        message: "key is the same as in devices[0]; each must have its own",
        advice: "give one of the two another key, or remove one",
      },
    });
  });

  it("a device that is refused takes no key from a later one", async () => {
    const provider = importer((devices) => Promise.resolve(devices.map(imported)));
    const devices = [
      { name: "a", key: "1" },
      { name: "a", key: "2" },
      { name: "b", key: "2" },
    ];
    const [first, second, third] = await collect(provider, devices);
    expect([first, second?.slice(0, 3), third]).toEqual([
      "id-a",
      ["failed", "invalid-request", "devices[1].name"],
      "id-b",
    ]);
  });

  it("a bug in an adapter fails its own batch, and no other", async () => {
    const provider = importer((devices) => {
      if (devices.some(({ name }) => name === "a")) return Promise.reject(new TypeError("x is undefined"));
      return Promise.resolve(devices.map(imported));
    });
    const message = "the provider failed in a way that its adapter did not foresee";
    expect(await collect(provider, [{ name: "a" }, { name: "b" }, { name: "c" }])).toEqual([
      ["failed", "unknown", "devices[0]", message],
      ["failed", "unknown", "devices[1]", message],
      "id-c",
    ]);
  });

  it("a result that the provider leaves out is unknown", async () => {
    const provider = importer((devices) => Promise.resolve(devices.slice(1).map(imported)));
    expect(await collect(provider, [{ name: "a" }, { name: "b" }])).toEqual([
      "id-b",
      ["unknown", "outcome-unknown", "devices[1]", "the provider gave no result"],
    ]);
  });

  it("an abort starts no further call, and what was sent still has its outcomes", async () => {
    const abort = new AbortController();
    const sent: string[] = [];
    const provider = importer(async (devices) => {
      sent.push(...devices.map(({ name }) => name));
      abort.abort(new Error("enough"));
      await Promise.resolve();
      return devices.map(imported);
    });
    const devices = ["a", "b", "c", "d"].map((name) => ({ name }));
    const seen: string[] = [];
    const run = async () => {
      for await (const outcome of importDevices(provider, devices, {
        concurrency: 1,
        signal: abort.signal,
      })) {
        if (outcome.status === "created") seen.push(outcome.device.name);
      }
    };
    await expect(run()).rejects.toThrow("enough");
    expect([sent, seen]).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("tells how much time remains", async () => {
    let now = 0;
    const provider = importer((devices) => {
      now += 500;
      return Promise.resolve(devices.map(imported));
    });
    const times: (number | undefined)[] = [];
    await collect(provider, [{ name: "a" }, { name: "b" }, { name: "c" }, { name: "d" }], {
      concurrency: 1,
      total: 4,
      clock: { now: () => now, sleep: () => Promise.resolve() },
      onProgress: ({ remaining }) => times.push(remaining),
    });
    expect(times).toEqual([undefined, 500, 500, 0]);
  });

  it("refuses a concurrency of 0", async () => {
    const provider = importer((devices) => Promise.resolve(devices.map(imported)));
    await expect(collect(provider, [{ name: "a" }], { concurrency: 0 })).rejects.toMatchObject({
      path: "concurrency",
    });
  });
});
