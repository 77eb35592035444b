import {
  createFallback,
  createRouter,
  Secret,
  type EnrollmentProvider,
  type ProviderDescriptor,
  type RoutingRule,
  type VendorCall,
} from "@enrollkit/core";
import { describe, it } from "vitest";
import {
  createFaultPlan,
  createMemoryProvider,
  describeEnrollmentProvider,
  promisedDescriptor,
  type ConformanceSetup,
  type ConformanceStart,
  type ConformanceVendor,
  type MemoryProvider,
} from "../src/index.js";

type Compose = (members: readonly EnrollmentProvider[], start: ConformanceStart) => EnrollmentProvider;

/** Two accounts in memory behind one provider. */
interface TwoAccounts {
  readonly compose: Compose;
  /** What a request says beside what it must. */
  readonly request: (number: number) => object;
  readonly descriptors?: readonly [Partial<ProviderDescriptor>, Partial<ProviderDescriptor>];
}

const start = (
  { compose, request, descriptors = [{}, {}] }: TwoAccounts,
  options: ConformanceStart,
): ConformanceVendor => {
  const { clock, random } = options;
  const calls: VendorCall[] = [];
  const runtime = { clock, random, hooks: { onResponse: (call: VendorCall) => calls.push(call) } };
  const faults = createFaultPlan();
  const accounts = (["east", "west"] as const).map((name, place): MemoryProvider =>
    createMemoryProvider({
      name,
      account: name,
      accessToken: new Secret(`canary-of-${name}`),
      descriptor: descriptors[place] ?? {},
      faults,
      runtime,
    }),
  );
  const accountOf = ({ provider }: { readonly provider: string }) =>
    accounts.find(({ name }) => name === provider) as MemoryProvider;
  const sum = (count: (account: MemoryProvider) => number) =>
    accounts.reduce((total, account) => total + count(account), 0);
  return {
    provider: compose(accounts, options),
    request: (number) => ({ device: { name: `Phone ${number}` }, ...request(number) }),
    refusedRequest: () => ({ device: { id: "no-such-device" }, ...request(1) }),
    withWrongCredentials: compose(
      accounts.map((account) => account.withAccessToken(new Secret("canary-of-a-wrong-token"))),
      options,
    ),
    failNext: (fault, target, times) => {
      faults.add(fault, target, times ?? 1);
    },
    callCount: () => sum((account) => account.callCount()),
    advance: (milliseconds) => {
      clock.advance(milliseconds);
    },
    consume: (enrollment) => Promise.resolve().then(() => accountOf(enrollment).enrollDevice(enrollment).id),
    liveCount: () => sum((account) => account.liveCount()),
    stored: (enrollment) =>
      JSON.stringify(
        accountOf(enrollment)
          .enrollments()
          .find(({ id }) => id === enrollment.id),
      ),
    addElsewhere: async () => {
      await accounts[1]?.createEnrollment({ device: { name: "Added elsewhere" } });
    },
    plantedSecrets: ["canary-of-east", "canary-of-west", "canary-of-a-wrong-token"],
    log: () => JSON.stringify(calls),
    stop: () => Promise.resolve(),
  };
};

const setupOf = (two: TwoAccounts): ConformanceSetup => {
  const [east = {}, west = {}] = two.descriptors ?? [];
  const members = [
    createMemoryProvider({ name: "east", descriptor: east }),
    createMemoryProvider({ name: "west", descriptor: west }),
  ];
  const provider = two.compose(members, {} as ConformanceStart);
  return {
    descriptor: promisedDescriptor(provider, { device: { name: "Phone" }, ...two.request(1) }),
    showsStored: true,
    start: (options) => Promise.resolve(start(two, options)),
  };
};

const routed =
  (rules: readonly RoutingRule[]): Compose =>
  (providers) =>
    createRouter({ name: "devices", rules, providers });

const fallingBack: Compose = (providers, { clock }) =>
  createFallback({ name: "devices", order: ["east", "west"], providers, clock });

const byTenant = routed([{ when: { tenant: "acme" }, provider: "west" }, { provider: "east" }]);
const halves = routed([{ when: { percentage: 50 }, provider: "west" }, { provider: "east" }]);

const runner = { describe, it };

describeEnrollmentProvider(
  "router over accounts in memory, by a share of the persons",
  setupOf({ compose: halves, request: (number) => ({ key: `person-${number}` }) }),
  runner,
);

const noBatch: Partial<ProviderDescriptor> = {
  platforms: ["android"],
  managementModes: [],
  lifetime: { settable: false },
  uses: { allowed: ["one"], default: "one" },
  roles: ["retrieval", "listing", "revocation", "tracking", "reconciliation"],
};

describeEnrollmentProvider(
  "router over unlike accounts in memory: what goes to the one that can do little",
  setupOf({ compose: byTenant, request: () => ({ tenant: "acme" }), descriptors: [{}, noBatch] }),
  runner,
);

describeEnrollmentProvider(
  "router over unlike accounts in memory: what goes to the one that can do all",
  setupOf({ compose: byTenant, request: () => ({ tenant: "other" }), descriptors: [{}, noBatch] }),
  runner,
);

describeEnrollmentProvider(
  "fallback over accounts in memory",
  setupOf({ compose: fallingBack, request: () => ({}) }),
  runner,
);

describeEnrollmentProvider(
  "fallback within a router within a fallback, over accounts in memory",
  setupOf({
    compose: (providers, options) => {
      const inner = createFallback({
        name: "inner",
        order: ["east", "west"],
        providers,
        clock: options.clock,
      });
      const router = createRouter({ name: "router", rules: [{ provider: "inner" }], providers: [inner] });
      const order = ["router", "west"];
      return createFallback({
        name: "outer",
        order,
        providers: [router, ...providers],
        clock: options.clock,
      });
    },
    request: () => ({}),
  }),
  runner,
);
