import { describe, expect, it } from "vitest";
import { fakeProvider } from "../../test/fake-provider.js";
import { EnrollmentError } from "../errors.js";
import type { EnrollmentProvider } from "../provider.js";
import { sendInBatches } from "./send-in-batches.js";

const requestsFor = (count: number) => Array.from({ length: count }, (_, place) => ({ key: `k${place}` }));

describe("sendInBatches", () => {
  it.each([
    ["cuts to the member's size", 2, [["k0", "k1"], ["k2"]]],
    ["sends one by one where there are no batches", undefined, [["k0"], ["k1"], ["k2"]]],
  ])("%s", async (_, size, batches) => {
    const member = fakeProvider("acme", size);
    const results = await sendInBatches(member.provider, requestsFor(3), {});
    expect(member.batches).toEqual(batches);
    expect(results.map((each) => each.status === "created" && each.enrollment.id)).toEqual([
      "acme/k0",
      "acme/k1",
      "acme/k2",
    ]);
  });

  it("sends one by one where a member does not say how many it takes", async () => {
    const member = fakeProvider("acme", 2);
    const { batch, ...descriptor } = member.provider.descriptor;
    expect(batch).toBeDefined();
    await sendInBatches({ ...member.provider, descriptor }, requestsFor(2), {});
    expect(member.batches).toEqual([["k0"], ["k1"]]);
  });

  it("sends one by one to a member that has no batches, whatever its limits say", async () => {
    const { provider, batches } = fakeProvider("acme", 2);
    const { bulk, ...single } = provider;
    expect(bulk).toBeDefined();
    await sendInBatches(single, requestsFor(2), {});
    expect(batches).toEqual([["k0"], ["k1"]]);
  });

  it("names the member in an error that names nobody, and leaves a name that is there", async () => {
    const failing: EnrollmentProvider = {
      ...fakeProvider("acme").provider,
      createEnrollment: ({ key }) =>
        Promise.reject(
          new EnrollmentError("down", { code: "unavailable", ...(key === "k1" && { provider: "deeper" }) }),
        ),
    };
    expect(await sendInBatches(failing, requestsFor(2), {})).toMatchObject([
      { status: "failed", error: { message: "down", code: "unavailable", provider: "acme" } },
      { status: "failed", error: { message: "down", code: "unavailable", provider: "deeper" } },
    ]);
  });
});
