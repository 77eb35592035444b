import { describe, expect, it } from "vitest";
import { checkReachable } from "./check-reachable.js";
import { EnrollmentError, type EnrollmentErrorDetails } from "./errors.js";
import type { EnrollmentProvider } from "./provider.js";

const providerThat = (check: EnrollmentProvider["check"]) =>
  ({ name: "phones", check }) as unknown as EnrollmentProvider;
const failing = (details: Partial<EnrollmentErrorDetails>) =>
  providerThat(() =>
    Promise.reject(new EnrollmentError("example.com did not answer", { code: "unavailable", ...details })),
  );

describe("checkReachable", () => {
  it("leaves a report as it is, and passes the options on", async () => {
    const report = { provider: "phones", ok: true, findings: [] };
    const seen: unknown[] = [];
    const provider = providerThat((options) => {
      seen.push(options);
      return Promise.resolve(report);
    });
    const options = { signal: new AbortController().signal };
    expect(await checkReachable(provider, options)).toBe(report);
    expect(seen).toEqual([options]);
  });

  it.each([
    [{}, "example.com did not answer"],
    [{ advice: "try again later" }, "example.com did not answer; try again later"],
  ])("makes a finding of a vendor that cannot be reached: %j", async (details, message) => {
    expect(await checkReachable(failing(details), undefined)).toEqual({
      provider: "phones",
      ok: false,
      findings: [{ name: "reachable", status: "failed", message }],
    });
  });

  it("passes on what is no such error: an abort, a mistake", async () => {
    const reason = new Error("enough");
    await expect(
      checkReachable(
        providerThat(() => Promise.reject(reason)),
        undefined,
      ),
    ).rejects.toBe(reason);
  });
});
