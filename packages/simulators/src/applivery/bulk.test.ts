import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerOf, type Caller } from "../../test/applivery-caller.js";
import { manualClock } from "../base/clock.js";
import { startAppliverySimulator, type AppliveryBehavior, type AppliverySimulator } from "./index.js";

const tokens = "/mdm/apple/enterprise/enrollment-tokens";
let simulator: AppliverySimulator;
let call: Caller;

beforeEach(async () => {
  simulator = await startAppliverySimulator({ clock: manualClock() });
  call = callerOf(simulator.credentials);
});
afterEach(() => simulator.close());

const bulk = (userEmails: unknown, members: object = {}) =>
  call("POST", `${tokens}/bulk`, { sendEmail: true, userEmails, ...members });
const owners = () => simulator.enrollments().map(({ user }) => user?.email);

describe("bulk creation", () => {
  it("answers three numbers and nothing else", async () => {
    simulator.behavior.failEmails = new Set(["luis@example.com"]);
    const answer = await bulk(["ana@example.com", "Luis@example.com", "eva@example.com"], {
      tags: ["corr:7f3a"],
      duration: 3600,
      emailText: "Open this",
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: true, data: { total: 3, success: 2, fail: 1 } });
    expect(simulator.enrollments()).toMatchObject([
      { user: { email: "ana@example.com" }, tags: ["corr:7f3a"], state: "PENDING" },
      { user: { email: "eva@example.com" }, tags: ["corr:7f3a"], state: "PENDING" },
    ]);
    expect(simulator.outbox()).toMatchObject([
      { to: "ana@example.com", emailText: "Open this" },
      { to: "eva@example.com", emailText: "Open this" },
    ]);
  });

  it("can be read back by tag, by owner and by time", async () => {
    await bulk(["ana@example.com"], { tags: ["corr:1"] });
    await bulk(["ana@example.com", "eva@example.com"], { tags: ["corr:2"] });
    const [first, second, third] = simulator.enrollments();
    const users = await call("GET", "/mdm/users?email=ANA@example.com&limit=5");
    const idsAt = async (path: string) => (await call("GET", path)).data.items.map(({ id }) => id);
    expect(await idsAt("/mdm/devices?type=apple&subType=enrollment&tags=corr:2")).toEqual([
      second?.id,
      third?.id,
    ]);
    expect(await idsAt(`${tokens}?mdm-user=${users.data.items[0]?.id ?? ""}&sort=createdAt:desc`)).toEqual([
      second?.id,
      first?.id,
    ]);
  });

  it.each<[string, Partial<AppliveryBehavior>, string[], object, string[]]>([
    [
      "missing users are made",
      {},
      ["new@example.com", "ana@example.com"],
      { total: 2, success: 2, fail: 0 },
      ["new@example.com", "ana@example.com"],
    ],
    [
      "missing users fail",
      { createMissingUsers: false },
      ["new@example.com", "ANA@example.com"],
      { total: 2, success: 1, fail: 1 },
      ["ana@example.com"],
    ],
    [
      "repeats are created each",
      {},
      ["ana@example.com", "Ana@example.com"],
      { total: 2, success: 2, fail: 0 },
      ["ana@example.com", "ana@example.com"],
    ],
    [
      "repeats are created once",
      { duplicateEmails: "create-once" },
      ["ana@example.com", "Ana@example.com"],
      { total: 1, success: 1, fail: 0 },
      ["ana@example.com"],
    ],
    [
      "repeats fail",
      { duplicateEmails: "count-as-fail" },
      ["ana@example.com", "Ana@example.com"],
      { total: 2, success: 1, fail: 1 },
      ["ana@example.com"],
    ],
    [
      "what is no address fails",
      {},
      ["ana", "ana@example.com"],
      { total: 2, success: 1, fail: 1 },
      ["ana@example.com"],
    ],
    ["nobody at all", { emptyBulk: "accept" }, [], { total: 0, success: 0, fail: 0 }, []],
  ])("by switch: %s", async (_, behavior, emails, counts, expected) => {
    simulator.seed({ users: [{ email: "ana@example.com" }] });
    Object.assign(simulator.behavior, behavior);
    expect((await bulk(emails)).data).toEqual(counts);
    expect(owners()).toEqual(expected);
  });

  it.each<[string, Partial<AppliveryBehavior>, unknown, number]>([
    ["an address that is none", { invalidEmails: "reject-call" }, ["ana@example.com", "ana"], 400],
    ["more than may come at once", { maxEmails: 1 }, ["ana@example.com", "eva@example.com"], 400],
    ["as many as may come at once", { maxEmails: 1 }, ["ana@example.com"], 200],
    ["nobody", {}, [], 400],
    ["no list", {}, undefined, 400],
    ["a bare string", {}, "ana@example.com", 400],
    ["an item that is no string", {}, ["ana@example.com", null], 400],
  ])("with %s", async (_, behavior, emails, status) => {
    Object.assign(simulator.behavior, behavior);
    expect((await bulk(emails)).status).toBe(status);
    expect(owners()).toHaveLength(status === 200 ? 1 : 0);
  });

  it.each<[AppliveryBehavior["bulkOverLimit"], object]>([
    ["count-as-fail", { status: 200, data: { total: 3, success: 2, fail: 1 } }],
    ["reject-call", { status: 400, error: { code: 5017, data: { limit: 2 } } }],
  ])("beyond the organization's limit: %s by switch", async (bulkOverLimit, expected) => {
    const { credentials } = simulator.seed({
      organizations: [{ slug: "lab", enrollmentLimit: 2 }],
      credentials: [{ organization: "lab" }],
    });
    simulator.behavior.bulkOverLimit = bulkOverLimit;
    call = callerOf(credentials[0] ?? simulator.credentials);
    expect(await bulk(["a@example.com", "b@example.com", "c@example.com"])).toMatchObject(expected);
    expect(owners()).toHaveLength(bulkOverLimit === "reject-call" ? 0 : 2);
  });

  it("is refused as a whole where the plan or a reference stands against it", async () => {
    const { credentials } = simulator.seed({
      organizations: [{ slug: "lab", features: [] }],
      credentials: [{ organization: "lab" }],
    });
    expect((await bulk(["ana@example.com"], { policyId: "65a1b2c3d4e5f60718293a4b" })).error.code).toBe(3001);
    call = callerOf(credentials[0] ?? simulator.credentials);
    expect(await bulk(["ana@example.com"])).toMatchObject({
      status: 400,
      error: { code: 5050, message: "Feature not allowed for you billing plan" },
    });
    expect(simulator.enrollments()).toEqual([]);
  });

  it("is carried out although its answer is lost", async () => {
    simulator.failNext({ kind: "reset", when: "after" }, { method: "POST", path: /\/bulk$/ });
    await expect(bulk(["ana@example.com"])).rejects.toThrow("fetch failed");
    expect(owners()).toEqual(["ana@example.com"]);
    expect(simulator.outbox()).toHaveLength(1);
  });

  it("does not happen when the connection breaks before", async () => {
    simulator.failNext({ kind: "reset", when: "before" }, { method: "POST", path: /\/bulk$/ });
    await expect(bulk(["ana@example.com"])).rejects.toThrow("fetch failed");
    expect(owners()).toEqual([]);
    expect((await bulk(["ana@example.com"])).status).toBe(200);
  });
});
