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
const collect = async (provider: ReturnType<typeof importer>, devices: readonly DeviceToImport[]) => {
  const outcomes: ImportOutcome[] = [];
  for await (const outcome of importDevices(provider, devices)) outcomes.push(outcome);
  return outcomes.map((outcome) =>
    outcome.status === "created"
      ? outcome.device.id
      : [outcome.status, outcome.error.code, outcome.error.path],
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
      ["failed", "invalid-request", "devices[1].name"],
      "id-b",
      ["failed", "invalid-request", "devices[3].name"],
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
      [status, code, "devices[0]"],
      [status, code, "devices[1]"],
    ]);
  });
});
