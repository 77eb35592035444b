import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerOf, type Caller } from "../../test/applivery-caller.js";
import { manualClock } from "../base/clock.js";
import { startAppliverySimulator, type AppliverySeed, type AppliverySimulator } from "./index.js";

const tokens = "/mdm/apple/enterprise/enrollment-tokens";
const anyId = "65a1b2c3d4e5f60718293a4b";
let simulator: AppliverySimulator;
let call: Caller;
let mdmUserId: string;

beforeEach(async () => {
  simulator = await startAppliverySimulator({ clock: manualClock() });
  call = callerOf(simulator.credentials);
  mdmUserId = simulator.seed({ users: [{ email: "ana@example.com", language: "fr" }] }).users[0]?.id ?? "";
});
afterEach(() => simulator.close());

const create = (members: object = {}) => call("POST", tokens, { sendEmail: false, mdmUserId, ...members });
const policyOf = (platform: string) =>
  simulator.policies().find((policy) => policy.platform === platform)?.id ?? "";

/** Calls as an admin of an organization of its own, with a user in it. */
const within = (organization: NonNullable<AppliverySeed["organizations"]>[number]) => {
  const { credentials, users } = simulator.seed({
    organizations: [organization],
    credentials: [{ organization: organization.slug }],
    users: [{ organization: organization.slug, email: "luis@example.com" }],
  });
  if (credentials[0] === undefined) throw new Error("no credentials were made");
  return { call: callerOf(credentials[0]), mdmUserId: users[0]?.id };
};

describe("create", () => {
  it("answers the whole token, which then is the only one", async () => {
    const { status, body } = await create({ displayName: "Ana – iPhone", tags: ["corr:7f3a"] });
    const [enrollment] = simulator.enrollments();
    expect(status).toBe(200);
    expect(body).toEqual({
      status: true,
      data: {
        id: expect.stringMatching(/^[a-f0-9]{24}$/) as string,
        organization: simulator.credentials.organizationId,
        admEnterprise: expect.stringMatching(/^[a-f0-9]{24}$/) as string,
        mdmUser: { id: mdmUserId, email: "ana@example.com" },
        displayName: "Ana – iPhone",
        tags: ["corr:7f3a"],
        state: "PENDING",
        config: {},
        enroll: { serverExpirationDate: "2027-09-20T10:00:00.000Z", mobileConfigSigned: true },
        type: "apple",
        subType: "enrollment",
        createdAt: "2026-09-20T10:00:00.000Z",
        updatedAt: "2026-09-20T10:00:00.000Z",
        expireAt: "2026-09-21T10:00:00.000Z",
        summary: { expirationTimestamp: "2026-09-21T10:00:00.000Z" },
        enrollmentLink: enrollment?.link,
        enrollCode: expect.stringMatching(/^[A-Z0-9]{9}$/) as string,
        admPolicy: null,
        admPolicyAssignments: [],
        profiles: [],
        applications: [],
        segmentId: 0,
        sendEmail: false,
        emailText: "",
      },
    });
    expect(simulator.enrollments()).toHaveLength(1);
    expect(enrollment?.link).toBe(`${simulator.url}/enroll/apple/${enrollment?.code ?? ""}`);
    expect(simulator.outbox()).toEqual([]);
  });

  it("sends the invitation only when asked, in the language of the call or else of the user", async () => {
    await create({ sendEmail: true, emailText: "Hola", language: "es" });
    await create({ sendEmail: true });
    const [first, second] = simulator.enrollments();
    const common = { to: "ana@example.com", sentAt: simulator.clock.now() };
    expect(simulator.outbox()).toEqual([
      { ...common, language: "es", emailText: "Hola", link: first?.link, enrollmentId: first?.id },
      { ...common, language: "fr", emailText: undefined, link: second?.link, enrollmentId: second?.id },
    ]);
  });

  it.each([200, 201] as const)("succeeds with %i by switch", async (status) => {
    simulator.behavior.createdStatus = status;
    expect((await create()).status).toBe(status);
  });

  it("prints the types of the token pages by switch", async () => {
    simulator.behavior.tokenTypes = "printed";
    expect((await create()).data).toMatchObject({ type: "user", subType: "standard" });
  });

  it("shows what else the token refers to", async () => {
    const { appleAssets, segments } = simulator.seed({
      appleAssets: [
        { kind: "profile", name: "Wi-Fi" },
        { kind: "vpp-location", name: "Head office" },
      ],
      segments: [{ id: 4, name: "Sales" }],
    });
    const [profile, location] = appleAssets.map(({ id }) => id);
    const body = { profiles: [profile], admVppLocationId: location, segmentId: segments[0]?.id };
    expect((await create(body)).data).toMatchObject({
      profiles: [{ id: profile, name: "Wi-Fi" }],
      admVppLocation: { id: location, name: "Head office" },
      segmentId: 4,
    });
  });

  it.each<[string, () => object]>([
    ["user", () => ({ mdmUserId: anyId })],
    ["policy", () => ({ policyId: anyId })],
    ["policy of the platform", () => ({ policyId: policyOf("windows") })],
    ["assigned policy", () => ({ admPolicyAssignments: [{ admPolicyId: anyId, priority: 1 }] })],
    ["profile", () => ({ profiles: [anyId] })],
    ["application", () => ({ applications: [{ admApplication: anyId }] })],
    ["VPP location", () => ({ admVppLocationId: anyId })],
    ["segment", () => ({ segmentId: 99 })],
  ])("without such a %s is a 404", async (_, members) => {
    expect(await create(members())).toMatchObject({
      status: 404,
      error: { code: 3001, message: "Entity not found" },
    });
    expect(simulator.enrollments()).toEqual([]);
  });

  it.each([
    ["accept", 200],
    ["reject", 400],
  ] as const)("with a policy and assignments: %s by switch", async (combinedPolicies, status) => {
    simulator.behavior.combinedPolicies = combinedPolicies;
    const policyId = policyOf("apple");
    const body = { policyId, admPolicyAssignments: [{ admPolicyId: policyId, priority: 1 }] };
    expect((await create(body)).status).toBe(status);
  });

  it.each([
    ["no Apple in its plan", { features: ["windows"] }, [], 400, 5050],
    ["no policy composition in its plan", { features: ["apple"] }, [{ priority: 1 }], 400, 5050],
    ["Apple in its plan, but not set up", { enterprises: [] }, [], 404, 3001],
    ["no room for another token", { enrollmentLimit: 0 }, [], 400, 5017],
  ] as const)("in an organization with %s", async (_, traits, admPolicyAssignments, status, code) => {
    const { call: callWithin, mdmUserId: user } = within({ slug: "lab", ...traits });
    const body = { sendEmail: false, mdmUserId: user, admPolicyAssignments };
    expect(await callWithin("POST", tokens, body)).toMatchObject({ status, error: { code } });
  });

  it("says what the limit is, and counts deleted tokens no longer", async () => {
    const { call: callWithin, mdmUserId: user } = within({ slug: "lab", enrollmentLimit: 1 });
    const body = { sendEmail: false, mdmUserId: user };
    const { data } = await callWithin("POST", tokens, body);
    expect((await callWithin("POST", tokens, body)).error).toEqual({
      code: 5017,
      message: "Limit Exceeded",
      data: { limit: 1 },
    });
    await callWithin("DELETE", `${tokens}/${data.id}`);
    expect((await callWithin("POST", tokens, body)).status).toBe(200);
  });

  it("of two organizations keeps the tokens apart", async () => {
    const { data } = await create();
    const { call: callWithin } = within({ slug: "lab" });
    expect((await callWithin("GET", `${tokens}/${data.id}`)).status).toBe(404);
    expect((await callWithin("GET", tokens)).data.totalDocs).toBe(0);
  });
});

describe("get", () => {
  it("answers what create answered", async () => {
    const { data } = await create();
    expect((await call("GET", `${tokens}/${data.id}`)).data).toEqual(data);
    expect((await call("GET", `${tokens}/${data.id}/`)).status).toBe(200);
  });

  it.each([
    ["not-an-id", 400, 0],
    [anyId, 404, 3001],
  ])("%s is a %i", async (id, status, code) => {
    expect(await call("GET", `${tokens}/${id}`)).toMatchObject({ status, error: { code } });
  });

  it("shows a token as expired from the moment its time is over", async () => {
    const { data } = await create({ duration: 60 });
    simulator.clock.advance(59_999);
    expect((await call("GET", `${tokens}/${data.id}`)).data.state).toBe("PENDING");
    simulator.clock.advance(1);
    expect((await call("GET", `${tokens}/${data.id}`)).data.state).toBe("EXPIRED");
  });
});

describe("update", () => {
  it("changes the members that it may change, and nothing else", async () => {
    const { data } = await create({ displayName: "old", tags: ["old"], policyId: policyOf("apple") });
    simulator.clock.advance(1000);
    const { data: updated } = await call("PUT", `${tokens}/${data.id}`, { tags: ["new"], policyId: "" });
    expect(updated).toEqual({
      ...data,
      tags: ["new"],
      admPolicy: null,
      updatedAt: "2026-09-20T10:00:01.000Z",
    });
    const path = (tag: string) => `/mdm/devices?subType=enrollment&tags=${tag}`;
    expect((await call("GET", path("old"))).data.totalDocs).toBe(0);
    expect((await call("GET", path("new"))).data.totalDocs).toBe(1);
  });

  it.each<[string, object, number, number]>([
    ["the duration", { duration: 60 }, 400, 0],
    ["the owner", { mdmUserId: anyId }, 400, 0],
    ["a name that is too long", { displayName: "x".repeat(129) }, 400, 0],
    ["a priority that is too high", { admPolicyAssignments: [{ priority: 10_001 }] }, 400, 0],
    ["a policy that does not exist", { policyId: anyId }, 404, 3001],
  ])("refuses %s", async (_, body, status, code) => {
    const { data } = await create();
    expect(await call("PUT", `${tokens}/${data.id}`, body)).toMatchObject({ status, error: { code } });
  });

  it.each([
    ["reject", 400],
    ["accept", 200],
  ] as const)("of a token that has expired: %s by switch", async (updateOfClosedToken, status) => {
    simulator.behavior.updateOfClosedToken = updateOfClosedToken;
    const { data } = await create({ duration: 60 });
    simulator.clock.advance(60_000);
    expect((await call("PUT", `${tokens}/${data.id}`, { displayName: "new" })).status).toBe(status);
  });

  it("of an unknown token is a 404", async () => {
    expect((await call("PUT", `${tokens}/${anyId}`, {})).status).toBe(404);
    expect((await call("PUT", `${tokens}/not-an-id`, {})).status).toBe(400);
  });
});

describe("delete", () => {
  it("answers the token in its new state, and hides it from the list", async () => {
    const { data } = await create();
    expect(await call("DELETE", `${tokens}/${data.id}`)).toMatchObject({
      status: 200,
      data: { id: data.id, state: "DELETED" },
    });
    expect((await call("GET", tokens)).data.items).toEqual([]);
    expect((await call("GET", `${tokens}?show-deleted=true`)).data.items).toMatchObject([{ id: data.id }]);
    expect(simulator.enrollments()).toMatchObject([{ state: "DELETED" }]);
  });

  it.each([
    ["not-found", 404],
    ["accept", 200],
  ] as const)("of a deleted token: %s by switch", async (deleteOfDeletedToken, status) => {
    simulator.behavior.deleteOfDeletedToken = deleteOfDeletedToken;
    const { data } = await create();
    await call("DELETE", `${tokens}/${data.id}`);
    expect((await call("DELETE", `${tokens}/${data.id}`)).status).toBe(status);
  });

  it.each([
    [true, 200],
    [false, 404],
  ])("leaves it readable by id: %s by switch", async (deletedTokenReadable, status) => {
    simulator.behavior.deletedTokenReadable = deletedTokenReadable;
    const { data } = await create();
    await call("DELETE", `${tokens}/${data.id}`);
    expect((await call("GET", `${tokens}/${data.id}`)).status).toBe(status);
  });

  it("of an unknown token is a 404", async () => {
    expect((await call("DELETE", `${tokens}/${anyId}`)).status).toBe(404);
  });
});
