import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerOf, type Caller } from "../../test/applivery-caller.js";
import { manualClock } from "../base/clock.js";
import { startAppliverySimulator, type AppliverySimulator } from "./index.js";

const tokens = "/mdm/apple/enterprise/enrollment-tokens";
const anyId = "65a1b2c3d4e5f60718293a4b";
let simulator: AppliverySimulator;
let call: Caller;

beforeEach(async () => {
  simulator = await startAppliverySimulator({ clock: manualClock() });
  call = callerOf(simulator.credentials);
});
afterEach(() => simulator.close());

const namesAt = async (path: string) =>
  (await call("GET", path)).data.items.map(({ displayName }) => displayName);

/** Tokens a, b, c, … of one user, a second apart. */
const seedTokens = (count: number) => {
  for (let index = 0; index < count; index += 1) {
    const displayName = String.fromCharCode(97 + index);
    simulator.seed({ enrollments: [{ email: "ana@example.com", displayName }] });
    simulator.clock.advance(1000);
  }
};

describe("paging", () => {
  it("is empty in the same envelope", async () => {
    expect((await call("GET", tokens)).data).toEqual({
      items: [],
      totalDocs: 0,
      limit: 100,
      page: 1,
      totalPages: 0,
      hasPrevPage: false,
      hasNextPage: false,
      prevPage: null,
      nextPage: null,
      lean: true,
    });
  });

  it.each([
    [
      "",
      "abcde",
      { page: 1, totalPages: 1, hasPrevPage: false, prevPage: null, hasNextPage: false, nextPage: null },
    ],
    [
      "limit=2",
      "ab",
      { page: 1, totalPages: 3, hasPrevPage: false, prevPage: null, hasNextPage: true, nextPage: 2 },
    ],
    [
      "limit=2&page=2",
      "cd",
      { totalPages: 3, hasPrevPage: true, prevPage: 1, hasNextPage: true, nextPage: 3 },
    ],
    [
      "limit=2&page=3",
      "e",
      { totalPages: 3, hasPrevPage: true, prevPage: 2, hasNextPage: false, nextPage: null },
    ],
    ["limit=2&page=4", "", { totalDocs: 5, totalPages: 3, hasNextPage: false, nextPage: null }],
  ])("?%s shows %j", async (query, names, envelope) => {
    seedTokens(5);
    expect((await call("GET", `${tokens}?${query}`)).data).toMatchObject({ totalDocs: 5, ...envelope });
    expect((await namesAt(`${tokens}?${query}`)).join("")).toBe(names);
  });

  it("shows 100 at once unless told otherwise", async () => {
    simulator.seed({
      users: Array.from({ length: 101 }, (_, index) => ({ email: `user-${index}@example.com` })),
    });
    expect((await call("GET", "/mdm/users")).data.items).toHaveLength(100);
    expect((await call("GET", "/mdm/users?page=2")).data.items).toHaveLength(1);
    expect((await call("GET", "/mdm/users?limit=10000")).data.items).toHaveLength(101);
  });

  it.each([
    ["createdAt", "abc"],
    ["createdAt:asc", "abc"],
    ["createdAt:desc", "cba"],
    ["displayName:desc", "cba"],
    ["summary.expirationTimestamp:desc", "cba"],
    ["mdmUser.email:desc", "abc"],
    ["segmentId:asc", "abc"],
    ["nothing.of.the.kind:desc", "abc"],
    ["", "abc"],
  ])("sort=%s shows %j", async (sort, names) => {
    seedTokens(3);
    expect((await namesAt(`${tokens}?sort=${sort}`)).join("")).toBe(names);
  });

  it.each([
    "page=0",
    "page=x",
    "limit=0",
    "limit=-1",
    "limit=1.5",
    "limit=10001",
    "sort=createdAt:down",
    "sort=a b",
    "mdm-user=ana",
    "adm-policy=standard",
    "show-deleted=maybe",
    "segmentId=x",
    "segmentId=0&expandTo=everything",
  ])("?%s is a 400", async (query) => {
    expect(await call("GET", `${tokens}?${query}`)).toMatchObject({ status: 400, error: { code: 0 } });
  });

  it("has its largest page by switch, refused or cut", async () => {
    seedTokens(3);
    Object.assign(simulator.behavior, { maximumPageSize: 2, pageSizeAboveMaximum: "clamp" });
    expect((await call("GET", `${tokens}?limit=3`)).data).toMatchObject({ limit: 2, hasNextPage: true });
    simulator.behavior.pageSizeAboveMaximum = "reject";
    expect((await call("GET", `${tokens}?limit=3`)).status).toBe(400);
  });
});

describe("the list of tokens", () => {
  it("filters by owner, by policy in either place, and by segment with those around it", async () => {
    const policyId = simulator.policies().find(({ platform }) => platform === "apple")?.id ?? "";
    const { users } = simulator.seed({
      users: [{ email: "ana@example.com" }, { email: "luis@example.com" }],
      segments: [
        { id: 1, name: "Europe" },
        { id: 2, name: "Spain", parentId: 1 },
      ],
      enrollments: [
        { email: "ANA@example.com", displayName: "a", policyId },
        { email: "luis@example.com", displayName: "b", segmentId: 1 },
        { email: "luis@example.com", displayName: "c", segmentId: 2 },
      ],
    });
    const body = {
      sendEmail: false,
      mdmUserId: users[0]?.id,
      displayName: "d",
      admPolicyAssignments: [{ admPolicyId: policyId, priority: 1 }],
    };
    await call("POST", tokens, body);

    const shown = async (query: string) => (await namesAt(`${tokens}?${query}`)).join("");
    expect(await shown(`mdm-user=${users[0]?.id ?? ""}`)).toBe("ad");
    expect(await shown(`mdm-user=${anyId}`)).toBe("");
    expect(await shown(`adm-policy=${policyId}`)).toBe("ad");
    expect(await shown("segmentId=1")).toBe("b");
    expect(await shown("segmentId=1&expandTo=children")).toBe("bc");
    expect(await shown("segmentId=2&expandTo=ancestors")).toBe("abcd");
    expect(await shown("show-deleted=false")).toBe("abcd");
  });

  it("shows new tokens late by switch, in every read", async () => {
    simulator.behavior.readLagMilliseconds = 500;
    const { enrollments } = simulator.seed({ enrollments: [{ email: "ana@example.com" }] });
    const paths = [tokens, "/mdm/devices"];
    const one = `${tokens}/${enrollments[0]?.id ?? ""}`;
    const totals = () => Promise.all(paths.map(async (path) => (await call("GET", path)).data.totalDocs));
    simulator.clock.advance(499);
    expect([await totals(), (await call("GET", one)).status]).toEqual([[0, 0], 404]);
    expect(simulator.enrollments()).toHaveLength(1);
    simulator.clock.advance(1);
    expect([await totals(), (await call("GET", one)).status]).toEqual([[1, 1], 200]);
  });
});

describe("catalogs", () => {
  it("answers segments as a tree without pages", async () => {
    simulator.seed({
      segments: [
        { id: 1, name: "Europe" },
        { id: 2, name: "Spain", parentId: 1 },
        { id: 3, name: "Asia" },
      ],
    });
    expect((await call("GET", "/segments")).data).toEqual({
      organizationId: simulator.credentials.organizationId,
      children: [
        {
          id: 0,
          name: "Global",
          children: [
            { id: 1, name: "Europe", children: [{ id: 2, name: "Spain", children: [] }] },
            { id: 3, name: "Asia", children: [] },
          ],
        },
      ],
    });
  });

  it.each(["apple", "windows", "aosp"] as const)("lists the policies of %s alone", async (platform) => {
    const { policies } = simulator.seed({ policies: [{ platform, name: "Kiosk" }] });
    const { data } = await call("GET", `/mdm/${platform}/enterprise/policies/`);
    expect(data.items).toMatchObject([{ name: "Standard" }, { id: policies[0]?.id, name: "Kiosk" }]);
    expect(data.totalDocs).toBe(2);
  });
});
