import {
  createEnrollments,
  toIsoInstant,
  type EnrollmentOutcome,
  type EnrollmentRequest,
} from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { startAccount, type SimulatedAccount } from "./simulated-account.js";

type Simulator = SimulatedAccount["simulator"];

const onLinks = { path: /EnrollmentLinks$/ };
const onReads = { method: "GET" };
const requests: readonly EnrollmentRequest[] = [{ key: "a", device: { name: "pixel" } }];

const run = async ({ provider, clock }: SimulatedAccount): Promise<readonly EnrollmentOutcome[]> => {
  const outcomes: EnrollmentOutcome[] = [];
  for await (const outcome of createEnrollments(provider, requests, { clock })) outcomes.push(outcome);
  return outcomes;
};

describe("a device that was imported, and whose call for a link failed", () => {
  it.each<[string, (simulator: Simulator) => void]>([
    [
      "lost two results of 202",
      (simulator) => {
        simulator.slowNext({ ...onLinks, times: 2, ending: "lost" });
      },
    ],
    [
      "answered 404",
      (simulator) => {
        simulator.failNext({ kind: "status", status: 404 }, onLinks);
      },
    ],
    [
      "answered 401 twice",
      (simulator) => {
        simulator.failNext({ kind: "status", status: 401 }, { ...onLinks, times: 2 });
      },
    ],
    [
      "answered 500 for long",
      (simulator) => {
        simulator.failNext({ kind: "status", status: 500 }, { ...onLinks, times: 4 });
      },
    ],
    [
      "answered without a link",
      (simulator) => {
        simulator.failNext({ kind: "body", body: "{}", contentType: "application/json" }, onLinks);
      },
    ],
  ])("gets its link after all: ESET %s", async (_what, strike) => {
    const account = await startAccount();
    strike(account.simulator);
    const [outcome] = await run(account);
    const [device, ...others] = account.simulator.devices();
    expect(outcome).toMatchObject({ status: "created", enrollment: { id: device?.uuid } });
    expect(others).toEqual([]);
  });

  it.each<[string, (account: SimulatedAccount) => void]>([
    ["another of its name waits", ({ seedDevice }) => seedDevice({ displayName: "pixel" })],
    [
      "nobody can look for it",
      ({ simulator }) => {
        simulator.failNext({ kind: "status", status: 403 }, { ...onReads, times: 9 });
      },
    ],
    [
      "no listing shows it yet",
      ({ simulator }) =>
        Object.assign(simulator.behavior, {
          placeholdersInDeviceList: "hidden",
          groupListingLagMilliseconds: 3_600_000,
        }),
    ],
  ])("is known by the import's own answer, also where %s", async (_what, prepare) => {
    const account = await startAccount();
    prepare(account);
    const before = account.simulator.devices().length;
    account.simulator.failNext({ kind: "status", status: 404 }, onLinks);
    const [outcome] = await run(account);
    const devices = account.simulator.devices();
    expect(devices).toHaveLength(before + 1);
    expect(outcome).toMatchObject({ status: "created", enrollment: { id: devices.at(-1)?.uuid } });
  });

  it("is named where ESET gives no link for it again and again", async () => {
    const account = await startAccount();
    account.simulator.failNext({ kind: "status", status: 404 }, { ...onLinks, times: 99 });
    const [outcome] = await run(account);
    const [device, ...others] = account.simulator.devices();
    const advice = expect.stringContaining(`device.id "${device?.uuid}"`) as string;
    expect(outcome).toMatchObject({ status: "unknown", error: { code: "outcome-unknown", advice } });
    expect(others).toEqual([]);
  });

  it("is not what a later attempt of the same request is answered with", async () => {
    const { provider, simulator, clock } = await startAccount();
    const request = { key: "a", device: { name: "pixel" } };
    simulator.failNext({ kind: "status", status: 404 }, onLinks);
    await expect(provider.createEnrollment(request)).rejects.toMatchObject({ code: "outcome-unknown" });
    simulator.failNext({ kind: "reset", when: "after" }, { path: /batchImport$/ });
    await expect(provider.createEnrollment(request)).rejects.toMatchObject({ code: "outcome-unknown" });
    const sentAt = toIsoInstant(clock.now());
    const findings = await provider.reconciliation.reconcile([{ request, sentAt }]);
    expect(findings).toMatchObject([
      { status: "undecided", reason: expect.stringContaining("2 devices") as string },
    ]);
  });
});
