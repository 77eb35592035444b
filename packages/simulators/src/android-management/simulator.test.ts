import { afterEach, describe, expect, it } from "vitest";
import { manualClock } from "../base/clock.js";
import {
  androidManagementFaults,
  startAndroidManagementSimulator,
  type AndroidManagementSimulator,
  type AndroidManagementSimulatorOptions,
} from "./index.js";

let simulator: AndroidManagementSimulator;
const start = async (options: AndroidManagementSimulatorOptions = {}) => {
  simulator = await startAndroidManagementSimulator({ clock: manualClock(), ...options });
  return simulator;
};
afterEach(() => simulator.close());

const create = () =>
  fetch(`${simulator.url}/v1/${simulator.enterpriseName}/enrollmentTokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${simulator.issueAccessToken()}` },
    body: "{}",
  });

describe("a start with no seed", () => {
  it("holds what a first enrollment needs", async () => {
    await start();
    expect(simulator).toMatchObject({
      projectId: "enrollkit-simulator",
      enterpriseId: "LC0default",
      enterpriseName: "enterprises/LC0default",
      tokenUrl: `${simulator.url}/token`,
    });
    const { value } = (await (await create()).json()) as { value: string };
    expect(simulator.enrollDevice(value)).toMatchObject({ state: "ACTIVE" });
    expect(simulator.enrollments()).toMatchObject([
      {
        status: "active",
        oneTimeOnly: false,
        createdAt: "2026-09-20T10:00:00Z",
        expiresAt: "2026-09-20T11:00:00Z",
      },
    ]);
  });

  it("repeats every value when its random numbers repeat", async () => {
    const generator = () => {
      let state = 7;
      return () => {
        state = (state * 48_271) % 2_147_483_647;
        return state / 2_147_483_647;
      };
    };
    const drawn = [];
    for (let run = 0; run < 2; run += 1) {
      await start({ random: generator() });
      await create();
      const { private_key_id: keyId } = simulator.credentials;
      drawn.push({ keyId, enrollments: simulator.enrollments(), token: simulator.issueAccessToken() });
      if (run === 0) await simulator.close();
    }
    expect(drawn[1]).toEqual(drawn[0]);
    expect(drawn[0]?.enrollments).toHaveLength(1);
  });

  it("takes switches at the start", async () => {
    await start({ tokenView: "name-and-expiration", accessTokenSeconds: 60 });
    expect(simulator.behavior).toMatchObject({ tokenView: "name-and-expiration", accessTokenSeconds: 60 });
    const token = simulator.issueAccessToken();
    simulator.clock.advance(60_000);
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${simulator.url}/v1/${simulator.enterpriseName}`, { headers })).status).toBe(401);
  });
});

describe("seed", () => {
  it("returns what it created, parents before children", async () => {
    await start();
    const clientEmail = "c@second.iam.gserviceaccount.com";
    const seeded = simulator.seed({
      projects: [{ id: "second" }],
      serviceAccounts: [{ clientEmail, projectId: "second" }],
      enterprises: [{ id: "LC2nd00000", projectId: "second" }, {}],
      policies: [{ enterpriseId: "LC2nd00000", id: "kiosk" }],
      enrollmentTokens: [{ enterpriseId: "LC2nd00000", policyName: "kiosk", duration: "60s" }],
      devices: [{ enterpriseId: "LC2nd00000", serialNumber: "SN9" }],
    });
    expect(seeded).toMatchObject({
      projects: [{ id: "second" }],
      serviceAccounts: [{ client_email: clientEmail, project_id: "second", token_uri: simulator.tokenUrl }],
      enterprises: [{ name: "enterprises/LC2nd00000" }, { id: expect.stringMatching(/^LC\w{8}$/) as string }],
      policies: ["enterprises/LC2nd00000/policies/kiosk"],
      enrollmentTokens: [{ expirationTimestamp: "2026-09-20T10:01:00Z" }],
      devices: [{ hardwareInfo: { serialNumber: "SN9" }, state: "PROVISIONING" }],
    });
    expect(simulator.enrollments("LC2nd00000")).toHaveLength(1);
    expect(simulator.devices("LC0default")).toEqual([]);
    const headers = { authorization: `Bearer ${simulator.issueAccessToken({ clientEmail })}` };
    expect((await fetch(`${simulator.url}/v1/enterprises/LC2nd00000`, { headers })).status).toBe(200);
    expect((await fetch(`${simulator.url}/v1/enterprises/LC0default`, { headers })).status).toBe(403);
  });

  it.each([
    [{ policies: [{ id: "x", enterpriseId: "nowhere" }] }, /enterprise nowhere, which does not exist/],
    [{ enterprises: [{ projectId: "nowhere" }] }, /project nowhere, which does not exist/],
    [{ enrollmentTokens: [{ duration: "1s" }] }, /at least 60 seconds/],
  ])("refuses %j", async (records, message) => {
    await start();
    expect(() => simulator.seed(records)).toThrow(message);
  });

  it("has no account or enterprise that was never made", async () => {
    await start();
    expect(() => simulator.issueAccessToken({ clientEmail: "x@y" })).toThrow("no such service account");
    expect(() => {
      simulator.deleteEnterprise("nowhere");
    }).toThrow("there is no enterprise nowhere");
  });
});

describe("ready-made faults", () => {
  it.each([
    ["quotaExceeded", 429, "RESOURCE_EXHAUSTED"],
    ["enterpriseGone", 403, "PERMISSION_DENIED"],
    ["internal", 500, "INTERNAL"],
    ["unavailable", 503, "UNAVAILABLE"],
    ["deadlineExceeded", 504, "DEADLINE_EXCEEDED"],
  ] as const)("%s answers %i %s", async (name, code, status) => {
    await start();
    simulator.failNext(androidManagementFaults[name]);
    const response = await create();
    expect(response.status).toBe(code);
    expect(response.headers.get("content-type")).toBe("application/json; charset=UTF-8");
    expect(await response.json()).toMatchObject({
      error: { code, status, message: expect.any(String) as string },
    });
    expect(simulator.enrollments()).toEqual([]);
    expect(simulator.stats().rateLimitRefusals).toBe(0);
  });

  it.each([
    ["badGateway", 502],
    ["notFoundPage", 404],
  ] as const)("%s answers %i with a page", async (name, status) => {
    await start();
    simulator.failNext(androidManagementFaults[name]);
    const response = await create();
    expect([response.status, response.headers.get("content-type")]).toEqual([
      status,
      "text/html; charset=UTF-8",
    ]);
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
  });

  it("loses the answer of a create that was done", async () => {
    await start();
    simulator.failNext({ kind: "reset", when: "after" });
    await expect(create()).rejects.toThrow("fetch failed");
    expect(simulator.enrollments()).toHaveLength(1);
  });
});
