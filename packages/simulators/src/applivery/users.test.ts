import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerOf, type Caller } from "../../test/applivery-caller.js";
import { manualClock } from "../base/clock.js";
import { startAppliverySimulator, type AppliverySimulator } from "./index.js";

const users = "/mdm/users";
const anyId = "65a1b2c3d4e5f60718293a4b";
let simulator: AppliverySimulator;
let call: Caller;

beforeEach(async () => {
  simulator = await startAppliverySimulator({ clock: manualClock() });
  call = callerOf(simulator.credentials);
});
afterEach(() => simulator.close());

const create = (members: object = {}) => call("POST", users, { email: "ana@example.com", ...members });

describe("users", () => {
  it("are made with counters of their own", async () => {
    const traits = {
      name: "Ana",
      managedAppleId: "ana@school.example.com",
      tags: ["sales"],
      language: "es",
      metadata: { floor: 3 },
    };
    const { status, data } = await create(traits);
    expect(status).toBe(200);
    expect(data).toEqual({
      id: expect.stringMatching(/^[a-f0-9]{24}$/) as string,
      email: "ana@example.com",
      ...traits,
      android: { devices: {}, enrollmentTokens: { DONE: 0, PENDING: 0, EXPIRED: 0, DELETED: 0 } },
      apple: { devices: 0, enrollmentTokens: 0 },
      windows: { devices: 0, enrollmentTokens: 0 },
      inferredSegmentIds: [],
      createdAt: "2026-09-20T10:00:00.000Z",
      updatedAt: "2026-09-20T10:00:00.000Z",
    });
    expect((await call("GET", `${users}/${data.id}`)).data).toEqual(data);
  });

  it("count their pending tokens and their devices", async () => {
    const { data } = await create();
    const email = "ana@example.com";
    const { enrollments } = simulator.seed({
      enrollments: [{ email }, { email }, { email, duration: 60 }, { email, platform: "windows" }],
    });
    simulator.enrollDevice({ linkOrCode: enrollments[0]?.link ?? "", serialNumber: "C02" });
    simulator.clock.advance(60_000);
    expect((await call("GET", `${users}/${data.id}`)).data).toMatchObject({
      apple: { devices: 1, enrollmentTokens: 1 },
      windows: { devices: 0, enrollmentTokens: 1 },
      inferredSegmentIds: [0],
    });
  });

  it.each<[string, object, number, number]>([
    ["an address that is taken, in any letter case", { email: "LUIS@example.com" }, 400, 5048],
    ["no address", { email: undefined }, 400, 0],
    ["an address that is none", { email: "ana" }, 400, 0],
    ["an address that is too long", { email: `${"a".repeat(120)}@example.com` }, 400, 0],
    ["a language that is none", { language: "sv" }, 400, 0],
    ["metadata that is no object", { metadata: [] }, 400, 0],
    ["an unknown member", { role: "admin" }, 400, 0],
  ])("are not made with %s", async (_, members, status, code) => {
    simulator.seed({ users: [{ email: "luis@example.com" }] });
    expect(await create(members)).toMatchObject({ status, error: { code } });
    expect(simulator.users()).toHaveLength(1);
  });

  it("are updated, but for the address", async () => {
    const { data } = await create({ name: "Ana", tags: ["old"] });
    simulator.clock.advance(1000);
    expect(
      (await call("PUT", `${users}/${data.id}`, { tags: ["new"], metadata: { floor: 4 } })).data,
    ).toEqual({
      ...data,
      tags: ["new"],
      metadata: { floor: 4 },
      updatedAt: "2026-09-20T10:00:01.000Z",
    });
    expect((await call("PUT", `${users}/${data.id}`, { email: "eva@example.com" })).status).toBe(400);
  });

  it.each<[string, string, object | undefined]>([
    ["GET", anyId, undefined],
    ["PUT", anyId, {}],
    ["DELETE", anyId, undefined],
  ])("%s of an unknown one is a 404, and of what is no id a 400", async (method, id, body) => {
    expect(await call(method, `${users}/${id}`, body)).toMatchObject({ status: 404, error: { code: 3001 } });
    expect((await call(method, `${users}/ana`, body)).status).toBe(400);
  });

  it("are deleted only without devices and pending tokens", async () => {
    const { data } = await create();
    const path = `${users}/${data.id}`;
    const { enrollments } = simulator.seed({ enrollments: [{ email: "ana@example.com", duration: 60 }] });
    expect((await call("DELETE", path)).status).toBe(400);
    simulator.clock.advance(60_000);
    expect((await call("DELETE", path)).data.id).toBe(data.id);
    expect((await call("GET", path)).status).toBe(404);
    expect(simulator.enrollments()).toMatchObject([
      { id: enrollments[0]?.id, user: { email: "ana@example.com" } },
    ]);
    simulator.seed({
      users: [{ email: "eva@example.com" }],
      devices: [{ serialNumber: "C02", email: "eva@example.com" }],
    });
    const eva = simulator.users()[0]?.id ?? "";
    expect((await call("DELETE", `${users}/${eva}`)).status).toBe(400);
  });
});

describe("the list of users", () => {
  beforeEach(() => {
    simulator.seed({
      users: [
        { email: "ana@example.com", name: "Ana Gil", tags: ["sales", "madrid"] },
        { email: "ana.b@example.com", name: "Ana Baz", tags: ["sales"] },
        { email: "luis@example.com", name: "Luis Gil" },
      ],
    });
  });

  const shown = async (query: string) =>
    (await call("GET", `${users}?${query}`)).data.items.map((user) =>
      simulator.users().findIndex(({ id }) => id === user.id),
    );

  it.each([
    ["", [0, 1, 2]],
    ["email=ANA@example.com", [0]],
    ["email=ana", []],
    ["email=", [0, 1, 2]],
    ["name=gil", [0, 2]],
    ["search=ana", [0, 1]],
    ["search=luis@", [2]],
    ["tags=sales", [0, 1]],
    ["tags=sales&tags=madrid", [0]],
    ["tags=sales,madrid", [0]],
    ["tags[]=madrid", [0]],
    ["sort=name:asc", [1, 0, 2]],
    ["sort=email:desc", [2, 0, 1]],
  ])("?%s shows %j", async (query, expected) => {
    expect(await shown(query)).toEqual(expected);
  });

  it("compares the start of an address by switch", async () => {
    simulator.behavior.userEmailFilter = "prefix";
    expect(await shown("email=ANA")).toEqual([0, 1]);
  });

  it("refuses a text that is too long", async () => {
    expect((await call("GET", `${users}?search=${"x".repeat(129)}`)).status).toBe(400);
  });

  it("names the tags in use", async () => {
    expect((await call("GET", `${users}/tags`)).data.items).toEqual([
      { value: "sales" },
      { value: "madrid" },
    ]);
  });
});
