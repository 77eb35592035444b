import { findArtifact, Secret, type Enrollment, type VendorCall } from "@enrollkit/core";
import {
  startAndroidManagementSimulator,
  type AndroidManagementSimulator,
} from "@enrollkit/simulators/android-management";
import {
  describeEnrollmentProvider,
  type ConformanceStart,
  type ConformanceVendor,
} from "@enrollkit/testing";
import { describe, it } from "vitest";
import {
  androidManagementDescriptorFor,
  createAndroidManagement,
  type AndroidManagementSettings,
} from "../src/index.js";

/** Both providers have no profiles. */
const descriptor = androidManagementDescriptorFor({ profiles: {} });

const create = { method: "POST", path: /\/enrollmentTokens$/ };
const anyCall = { path: "/v1/" };

/** A personal device enrolls where it may, a company's otherwise; either with whatever a person would be handed. */
const enrollDevice = (simulator: AndroidManagementSimulator, enrollment: Enrollment): string => {
  const link = findArtifact(enrollment, "enrollment-link");
  const code = findArtifact(enrollment, "provisioning-qr");
  if (link === undefined && code === undefined) throw new Error("there is nothing to enroll with");
  return link === undefined
    ? simulator.enrollDevice(code?.value.reveal() ?? "", { ownership: "COMPANY_OWNED" }).name
    : simulator.enrollDevice(link.value.reveal(), { ownership: "PERSONALLY_OWNED" }).name;
};

type Behavior = Partial<AndroidManagementSimulator["behavior"]>;

const start =
  (settings: Partial<AndroidManagementSettings> = {}, behavior: Behavior = {}) =>
  async ({ clock, random }: ConformanceStart): Promise<ConformanceVendor> => {
    const simulator = await startAndroidManagementSimulator({ clock, random, ...behavior });
    if (settings.policy !== undefined) simulator.seed({ policies: [{ id: settings.policy }] });
    const calls: VendorCall[] = [];
    const runtime = { clock, random, hooks: { onResponse: (call: VendorCall) => calls.push(call) } };
    const { credentials } = simulator;
    const common = {
      enterprise: simulator.enterpriseId,
      baseUrl: simulator.url,
      ...settings,
    } as const;
    const provider = createAndroidManagement(
      { ...common, credentials: new Secret(JSON.stringify(credentials)) },
      runtime,
    );
    const unknownAccount = {
      ...credentials,
      client_email: "nobody@enrollkit-simulator.iam.gserviceaccount.com",
    };
    const elsewhere = createAndroidManagement(
      {
        ...common,
        accessToken: () => Promise.resolve(simulator.issueAccessToken()),
      },
      { clock },
    );
    return {
      provider,
      request: (number) => ({ key: `row-${number}` }),
      withWrongCredentials: createAndroidManagement(
        { ...common, credentials: new Secret(JSON.stringify(unknownAccount)) },
        runtime,
      ),
      failNext: (fault, target, times = 1) => {
        simulator.failNext(fault, { ...(target === "create" ? create : anyCall), times });
      },
      enforceQuota: () => {
        simulator.behavior.enforceQuota = true;
      },
      callCount: () => simulator.stats().requests,
      advance: (milliseconds) => {
        clock.advance(milliseconds);
      },
      consume: (enrollment) => Promise.resolve().then(() => enrollDevice(simulator, enrollment)),
      liveCount: () => simulator.enrollments().filter(({ status }) => status === "active").length,
      addElsewhere: async () => {
        await elsewhere.createEnrollment({});
      },
      plantedSecrets: [credentials.private_key, credentials.private_key.split("\n")[1] ?? ""],
      log: () => JSON.stringify(calls),
      stop: () => simulator.close(),
    };
  };

describeEnrollmentProvider(
  "android-management",
  { descriptor, start: start(), listingSize: 201 },
  { describe, it },
);

describeEnrollmentProvider(
  "android-management, adopting lost tokens, on a deployment with half-filled pages",
  {
    descriptor,
    start: start(
      { lostTokens: "adopt", verifyPolicy: true, policy: "enrolled" },
      { timestampPrecision: "nanoseconds", pageFill: "short", createEcho: "nothing", usedTokens: "visible" },
    ),
    listingSize: 101,
  },
  { describe, it },
);
