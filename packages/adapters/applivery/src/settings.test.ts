import { parseInput, Secret } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { extrasSchema, settingsSchema, type AppliverySettings } from "./settings.js";

const valid: AppliverySettings = { organization: "acme", token: new Secret("a-token") };
const policyId = "65a1b2c3d4e5f60718293a00";
const assignments = [{ admPolicyId: policyId, priority: 100 }];
const read = (settings: object) => parseInput(settingsSchema, settings, "invalid-config");

describe("settings", () => {
  it("have defaults for all but the workspace and the token", () => {
    expect(read(valid)).toEqual({
      ...valid,
      baseUrl: "https://api.applivery.io/v1",
      correlationTag: true,
      bulkFailures: "report",
      visibilityDelay: "PT10S",
      timeout: "PT1M",
      profiles: {},
    });
  });

  it.each(["acme", "lab", "my-company-2", "65a1b2c3d4e5f60718290001"])(
    "take the workspace %s",
    (organization) => {
      expect(read({ ...valid, organization })).toMatchObject({ organization });
    },
  );

  it("drop the slash at the end of a URL, and none within", () => {
    const baseUrl = "https://api.acme.applivery.io//v1/";
    expect(read({ ...valid, baseUrl })).toMatchObject({ baseUrl: "https://api.acme.applivery.io//v1" });
  });

  it.each([
    ["organization", { organization: "ac" }],
    ["organization", { organization: "../acme" }],
    ["token", { token: "in clear text" }],
    ["baseUrl", { baseUrl: "api.applivery.io" }],
    ["correlationTag", { correlationTag: "no" }],
    ["bulkFailures", { bulkFailures: "ignore" }],
    ["visibilityDelay", { visibilityDelay: "PT11M" }],
    ["timeout", { timeout: "60000" }],
    ["timeout", { timeout: "PT5M1S" }],
    ["policyId", { policyId: "sales" }],
    ["policyId", { policyId, admPolicyAssignments: assignments }],
    ["validFor", { validFor: "PT59S" }],
    ["validFor", { validFor: "P30DT1S" }],
    ["validFor", { validFor: "PT60.5S" }],
    ["validFor", { validFor: "P1M" }],
    ["segmentId", { segmentId: -1 }],
    ["tags[0]", { tags: ["x".repeat(129)] }],
    ["profiles.sales.policyId", { profiles: { sales: { policyId: "" } } }],
    ["profiles.sales.policyId", { profiles: { sales: { policyId, admPolicyAssignments: assignments } } }],
    ["profiles.sales.validFor", { profiles: { sales: { validFor: "soon" } } }],
    ["profiles.sales", { profiles: { sales: { policy: policyId } } }],
  ])("refuse a wrong %s", (path, wrong) => {
    expect(() => read({ ...valid, ...wrong })).toThrow(
      expect.objectContaining({ code: "invalid-config", path }),
    );
  });
});

describe("extras", () => {
  it("take everything that the vendor documents", () => {
    const extras = {
      policyId,
      admPolicyAssignments: assignments,
      language: "es",
      emailText: "Open this on your new iPhone.",
      segmentId: 0,
      configurationProfiles: [policyId],
      applications: [
        {
          admApplication: policyId,
          managed: true,
          vpp: true,
          iOSApp: true,
          configuration: { server: "https://example.com" },
          action: "forceInstall",
          actionStatus: "forceInstall",
          scripts: { preInstall: "", postInstall: "", audit: "", enforce: "", runner: "" },
          updatePolicy: { any: "thing" },
        },
      ],
      admVppLocationId: policyId,
    };
    expect(extrasSchema.parse(extras)).toEqual(extras);
  });

  it.each([
    { policyId: null },
    { policyId: "" },
    { language: "" },
    { admPolicyAssignments: [{ admPolicyId: policyId }] },
    { admPolicyAssignments: [{ admPolicyId: policyId, priority: 1.5 }] },
    { applications: [{ managed: true }] },
    { sendEmail: true },
  ])("refuse %j", (extras) => {
    expect(extrasSchema.safeParse(extras).success).toBe(false);
  });
});
