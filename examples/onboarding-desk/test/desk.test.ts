import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createDesk, type DeskRequest } from "../src/desk.js";
import { openDeskWorld, secretsOf, type DeskWorld } from "./support/world.js";

// One for all: it takes seconds to make a ledger. Each test looks at what it has made itself.
let world: DeskWorld;
beforeAll(async () => {
  world = await openDeskWorld();
});
afterEach(() => {
  for (const simulator of simulators()) simulator.clearFaults();
});
afterAll(() => world.close());

const simulators = () => [world.simulation.android, world.simulation.applivery, world.simulation.eset];

/** How many enrollments the vendors have made. */
const made = (): number => secretsOf(world.simulation).length;

const minute = 60_000;
const day = 24 * 60 * minute;

const request = (changes: Partial<DeskRequest> = {}): DeskRequest => ({
  key: randomUUID(),
  profile: "company-phone",
  person: { name: "Ana García", email: "ana.garcia@example.com" },
  ...changes,
});

const stateOf = async (id: number) => (await world.desk.open(id)).record.state;

describe("making an enrollment", () => {
  it.each([
    ["company-phone", "phones", ["scan"]],
    ["personal-phone", "phones", ["scan", "link"]],
    ["tablet", "apple", ["scan", "link", "code"]],
    ["field-device", "eset", ["scan", "link"]],
  ])("for the profile %s asks %s, and gives %j", async (profile, provider, given) => {
    const id = await world.desk.create(request({ profile }));
    const { record, way } = await world.desk.open(id);
    expect(record).toMatchObject({
      provider,
      profile,
      state: "pending",
      recipient: { name: "Ana García", email: "ana.garcia@example.com" },
    });
    const artifacts = ["scan", "link", "code", "token"] as const;
    expect(artifacts.filter((name) => way?.[name] !== undefined)).toEqual(given);
  });

  it("twice from one form, at the same time or later, makes one", async () => {
    const before = made();
    const form = request();
    const ids = await Promise.all([world.desk.create(form), world.desk.create(form)]);
    expect(new Set([...ids, await world.desk.create(form)]).size).toBe(1);
    expect(made() - before).toBe(1);
  });

  it("whose answer is lost makes one, where the vendor can tell", async () => {
    const before = made();
    const path = /enrollment-tokens/;
    world.simulation.applivery.failNext({ kind: "reset", when: "after" }, { method: "POST", path });
    const id = await world.desk.create(request({ profile: "tablet" }));
    expect(await stateOf(id)).toBe("pending");
    expect(made() - before).toBe(1);
  });

  it("whose answer is lost is shown as in doubt, where the vendor cannot tell", async () => {
    const before = made();
    world.simulation.android.failNext({ kind: "reset", when: "after" }, { path: /enrollmentTokens/ });
    const form = request();
    const id = await world.desk.create(form);
    const { record, way, canRenew, canRevoke } = await world.desk.open(id);
    expect({ outcome: record.outcome, way, canRenew, canRevoke }).toEqual({
      outcome: "unknown",
      way: undefined,
      canRenew: false,
      canRevoke: false,
    });
    // The form that is sent again leads to the same record, and makes nothing.
    expect(await world.desk.create(form)).toBe(id);
    expect(made() - before).toBe(1);
  });

  it("that has failed may be tried again with the same form", async () => {
    const before = made();
    const form = request({ validFor: "P60D" });
    await expect(world.desk.create(form)).rejects.toMatchObject({ code: "unsupported", path: "validFor" });
    const id = await world.desk.create({ ...form, validFor: "P1D" });
    expect(await stateOf(id)).toBe("pending");
    expect(made() - before).toBe(1);
  });

  it("of another length than ESET's own is refused, and says why", async () => {
    const before = world.simulation.eset.devices().length;
    await expect(
      world.desk.create(request({ profile: "field-device", validFor: "P1D" })),
    ).rejects.toMatchObject({ code: "unsupported", path: "validFor" });
    expect(world.simulation.eset.devices()).toHaveLength(before);
  });
});

describe("the ledger", () => {
  it("shows the same secrets again after a restart", async () => {
    const id = await world.desk.create(request({ profile: "tablet" }));
    const before = await world.desk.open(id);
    await world.reopen();
    const after = await world.desk.open(id);
    expect(after.way?.link?.reveal()).toBe(before.way?.link?.reveal());
    expect(after.way?.link?.reveal()).toContain("/enroll/");
  });

  it("keeps no secret in the clear", async () => {
    for (const profile of ["company-phone", "personal-phone", "tablet", "field-device"]) {
      await world.desk.create(request({ profile }));
    }
    // What is closed is on the disk.
    await world.reopen();
    const names = await readdir(world.folder, { recursive: true, withFileTypes: true });
    const files = names.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    const content = Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
    expect(content.includes("company-phone")).toBe(true);
    const secrets = secretsOf(world.simulation);
    expect(secrets.length).toBeGreaterThanOrEqual(4);
    for (const secret of secrets) expect(content.includes(secret)).toBe(false);
  });

  it("lists the last 30 days, the newest first", async () => {
    const first = await world.desk.create(request());
    world.clock.advance(20 * day);
    const second = await world.desk.create(request());
    world.clock.advance(15 * day);
    const third = await world.desk.create(request());
    expect((await world.desk.list()).map(({ id }) => id)).toEqual([third, second]);
    expect((await world.desk.open(first)).record.state).toBe("expired");
  });

  it("writes down whatever is done", async () => {
    const id = await world.desk.create(request());
    await world.desk.revoke(id);
    const { history } = await world.desk.open(id);
    expect(history.map(({ by, outcome, state }) => [by, state ?? outcome])).toEqual([
      [expect.any(String), "sending"],
      [expect.any(String), "pending"],
      ["revoke", "revoked"],
    ]);
  });
});

describe("a device that comes in", () => {
  it.each(["company-phone", "personal-phone", "tablet", "field-device"])(
    "by the profile %s is seen",
    async (profile) => {
      const id = await world.desk.create(request({ profile }));
      world.simulation.enrollDevice(await world.desk.enrollment(id));
      expect(await world.desk.refresh(id)).toEqual([]);
      const { record, way, canRenew, canRevoke } = await world.desk.open(id);
      expect({ state: record.state, devices: record.devices.length, way, canRenew, canRevoke }).toEqual({
        state: "used",
        devices: 1,
        way: undefined,
        canRenew: false,
        canRevoke: false,
      });
    },
  );

  it("is asked about no sooner than two seconds after the last time, by however many pages", async () => {
    const id = await world.desk.create(request());
    const { android } = world.simulation;
    await Promise.all([world.desk.refresh(id), world.desk.refresh(id), world.desk.refresh(id)]);
    const { length } = android.requests();
    world.clock.advance(1_999);
    await world.desk.refresh(id);
    expect(android.requests()).toHaveLength(length);
    world.clock.advance(1);
    await world.desk.refresh(id);
    expect(android.requests().length).toBeGreaterThan(length);
  });
});

describe("a vendor that cannot be asked", () => {
  it("is named, and what was known before stays", async () => {
    const id = await world.desk.create(request({ profile: "tablet" }));
    world.simulation.applivery.failNext({ kind: "status", status: 401, body: {} }, { times: 50 });
    const [problem] = await world.desk.refresh(id);
    expect(problem).toMatch(/^Applivery could not be asked: /);
    expect(await world.desk.askNow()).toContain(problem);
    expect(await stateOf(id)).toBe("pending");
  });

  it("holds up no page for longer than people wait", async () => {
    const { ledger, service, clock } = world;
    const id = await world.desk.create(request());
    const hasty = createDesk({ ledger, service, clock, patience: () => AbortSignal.abort() });
    const sentence = "The vendors did not answer in time. This is what was known before.";
    expect(await hasty.refresh(id)).toEqual([sentence]);
    expect(await stateOf(id)).toBe("pending");
  });
});

describe("taking back", () => {
  it("lets nobody in any more, and may be done twice", async () => {
    const id = await world.desk.create(request());
    const enrollment = await world.desk.enrollment(id);
    await world.desk.revoke(id);
    await world.desk.revoke(id);
    expect(() => {
      world.simulation.enrollDevice(enrollment);
    }).toThrow("the enrollment token was deleted");
    const { record, way, canRevoke } = await world.desk.open(id);
    expect({ state: record.state, way, canRevoke }).toEqual({
      state: "revoked",
      way: undefined,
      canRevoke: false,
    });
  });

  it("is refused where the vendor cannot", async () => {
    const id = await world.desk.create(request({ profile: "field-device" }));
    expect((await world.desk.open(id)).canRevoke).toBe(false);
    await expect(world.desk.revoke(id)).rejects.toMatchObject({ code: "unsupported" });
    expect(await stateOf(id)).toBe("pending");
  });

  it("of what is not there is refused", async () => {
    await expect(world.desk.revoke(77)).rejects.toMatchObject({ code: "not-found" });
    await expect(world.desk.open(77)).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("renewing", () => {
  it("makes another, and takes the old one back", async () => {
    const id = await world.desk.create(request());
    const old = await world.desk.enrollment(id);
    const { record } = await world.desk.renew(id);
    const before = await world.desk.open(id);
    const after = await world.desk.open(record.id);
    expect(before).toMatchObject({ way: undefined, canRenew: false, record: { renewedBy: record.id } });
    expect(after.record).toMatchObject({ renews: id, state: "pending", recipient: { name: "Ana García" } });
    expect(() => {
      world.simulation.enrollDevice(old);
    }).toThrow("was deleted");
    world.simulation.enrollDevice(await world.desk.enrollment(record.id));
  });

  it("is possible for what has run out, and not for what was used", async () => {
    const id = await world.desk.create(request({ validFor: "PT10M" }));
    world.clock.advance(10 * minute);
    const over = await world.desk.open(id);
    expect({ state: over.record.state, way: over.way, canRenew: over.canRenew }).toEqual({
      state: "expired",
      way: undefined,
      canRenew: true,
    });
    const { record } = await world.desk.renew(id);
    world.simulation.enrollDevice(await world.desk.enrollment(record.id));
    await world.desk.refresh(record.id);
    await expect(world.desk.renew(record.id)).rejects.toMatchObject({ code: "already-enrolled" });
  });
});
