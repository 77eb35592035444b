import { EnrollmentError, Secret, type EnrollmentProvider } from "@enrollkit/core";
import type { Fault } from "@enrollkit/simulators";
import { createMemoryProvider, createTestClock } from "@enrollkit/testing";
import { afterAll, describe, expect, it } from "vitest";
import { watchCall } from "./attempt.js";
import { planted } from "./canaries.js";
import { echoes, startEchoServer } from "./echo-server.js";
import { harvest } from "./harvest.js";
import { lookAtMetrics, overheardRuntime } from "./listeners.js";
import { methodsOf, operationsOf, type Subject } from "./operations.js";
import { providersAt, requestFor, simulatedVendors, type SimulatedVendor } from "./vendors.js";
import { createWatch } from "./watch.js";

const watch = createWatch();

/** What every call is called, for reports. */
let step = "nothing yet";

const runAll = async (
  operations: ReturnType<typeof operationsOf>,
  circumstances: string,
): Promise<number> => {
  let refused = 0;
  for (const { name, call, place } of operations) {
    step = `${name}, ${circumstances}`;
    const result = await watchCall(watch, step, call, place);
    if ("thrown" in result) refused += 1;
  }
  return refused;
};

const enrollment = {
  id: "65a1b2c3d4e5f60718293b01",
  createdAt: "2026-09-20T10:00:00Z",
  expiresAt: "unknown",
} as const;

const subjectOf = (provider: EnrollmentProvider, known: Subject["enrollment"] = enrollment): Subject => ({
  provider,
  request: (number) => requestFor(provider, number),
  enrollment: known,
});

afterAll(() => {
  expect(watch.stale("providers")).toEqual([]);
});

describe("a vendor that repeats everything it was told", () => {
  it("reaches neither errors nor listeners, whatever status and shape it answers with", async () => {
    const server = await startEchoServer();
    const runtime = overheardRuntime(watch, () => step, { clock: createTestClock(), random: () => 0.5 });
    let refused = 0;
    for (const logins of ["granted", "echoed"] as const) {
      for (const provider of providersAt(server.url, runtime)) {
        for (const echo of echoes) {
          server.answer(echo, logins);
          const circumstances = `told ${echo.status} ${echo.shape} with ${echo.first} first, logins ${logins}`;
          const operations = methodsOf(subjectOf(provider));
          // Without a login nothing else is reached: what it answers to one call, it answers to all.
          refused += await runAll(logins === "granted" ? operations : operations.slice(0, 2), circumstances);
        }
      }
    }
    await server.close();
    expect(refused).toBeGreaterThan(500);
    expect(server.requests).toBeGreaterThan(1000);
    expect(await lookAtMetrics(watch)).toBeGreaterThan(0);
    expect(watch.findLeaks()).toEqual([]);
  });
});

const faults: readonly Fault[] = [
  { kind: "status", status: 500, body: { error: { message: planted.email } } },
  { kind: "status", status: 429, headers: { "retry-after": "1" } },
  { kind: "status", status: 401, body: planted.accessToken },
  { kind: "reset", when: "before" },
  { kind: "reset", when: "after" },
  { kind: "body", body: `<html>${planted.email} ${planted.accessToken}`, contentType: "text/html" },
  { kind: "truncate" },
  { kind: "unknown-fields" },
];

/** What goes to the vendor, and in its URLs. */
const lookAtRequests = ({ simulator, provider }: SimulatedVendor): void => {
  for (const { method, path, query, headers, body } of simulator.requests()) {
    watch.lookAtText(`the URL of ${method} to ${provider.name}`, `${path}?${query.toString()}`, "vendorUrl");
    const content = JSON.stringify([...headers]) + body;
    watch.lookAtText(`${method} to ${provider.name}`, content, "vendor");
  }
};

describe.each(Object.entries(simulatedVendors))("%s", (_, start) => {
  it("shows nothing when all goes well, when faults strike, and with wrong credentials", async () => {
    const vendor = await start((runtime) => overheardRuntime(watch, () => step, runtime));
    const { provider, stranger, simulator } = vendor;
    const created = await provider.createEnrollment(requestFor(provider, 0));
    await runAll(operationsOf(subjectOf(provider, created)), "when all goes well");
    for (const fault of faults) {
      for (const operation of methodsOf(subjectOf(provider, created))) {
        simulator.failNext(fault, { times: 6 });
        await runAll([operation], `struck by ${JSON.stringify(fault).slice(0, 40)}`);
        simulator.clearFaults();
      }
    }
    const refused = await runAll(methodsOf(subjectOf(stranger, created)), "with wrong credentials");
    expect(refused).toBeGreaterThan(0);
    lookAtRequests(vendor);
    await simulator.close();
    expect(watch.findLeaks(harvest(vendor))).toEqual([]);
  });
});

describe("the in-memory provider", () => {
  it("shows nothing either", async () => {
    const clock = createTestClock();
    const provider = createMemoryProvider({
      accessToken: new Secret(planted.accessToken),
      recipients: [{ email: planted.email, name: planted.name }],
      runtime: overheardRuntime(watch, () => step, { clock }),
    });
    const created = await provider.createEnrollment({});
    await runAll(operationsOf(subjectOf(provider, created)), "when all goes well");
    for (const fault of faults) {
      for (const operation of methodsOf(subjectOf(provider, created))) {
        provider.failNext(fault, "any", 6);
        await runAll([operation], `struck by ${fault.kind}`);
      }
    }
    const stranger = provider.withAccessToken(new Secret(planted.refreshToken));
    await runAll(methodsOf(subjectOf(stranger, created)), "with a wrong token");
    expect(watch.findLeaks()).toEqual([]);
  });
});

describe("a failing listener", () => {
  it("is not told a secret either: an adapter's own mistake is wrapped, not printed", () => {
    const error = new EnrollmentError("x", { code: "unknown", cause: new Error(planted.accessToken) });
    const careless = createWatch();
    careless.lookAt("an error with a secret in its cause", error);
    expect(careless.findLeaks().length).toBeGreaterThan(0);
  });
});
