import { appliveryPlugin } from "@enrollkit/applivery";
import { androidManagementPlugin } from "@enrollkit/android-management";
import type { Enrollment, EnrollmentProvider } from "@enrollkit/core";
import { esetConnectPlugin } from "@enrollkit/eset-connect";
import { startAndroidManagementSimulator } from "@enrollkit/simulators/android-management";
import { startAppliverySimulator } from "@enrollkit/simulators/applivery";
import { startEsetConnectSimulator } from "@enrollkit/simulators/eset-connect";
import { Container, injectable } from "inversify";
import { afterAll, describe, expect, it } from "vitest";
import { enrollmentModule, injectProvider } from "../src/index.js";
import { acmePlugin } from "./acme.js";

/** An app of somebody else's. It knows a name from its config, and no vendor. */
@injectable()
class Onboarding {
  constructor(@injectProvider("staff") private readonly staff: EnrollmentProvider) {}

  welcome(email: string, deviceName: string): Promise<Enrollment> {
    return this.staff.createEnrollment({
      key: deviceName,
      profile: "sales",
      recipient: { email },
      device: { name: deviceName },
    });
  }
}

const [eset, android, applivery] = await Promise.all([
  startEsetConnectSimulator(),
  startAndroidManagementSimulator(),
  startAppliverySimulator(),
]);
afterAll(() => Promise.all([eset.close(), android.close(), applivery.close()]));

const environment = {
  ESET_PASSWORD: eset.credentials.password,
  GOOGLE_KEY: JSON.stringify(android.credentials),
  APPLIVERY_TOKEN: applivery.credentials.token,
  ACME_KEY: "CANARY-KEY",
};

const configs: readonly (readonly [string, object])[] = [
  [
    "eset-connect",
    {
      region: "eu",
      username: eset.credentials.username,
      password: { $env: "ESET_PASSWORD" },
      baseUrls: {
        iam: eset.baseUrls.businessAccount,
        deviceManagement: eset.baseUrls.deviceManagement,
        mobileDeviceManagement: eset.baseUrls.mobileDeviceManagement,
      },
      profiles: { sales: { group: eset.groupUuids.mobileDevices } },
    },
  ],
  [
    "android-management",
    {
      enterprise: android.enterpriseId,
      credentials: { $env: "GOOGLE_KEY" },
      baseUrl: android.url,
      profiles: { sales: { policy: "default", management: "fully-managed" } },
    },
  ],
  [
    "applivery",
    {
      organization: applivery.credentials.organization,
      token: { $env: "APPLIVERY_TOKEN" },
      baseUrl: applivery.credentials.baseUrl,
      profiles: { sales: { tags: ["sales"] } },
    },
  ],
  ["acme-mdm", { tenant: "t", apiKey: { $env: "ACME_KEY" }, profiles: { sales: { group: "g" } } }],
];

describe("one app class, a vendor by config", () => {
  it.each(configs)("%s", async (vendor, settings) => {
    const container = new Container();
    const config = { providers: { staff: { vendor, ...settings } } };
    const plugins = [esetConnectPlugin, androidManagementPlugin, appliveryPlugin, acmePlugin];
    container.load(enrollmentModule(config, plugins, { environment }));
    container.bind(Onboarding).toSelf();

    const enrollment = await container.get(Onboarding).welcome("ana@example.com", "pixel-ana");
    expect(enrollment).toMatchObject({
      provider: "staff",
      vendor,
      key: "pixel-ana",
      recipient: { email: "ana@example.com" },
    });
  });

  it("each vendor has issued exactly one", () => {
    expect([
      eset.enrollmentLinks().length,
      android.enrollments().length,
      applivery.enrollments().length,
    ]).toEqual([1, 1, 1]);
  });
});
