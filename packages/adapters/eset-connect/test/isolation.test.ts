import { Secret } from "@enrollkit/core";
import type { DeviceSeed } from "@enrollkit/simulators/eset-connect";
import { describe, expect, it } from "vitest";
import { startAccount, type SimulatedAccount } from "./simulated-account.js";

const finished = "DEVICE_ENROLLMENT_STATUS_FINISHED";
const unknownDevice = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** An API user with rights on some groups only. */
const narrow = { username: "narrow@simulator.invalid", password: "narrow-password" };

const linkCalls = ({ paths }: SimulatedAccount) =>
  paths().filter((path) => path.endsWith("EnrollmentLinks")).length;
const readCalls = ({ paths }: SimulatedAccount) =>
  paths().filter((path) => path.endsWith(":batchGet")).length;

/** Good devices with bad ones among them, at these places. */
const requestsWith = (
  account: SimulatedAccount,
  size: number,
  bad: ReadonlyMap<number, Partial<DeviceSeed> | "unknown">,
) =>
  Array.from({ length: size }, (_, place) => {
    const seed = bad.get(place) ?? {};
    return { device: { id: seed === "unknown" ? unknownDevice(place) : account.seedDevice(seed) } };
  });

const statuses = async (account: SimulatedAccount, requests: readonly { device: { id: string } }[]) => {
  const results = await account.provider.bulk.createBatch(requests);
  expect(results).toHaveLength(requests.length);
  for (const [place, result] of results.entries()) {
    if (result.status === "created") expect(result.enrollment.id).toBe(requests[place]?.device.id);
    else expect(result.error).toMatchObject({ provider: "phones", retryable: false });
  }
  return new Map(
    results.flatMap((result, place) =>
      result.status === "created" ? [] : [[place, result.error.code] as const],
    ),
  );
};

describe("a bad device among good ones", () => {
  it.each(["empty", "rpc-status"] as const)(
    "is told by its reason, with %s error bodies",
    async (errorBodies) => {
      const account = await startAccount({ behavior: { errorBodies } });
      const bad = new Map<number, Partial<DeviceSeed> | "unknown">([
        [0, { enrollmentStatus: finished }],
        [3, { isMobile: false }],
        [7, "unknown"],
      ]);
      expect(await statuses(account, requestsWith(account, 12, bad))).toEqual(
        new Map([
          [0, "already-enrolled"],
          [3, "failed-precondition"],
          [7, "not-found"],
        ]),
      );
      // All at once, and once more without the culprits.
      expect(linkCalls(account)).toBe(2);
    },
  );

  it("is found among a thousand by few calls", async () => {
    const account = await startAccount();
    const bad = new Map([[511, { enrollmentStatus: finished }]]);
    expect(await statuses(account, requestsWith(account, 1000, bad))).toEqual(
      new Map([[511, "already-enrolled"]]),
    );
    expect(linkCalls(account)).toBe(2);
    expect(readCalls(account)).toBe(10);
  });

  it("that does not exist is found by halving the atomic read", async () => {
    const account = await startAccount();
    expect(await statuses(account, requestsWith(account, 100, new Map([[42, "unknown"]])))).toEqual(
      new Map([[42, "not-found"]]),
    );
    expect(linkCalls(account)).toBe(2);
    expect(readCalls(account)).toBeLessThanOrEqual(2 * 7 + 1);
  });

  it("is found by halves where the devices do not tell: unset flags are left out", async () => {
    const account = await startAccount({ behavior: { unsetFields: "absent" } });
    const bad = new Map([[5, { isMobile: false }]]);
    expect(await statuses(account, requestsWith(account, 16, bad))).toEqual(
      new Map([[5, "failed-precondition"]]),
    );
    // Four levels: two calls where the half that is asked first is to blame, one where it is the other.
    expect(linkCalls(account)).toBe(1 + 2 * 2 + 2 * 1);
  });

  it("is found by halves where the status lags behind", async () => {
    const account = await startAccount({ behavior: { enrollmentLagMilliseconds: 3_600_000 } });
    const requests = requestsWith(account, 8, new Map());
    const first = await account.provider.client.getEnrollmentLinks([requests[2]?.device.id ?? ""]);
    const link = [...first.body.enrollmentLinks.values()][0]?.uri?.reveal() ?? "";
    account.simulator.enrollDevice({ link, platform: "android" });
    expect(await statuses(account, requests)).toEqual(new Map([[2, "failed-precondition"]]));
  });

  it("is found by halves where devices may not be read at all", async () => {
    const account = await startAccount();
    const requests = requestsWith(account, 4, new Map([[1, { enrollmentStatus: finished }]]));
    account.simulator.failNext({ kind: "status", status: 403 }, { path: /:batchGet$/, times: 100 });
    expect(await statuses(account, requests)).toEqual(new Map([[1, "failed-precondition"]]));
  });

  it("that the API user may not see spoils only itself", async () => {
    const account = await startAccount();
    account.simulator.seed({
      groups: [{ displayName: "Others", uuid: "others" }],
      apiUsers: [{ ...narrow, rights: [account.simulator.groupUuids.mobileDevices] }],
    });
    const requests = requestsWith(account, 9, new Map([[4, { parentGroupUuid: "others" }]]));
    const provider = account.providerWith({ ...narrow, password: new Secret(narrow.password) });
    const results = await provider.bulk.createBatch(requests);
    expect(results.map(({ status }) => status)).toEqual(
      requests.map((_, place) => (place === 4 ? "failed" : "created")),
    );
    expect(results[4]).toMatchObject({ error: { code: "forbidden" } });
  });
});

describe("many devices that the API user may not see", () => {
  it("spoil only themselves, also at the head of a batch", async () => {
    const account = await startAccount();
    account.simulator.seed({
      groups: [{ displayName: "Others", uuid: "others" }],
      apiUsers: [{ ...narrow, rights: [account.simulator.groupUuids.mobileDevices] }],
    });
    const hidden = [...Array.from({ length: 12 }, (_, place) => place), 20];
    const bad = new Map(hidden.map((place) => [place, { parentGroupUuid: "others" }]));
    const requests = requestsWith(account, 24, bad);
    const provider = account.providerWith({ ...narrow, password: new Secret(narrow.password) });
    const results = await provider.bulk.createBatch(requests);
    expect(results.flatMap(({ status }, place) => (status === "created" ? [] : [place]))).toEqual(hidden);
  });
});

describe("nothing but bad devices", () => {
  it("ends", async () => {
    const account = await startAccount();
    const bad = new Map(Array.from({ length: 30 }, (_, place) => [place, "unknown" as const]));
    const codes = await statuses(account, requestsWith(account, 30, bad));
    expect([...codes.values()]).toEqual(Array<string>(30).fill("not-found"));
    expect(linkCalls(account)).toBe(1);
  });

  it("ends soon if it is the rights that are missing", async () => {
    const account = await startAccount();
    const requests = requestsWith(account, 256, new Map());
    account.simulator.failNext({ kind: "status", status: 403 }, { path: /EnrollmentLinks$/, times: 10_000 });
    const codes = await statuses(account, requests);
    expect([...codes.values()]).toEqual(Array<string>(256).fill("forbidden"));
    expect(linkCalls(account)).toBeLessThan(40);
  });
});

describe("what is not about devices", () => {
  it.each([
    [401, "unauthenticated"],
    [418, "unknown"],
  ])("is not looked for among them: %i", async (status, code) => {
    const account = await startAccount();
    const requests = requestsWith(account, 5, new Map());
    account.simulator.failNext({ kind: "status", status }, { path: /EnrollmentLinks$/, times: 100 });
    expect([...(await statuses(account, requests)).values()]).toEqual(Array<string>(5).fill(code));
    expect(linkCalls(account)).toBeLessThanOrEqual(2);
    expect(readCalls(account)).toBe(0);
  });

  it("is not looked for among them: a refused login", async () => {
    const account = await startAccount();
    const requests = requestsWith(account, 5, new Map());
    account.simulator.failNext({ kind: "status", status: 400 }, { path: /oauth\/token$/, times: 100 });
    expect([...(await statuses(account, requests)).values()]).toEqual(
      Array<string>(5).fill("unauthenticated"),
    );
    expect(account.paths()).toEqual([]);
    expect(account.simulator.stats().tokenCalls).toBe(0);
    expect(account.simulator.stats().requests).toBe(1);
  });
});
