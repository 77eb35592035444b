import { describe, expect, it } from "vitest";
import { call, json, requestToken, simulate, type Answer } from "../../test/eset-connect-calls.js";
import { runningClock } from "../base/clock.js";
import { startEsetConnectSimulator, type EsetConnectBehavior, type EsetConnectSimulator } from "./index.js";

const anyGroups = "GET deviceManagement/v1/device_groups";

const statuses = async (simulator: EsetConnectSimulator, count: number, token?: string) => {
  const seen: number[] = [];
  while (seen.length < count) {
    seen.push((await call(simulator, anyGroups, { ...(token !== undefined && { token }) })).status);
  }
  return seen;
};

const times = (count: number, status: number) => Array.from({ length: count }, () => status);

describe("the quota", () => {
  it("admits 10 calls in any second and answers the next 429, with no Retry-After", async () => {
    const simulator = await simulate({ behavior: { enforceQuota: true } });
    expect(await statuses(simulator, 4)).toEqual(times(4, 200));
    simulator.clock.advance(600);
    expect(await statuses(simulator, 7)).toEqual([...times(6, 200), 429]);
    simulator.clock.advance(399);
    const refused = await call(simulator, anyGroups);
    expect([refused.status, refused.headers.has("retry-after"), refused.text]).toEqual([429, false, ""]);
    simulator.clock.advance(1);
    expect(await statuses(simulator, 5)).toEqual([...times(4, 200), 429]);
    expect(simulator.stats()).toMatchObject({ rateLimitRefusals: 3, byStatus: { 200: 14, 429: 3 } });
  });

  it("can tell how long to wait", async () => {
    const simulator = await simulate({ behavior: { enforceQuota: true, retryAfterSeconds: 2 } });
    await statuses(simulator, 10);
    expect((await call(simulator, anyGroups)).headers.get("retry-after")).toBe("2");
  });

  it.each<[EsetConnectBehavior["quotaScope"], number]>([
    ["credentials", 200],
    ["account", 429],
  ])("counted for the %s answers other credentials %i", async (quotaScope, status) => {
    const simulator = await simulate({ behavior: { enforceQuota: true, quotaScope } });
    simulator.seed({ apiUsers: [{ username: "second", password: "x" }] });
    const form = { grant_type: "password", username: "second", password: "x" };
    const { access_token: token } = json(await requestToken(simulator, form)) as { access_token: string };
    await statuses(simulator, 10);
    expect(await statuses(simulator, 1, token)).toEqual([status]);
  });

  it.each([
    [true, 429],
    [false, 202],
  ])("counting polls: %s, the last poll is %i", async (countPolls, status) => {
    const simulator = await simulate({ behavior: { enforceQuota: true, countPolls } });
    simulator.slowNext({ polls: Infinity });
    const first = await call(simulator, anyGroups);
    const headers = { "response-id": first.headers.get("response-id") ?? "" };
    let last = 0;
    for (let index = 0; index < 10; index += 1) {
      last = (await call(simulator, anyGroups, { headers })).status;
    }
    expect(last).toBe(status);
  });

  it("is on by default on the machine's clock, off on a given one, and settable", async () => {
    const given = await simulate({ clock: runningClock() });
    expect(await statuses(given, 11)).toEqual(times(11, 200));
    given.behavior.enforceQuota = true;
    expect(await statuses(given, 11)).toContain(429);
    const own = await startEsetConnectSimulator();
    expect(own.behavior.enforceQuota).toBe(true);
    await own.close();
  });
});

describe("the Fair Use Policy", () => {
  it("serves a first part, answers a next part 202 at 2 a second, refuses the rest with 503", async () => {
    const behavior = { fairUse: { servedAtOnce: 3, servedSlowly: 2 } } as const;
    const simulator = await simulate({ behavior });
    const answers: Answer[] = [];
    for (let index = 0; index < 6; index += 1) answers.push(await call(simulator, anyGroups));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 202, 202, 503]);
    const collect = async (index: number) => {
      const headers = { "response-id": answers[index]?.headers.get("response-id") ?? "" };
      return (await call(simulator, anyGroups, { headers })).status;
    };
    expect(await collect(3)).toBe(202);
    simulator.clock.advance(500);
    expect([await collect(3), await collect(4)]).toEqual([200, 202]);
    simulator.clock.advance(500);
    expect(await collect(4)).toBe(200);
    simulator.clock.advance(10_000);
    expect(await statuses(simulator, 4)).toEqual([200, 200, 200, 202]);
  });
});
