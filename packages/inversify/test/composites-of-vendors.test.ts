import { androidManagementPlugin } from "@enrollkit/android-management";
import { appliveryPlugin } from "@enrollkit/applivery";
import {
  findArtifact,
  type Enrollment,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type ProviderRuntime,
  type VendorCall,
} from "@enrollkit/core";
import { startAndroidManagementSimulator } from "@enrollkit/simulators/android-management";
import { startAppliverySimulator } from "@enrollkit/simulators/applivery";
import {
  describeEnrollmentProvider,
  promisedDescriptor,
  type ConformanceSetup,
  type ConformanceStart,
  type ConformanceVendor,
} from "@enrollkit/testing";
import { describe, it } from "vitest";
import { createService, readConfig } from "../src/index.js";

/** A vendor's simulator, as an entry of a config needs it. */
interface Account extends Pick<ConformanceVendor, "failNext" | "callCount" | "liveCount" | "stop"> {
  readonly config: Readonly<Record<string, unknown>>;
  readonly credentials: string;
  readonly wrongCredentials: string;
  readonly secret: string;
  readonly enforceQuota: () => void;
  readonly consume: (enrollment: Enrollment) => string;
}

type StartAccount = (options: ConformanceStart) => Promise<Account>;

const android: StartAccount = async ({ clock, random }) => {
  const simulator = await startAndroidManagementSimulator({ clock, random });
  const { credentials } = simulator;
  const nobody = { ...credentials, client_email: "nobody@enrollkit-simulator.iam.gserviceaccount.com" };
  return {
    config: {
      vendor: "android-management",
      enterprise: simulator.enterpriseId,
      baseUrl: simulator.url,
      profiles: {},
    },
    credentials: JSON.stringify(credentials),
    wrongCredentials: JSON.stringify(nobody),
    secret: credentials.private_key,
    enforceQuota: () => {
      simulator.behavior.enforceQuota = true;
    },
    failNext: (fault, target, times = 1) => {
      const create = { method: "POST", path: /\/enrollmentTokens$/ };
      simulator.failNext(fault, { ...(target === "create" ? create : { path: "/v1/" }), times });
    },
    callCount: () => simulator.stats().requests,
    liveCount: () => simulator.enrollments().filter(({ status }) => status === "active").length,
    consume: (enrollment) => {
      const link = findArtifact(enrollment, "enrollment-link")?.value.reveal();
      const code = findArtifact(enrollment, "provisioning-qr")?.value.reveal() ?? "";
      return link === undefined
        ? simulator.enrollDevice(code, { ownership: "COMPANY_OWNED" }).name
        : simulator.enrollDevice(link, { ownership: "PERSONALLY_OWNED" }).name;
    },
    stop: () => simulator.close(),
  };
};

const apple: StartAccount = async ({ clock, random }) => {
  const simulator = await startAppliverySimulator({ clock, random });
  Object.assign(simulator.behavior, { maximumPageSize: 10, pageSizeAboveMaximum: "clamp" });
  const { baseUrl, organization, token } = simulator.credentials;
  return {
    config: { vendor: "applivery", baseUrl, organization, profiles: {} },
    credentials: token,
    wrongCredentials: "no-such-token",
    secret: token,
    enforceQuota: () => {
      simulator.behavior.enforceQuota = true;
    },
    failNext: (fault, target, times = 1) => {
      const create = { method: "POST", path: /\/mdm\/apple\/enterprise\/enrollment-tokens(\/bulk)?$/ };
      simulator.failNext(fault, { ...(target === "create" && create), times });
    },
    callCount: () => simulator.stats().requests,
    liveCount: () => simulator.enrollments().filter(({ state }) => state === "PENDING").length,
    consume: (enrollment) => {
      const linkOrCode = findArtifact(enrollment, "enrollment-link")?.value.reveal() ?? "";
      return simulator.enrollDevice({ linkOrCode, serialNumber: `SERIAL-${simulator.devices().length}` }).id;
    },
    stop: () => simulator.close(),
  };
};

interface Composite {
  readonly accounts: Readonly<Record<string, StartAccount>>;
  readonly composite: object;
  readonly request: (number: number) => EnrollmentRequest;
  /** The account that gets what `request` asks for. */
  readonly target: string;
}

const secretName = { "android-management": "credentials", applivery: "token" } as const;

/** The provider that a config describes, over accounts that run. */
const provide = (
  accounts: Readonly<Record<string, Account>>,
  composite: object,
  runtime: ProviderRuntime,
  which: "credentials" | "wrongCredentials",
): EnrollmentProvider => {
  const entries = Object.entries(accounts).map(([name, { config }]) => {
    const secret = secretName[config["vendor"] as keyof typeof secretName];
    return [name, { ...config, [secret]: { $env: name.toUpperCase() } }] as const;
  });
  const environment = Object.fromEntries(
    Object.entries(accounts).map(([name, account]) => [name.toUpperCase(), account[which]]),
  );
  const config = { providers: { ...Object.fromEntries(entries), devices: composite } };
  const plugins = [androidManagementPlugin, appliveryPlugin];
  return createService(readConfig(config, plugins, { environment }), runtime).provider("devices");
};

const start =
  ({ accounts: starters, composite, request, target }: Composite) =>
  async (options: ConformanceStart): Promise<ConformanceVendor> => {
    const { clock, random } = options;
    const calls: VendorCall[] = [];
    const runtime = { clock, random, hooks: { onResponse: (call: VendorCall) => calls.push(call) } };
    const started = await Promise.all(
      Object.entries(starters).map(async ([name, begin]) => [name, await begin(options)] as const),
    );
    const accounts = Object.fromEntries(started);
    const all = Object.values(accounts);
    const accountOf = (name: string) => accounts[name] as Account;
    const provider = provide(accounts, composite, runtime, "credentials");
    const elsewhere = provide(accounts, composite, { clock }, "credentials");
    let added = 9000;
    return {
      provider,
      request,
      withWrongCredentials: provide(accounts, composite, runtime, "wrongCredentials"),
      failNext: (fault, on, times = 1) => {
        for (const account of times === 1 ? [accountOf(target)] : all) account.failNext(fault, on, times);
      },
      enforceQuota: () => {
        for (const account of all) account.enforceQuota();
      },
      callCount: () => all.reduce((sum, account) => sum + account.callCount(), 0),
      advance: (milliseconds) => {
        clock.advance(milliseconds);
      },
      consume: (enrollment) =>
        Promise.resolve().then(() => accountOf(enrollment.provider).consume(enrollment)),
      liveCount: async () => {
        let sum = 0;
        for (const account of all) sum += await account.liveCount();
        return sum;
      },
      addElsewhere: async () => {
        await elsewhere.createEnrollment(request(added++));
      },
      plantedSecrets: all.map(({ secret }) => secret),
      log: () => JSON.stringify(calls),
      stop: async () => {
        await Promise.all(all.map((account) => account.stop()));
      },
    };
  };

/** Settings are needed only to read the descriptor: nobody is called. */
const setupOf = async (composite: Composite): Promise<ConformanceSetup> => {
  const { createTestClock } = await import("@enrollkit/testing");
  const vendor = await start(composite)({ clock: createTestClock(), random: () => 0.5 });
  const descriptor = promisedDescriptor(vendor.provider, composite.request(1));
  await vendor.stop();
  return { descriptor, start: start(composite), listingSize: 201 };
};

const byTenant = {
  vendor: "router",
  rules: [{ when: { tenant: "phones" }, provider: "east" }, { provider: "apple" }],
};

const composites: Readonly<Record<string, Composite>> = {
  "router over two Android accounts": {
    accounts: { east: android, west: android },
    composite: {
      vendor: "router",
      rules: [{ when: { tenant: "east" }, provider: "east" }, { provider: "west" }],
    },
    request: (number) => ({ key: `row-${number}`, tenant: "east" }),
    target: "east",
  },
  "fallback over two Android accounts": {
    accounts: { east: android, west: android },
    composite: { vendor: "fallback", providers: ["east", "west"] },
    request: (number) => ({ key: `row-${number}` }),
    target: "east",
  },
  "router over Android and Applivery: what goes to Applivery": {
    accounts: { east: android, apple },
    composite: byTenant,
    request: (number) => ({ key: `row-${number}`, recipient: { email: `person-${number}@example.com` } }),
    target: "apple",
  },
  "router over Android and Applivery: what goes to Android": {
    accounts: { east: android, apple },
    composite: byTenant,
    request: (number) => ({ key: `row-${number}`, tenant: "phones" }),
    target: "east",
  },
};

for (const [name, composite] of Object.entries(composites)) {
  describeEnrollmentProvider(name, await setupOf(composite), { describe, it });
}
