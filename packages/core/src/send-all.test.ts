import { describe, expect, it } from "vitest";
import { fakeProvider } from "../test/fake-provider.js";
import type { EnrollmentProvider } from "./provider.js";
import { sendAll } from "./send-all.js";

const requestsFor = (...names: string[]) => names.map((name) => ({ key: name, device: { name } }));
const statuses = async (provider: EnrollmentProvider, ...names: string[]) =>
  (await sendAll(provider, requestsFor(...names), {})).map(({ status }) => status);

describe("sendAll", () => {
  it.each<[string, number | undefined, string[], string[][]]>([
    ["nothing where there is nothing", 10, [], []],
    ["one request by itself, also where there are batches", 10, ["a"], [["a"]]],
    ["more in one go", 10, ["a", "b"], [["a", "b"]]],
    ["each by itself where there are no batches", undefined, ["a", "b"], [["a"], ["b"]]],
  ])("sends %s", async (_, batchSize, names, sent) => {
    const { provider, batches } = fakeProvider("acme", batchSize);
    expect(await statuses(provider, ...names)).toEqual(names.map(() => "created"));
    expect(batches).toEqual(sent);
  });

  it("does not trouble the batches for a single request", async () => {
    const { provider } = fakeProvider("acme", 10);
    const busy = { ...provider, bulk: { createBatch: () => Promise.reject(new Error("not for one")) } };
    expect(await statuses(busy, "a")).toEqual(["created"]);
  });

  it.each([10, undefined])("one that fails leaves the others (batches of %s)", async (batchSize) => {
    const { provider } = fakeProvider("acme", batchSize);
    expect(await statuses(provider, "a", "bad", "c")).toEqual(["created", "failed", "created"]);
  });

  it("says of a batch that was answered in part that the rest is not known", async () => {
    const { provider } = fakeProvider("acme", 10);
    const forgetful: EnrollmentProvider = {
      ...provider,
      bulk: {
        createBatch: async (requests, options) =>
          ((await provider.bulk?.createBatch(requests, options)) ?? []).slice(1),
      },
    };
    expect(await statuses(forgetful, "a", "b")).toEqual(["created", "unknown"]);
  });

  it("a batch that fails fails for each of its requests", async () => {
    const broken: EnrollmentProvider = {
      ...fakeProvider("acme", 10).provider,
      bulk: { createBatch: () => Promise.reject(new TypeError("x is not a function")) },
    };
    const results = await sendAll(broken, requestsFor("a", "b"), {});
    expect(results).toMatchObject([
      { status: "failed", error: { code: "unknown", provider: "acme" } },
      { status: "failed", error: { code: "unknown", provider: "acme" } },
    ]);
  });

  it.each([10, undefined])("ends with the reason of an abort (batches of %s)", async (batchSize) => {
    const reason = new Error("enough");
    const broken = () => Promise.reject(new Error("cut off"));
    const provider: EnrollmentProvider = {
      ...fakeProvider("acme", batchSize).provider,
      createEnrollment: broken,
      ...(batchSize !== undefined && { bulk: { createBatch: broken } }),
    };
    await expect(
      sendAll(provider, requestsFor("a", "b"), { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});
