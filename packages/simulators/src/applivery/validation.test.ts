import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerOf, type Caller } from "../../test/applivery-caller.js";
import { manualClock } from "../base/clock.js";
import { startAppliverySimulator, type AppliverySimulator } from "./index.js";

const tokens = "/mdm/apple/enterprise/enrollment-tokens";
let simulator: AppliverySimulator;
let call: Caller;
let mdmUserId: string;
let policyId: string;
let application: string;

beforeEach(async () => {
  simulator = await startAppliverySimulator({ clock: manualClock() });
  call = callerOf(simulator.credentials);
  const { users, appleAssets } = simulator.seed({
    users: [{ email: "ana@example.com" }],
    appleAssets: [{ kind: "application", name: "Mail" }],
  });
  mdmUserId = users[0]?.id ?? "";
  application = appleAssets[0]?.id ?? "";
  policyId = simulator.policies().find(({ platform }) => platform === "apple")?.id ?? "";
});
afterEach(() => simulator.close());

/** A body that passes, but for these members; `undefined` takes one away. */
const create = (members: Record<string, unknown>) =>
  call("POST", tokens, { sendEmail: false, mdmUserId, ...members });

/** The body exactly as the vendor's page prints it. */
const dumpedSchema = {
  type: "object",
  children: {
    sendEmail: {
      type: "boolean",
      flags: { presence: "required", insensitive: true },
      truthy: true,
      falsy: true,
    },
    displayName: {
      type: "string",
      valids: "",
      rules: { name: "max", arg: 128 },
    },
    tags: { type: "array", flags: { sparse: true }, items: { type: "string", valids: "" } },
    duration: {
      type: "number",
      flags: { unsafe: true },
      invalids: null,
      rules: { name: "integer" },
      description: "between 1m and 30d, 1d by default",
    },
    language: { type: "string", flags: { allowOnly: true }, invalids: "", valids: "es" },
    policyId: { type: "string", valids: "", rules: { name: "regex", arg: { pattern: "string" } } },
  },
};

describe("the schema that the pages print as a body", () => {
  it.each([
    [tokens, { mdmUserId: "65a1b2c3d4e5f60718293a4b" }],
    [`${tokens}/bulk`, { userEmails: ["ana@example.com"] }],
  ])("is refused at %s, with either way of treating unknown members", async (path, rest) => {
    const body = { ...dumpedSchema, ...rest };
    expect(await call("POST", path, body)).toMatchObject({
      status: 400,
      error: { code: 0, message: '"type" is not allowed' },
    });
    simulator.behavior.unknownKeys = "strip";
    expect(await call("POST", path, body)).toMatchObject({
      status: 400,
      error: { code: 0, message: '"sendEmail" is required' },
    });
    expect(simulator.enrollments()).toEqual([]);
  });
});

describe("what the flags of the printed schema mean", () => {
  it.each<[string, Record<string, unknown>, number]>([
    ["required: present", {}, 200],
    ["required: missing", { sendEmail: undefined }, 400],
    ["required: null", { sendEmail: null }, 400],
    ["required: the owner is missing", { mdmUserId: undefined }, 400],
    ["optional: null", { displayName: null }, 400],
    ["optional: null where a number is meant", { duration: null }, 400],
    ["boolean: true", { sendEmail: true }, 200],
    ["boolean: a string in any letter case", { sendEmail: "TRUE" }, 200],
    ["boolean: a string for false", { sendEmail: "False" }, 200],
    ["boolean: a number", { sendEmail: 1 }, 400],
    ["boolean: another word", { sendEmail: "yes" }, 400],
    ["valids '': an empty name", { displayName: "" }, 200],
    ["valids '': an empty tag", { tags: [""] }, 200],
    ["valids '': an empty policy means none", { policyId: "" }, 200],
    ["valids '': an empty VPP location means none", { admVppLocationId: "" }, 200],
    ["valids '': an empty text", { emailText: "" }, 200],
    ["invalids '': an empty language", { language: "" }, 400],
    ["invalids '': an empty profile", { profiles: [""] }, 400],
    ["allowOnly: one of the languages", { language: "es" }, 200],
    ["allowOnly: another letter case", { language: "ES" }, 400],
    ["allowOnly: another language", { language: "sv" }, 400],
    ["max: as long as allowed", { displayName: "x".repeat(128) }, 200],
    ["max: one too long", { displayName: "x".repeat(129) }, 400],
    ["max: counted in UTF-16 units", { displayName: "😀".repeat(65) }, 400],
    ["max: each tag", { tags: ["x".repeat(129)] }, 400],
    ["regex: not an id", { mdmUserId: "abc" }, 400],
    ["regex: not an id either", { policyId: "65a1b2c3d4e5f60718293a4g" }, 400],
    ["integer: the shortest", { duration: 60 }, 200],
    ["integer: too short", { duration: 59 }, 400],
    ["integer: the longest", { duration: 2_592_000 }, 200],
    ["integer: too long", { duration: 2_592_001 }, 400],
    ["integer: a fraction", { duration: 60.5 }, 400],
    ["integer: a numeric string", { duration: "3600" }, 200],
    ["integer: a string that is no number", { duration: "1d" }, 400],
    ["integer: an empty string", { duration: "" }, 400],
    ["unsafe: beyond the safe integers", { segmentId: 2 ** 53 }, 400],
    ["sparse: null in an array", { tags: ["a", null] }, 400],
    ["array: a bare string", { tags: "a" }, 400],
    ["string: a number is not turned into one", { displayName: 7 }, 400],
    ["unknown member", { colour: "red" }, 400],
    ["unknown member of a member", { admPolicyAssignments: [{ priority: 1, weight: 2 }] }, 400],
    ["priority: missing", { admPolicyAssignments: [{}] }, 400],
    ["priority: the lowest, alone", { admPolicyAssignments: [{ priority: 0 }] }, 200],
    ["priority: too high", { admPolicyAssignments: [{ priority: 10_001 }] }, 400],
    ["applications: the id is missing", { applications: [{ managed: true }] }, 400],
    ["applications: not objects", { applications: ["a"] }, 400],
    ["segmentId: negative", { segmentId: -1 }, 400],
  ])("%s", async (_, members, status) => {
    expect((await create(members)).status).toBe(status);
    expect(simulator.enrollments()).toHaveLength(status === 200 ? 1 : 0);
  });

  it("takes everything at once, numbers and booleans from strings too", async () => {
    const body = {
      sendEmail: "false",
      duration: "259200",
      segmentId: "0",
      policyId,
      admPolicyAssignments: [{ admPolicyId: policyId, priority: "100" }],
      applications: [
        {
          admApplication: application,
          managed: "TRUE",
          vpp: true,
          iOSApp: false,
          configuration: { anything: [1] },
          action: "forceInstall",
          actionStatus: "forceInstall",
          scripts: { preInstall: "", postInstall: "true", audit: "", enforce: "", runner: "" },
          updatePolicy: { anything: 1 },
        },
      ],
    };
    const { data } = await create(body);
    expect(data).toMatchObject({
      admPolicy: { id: policyId, name: "Standard" },
      admPolicyAssignments: [{ admPolicyId: policyId, priority: 100 }],
      applications: [{ admApplication: application, managed: true, vpp: true, iOSApp: false }],
    });
    expect(Date.parse(data.expireAt) - Date.parse(data.createdAt)).toBe(259_200_000);
  });

  it.each<[string, Record<string, unknown>]>([
    ["where the empty string passes", { displayName: null, policyId: null, emailText: null }],
  ])("null passes by switch %s, and nowhere else", async (_, members) => {
    simulator.behavior.acceptNull = true;
    expect((await create(members)).status).toBe(200);
    expect((await create({ language: null })).status).toBe(400);
    expect((await create({ sendEmail: null })).status).toBe(400);
  });

  it("unknown members are taken off by switch, at every depth", async () => {
    simulator.behavior.unknownKeys = "strip";
    const { status, data } = await create({
      colour: "red",
      admPolicyAssignments: [{ priority: 1, weight: 2 }],
    });
    expect(status).toBe(200);
    expect(data).not.toHaveProperty("colour");
  });
});

describe("bodies", () => {
  it.each<[string, string, string]>([
    ["not JSON", "application/json", "{"],
    ["an array", "application/json", "[]"],
    ["null", "application/json", "null"],
    ["empty", "application/json", ""],
    ["JSON of another content type, which is not read", "text/plain", '{"sendEmail":true}'],
  ])("%s is a 400", async (_, contentType, body) => {
    const { baseUrl, token } = simulator.credentials;
    const response = await fetch(`${baseUrl}/organizations/acme${tokens}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": contentType },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ status: false, error: { code: 0 } });
  });

  it("are refused under the code of the switch", async () => {
    simulator.behavior.validationErrorCode = 5001;
    expect((await create({ duration: 59 })).error).toEqual({
      code: 5001,
      message: '"duration" must be larger than or equal to 60',
    });
  });
});
