import { Secret, type IsoInstant } from "@enrollkit/core";
import { createTestClock } from "@enrollkit/testing";
import { describe, expect, it } from "vitest";
import { createMemoryGoogle } from "../test/memory-google.js";
import { CreateJournal } from "./create-journal.js";
import { settingsSchema } from "./settings.js";
import { createTracking } from "./tracking.js";

const settings = settingsSchema.parse({ enterprise: "LC1", credentials: new Secret("{}") });
const later: IsoInstant = "2026-09-20T11:00:00Z";
const earlier: IsoInstant = "2026-09-20T09:00:00Z";

const start = () => {
  const google = createMemoryGoogle();
  const clock = createTestClock(Date.parse("2026-09-20T10:00:00Z"));
  const journal = new CreateJournal(() => clock.now());
  const tracking = createTracking({ client: google.client, settings, journal, clock });
  return { google, clock, journal, tracking };
};

const gone = "enterprises/LC1/enrollmentTokens/gone";

describe("tracking", () => {
  it("pending while the token lives", async () => {
    const { google, tracking } = start();
    const id = google.addToken("a", later);
    expect(await tracking.getStatuses([{ id, expiresAt: later }])).toEqual([
      { id, state: "pending", devices: [] },
    ]);
  });

  it.each<[string, string, IsoInstant | undefined, string, RegExp | undefined]>([
    ["expired, by its own expiry", gone, earlier, "expired", undefined],
    ["unknown before its time", gone, later, "unknown", /before its time/],
    ["unknown if nothing is known of it", gone, undefined, "unknown", /no live token/],
    ["unknown if it belongs elsewhere", "enterprises/LC2/enrollmentTokens/a", later, "unknown", /LC1/],
    ["unknown if it is no id at all", "a/b", undefined, "unknown", /LC1/],
  ])("%s", async (_name, id, expiresAt, state, detail) => {
    const { tracking } = start();
    const [status] = await tracking.getStatuses([{ id, ...(expiresAt && { expiresAt }) }]);
    expect(status).toMatchObject({ id, state, devices: [] });
    if (detail === undefined) expect(status).not.toHaveProperty("detail");
    else expect(status?.detail).toMatch(detail);
  });

  it("revoked if this provider did so, also after it would have expired", async () => {
    const { journal, tracking, clock } = start();
    journal.revoke(gone);
    const expected = [{ id: gone, state: "revoked", devices: [] }];
    expect(await tracking.getStatuses([{ id: gone, expiresAt: later }])).toEqual(expected);
    clock.advance(7_200_000);
    expect(await tracking.getStatuses([{ id: gone, expiresAt: later }])).toEqual(expected);
  });

  it("used, with its devices in the order they came", async () => {
    const { google, tracking } = start();
    const second = google.addDevice("d2", gone, { enrollmentTime: "2026-09-20T09:30:00.000000002Z" });
    const untimed = google.addDevice("d3", gone);
    const first = google.addDevice("d1", gone, {
      enrollmentTime: "2026-09-20T09:20:00Z",
      hardwareInfo: { serialNumber: "S1", model: "Pixel 8" },
    });
    google.addDevice("other", "enterprises/LC1/enrollmentTokens/other");
    expect(await tracking.getStatuses([{ id: gone, expiresAt: earlier }])).toEqual([
      {
        id: gone,
        state: "used",
        usedAt: "2026-09-20T09:20:00Z",
        devices: [{ id: first, description: "Pixel 8", serialNumber: "S1" }, { id: second }, { id: untimed }],
      },
    ]);
  });

  it("says when a used token still lets devices in, and when a device has no policy yet", async () => {
    const { google, tracking } = start();
    const id = google.addToken("a", later);
    google.addDevice("d1", id, { state: "PROVISIONING" });
    const [status] = await tracking.getStatuses([{ id }]);
    expect(status).toMatchObject({ state: "used" });
    expect(status?.detail).toMatch(/1 of 1 devices.*still live/);
  });

  it("a used token is used, also when it was revoked afterwards", async () => {
    const { google, journal, tracking } = start();
    google.addDevice("d1", gone);
    journal.revoke(gone);
    expect(await tracking.getStatuses([{ id: gone }])).toMatchObject([{ state: "used" }]);
  });

  it("reads each list once for all, tokens first, and answers in order, by bare ids too", async () => {
    const { google, tracking } = start();
    google.addToken("a", later);
    google.addToken("b", later);
    google.addDevice("d1", "enterprises/LC1/enrollmentTokens/b");
    const statuses = await tracking.getStatuses([{ id: "b" }, { id: "a" }, { id: "b" }]);
    expect(statuses.map(({ id, state }) => [id, state])).toEqual([
      ["b", "used"],
      ["a", "pending"],
      ["b", "used"],
    ]);
    expect(google.calls).toEqual(["list tokens", "list devices"]);
  });

  it("asks nothing for nothing", async () => {
    const { google, tracking } = start();
    expect(await tracking.getStatuses([])).toEqual([]);
    expect(google.calls).toEqual([]);
  });
});
