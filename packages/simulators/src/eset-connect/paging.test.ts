import { describe, expect, it } from "vitest";
import { call, json, simulate } from "../../test/eset-connect-calls.js";
import type { EsetConnectSimulator } from "./index.js";

interface DevicePage {
  readonly devices: readonly { displayName: string }[];
  readonly nextPageToken: string;
}

const seeded = async (count: number) => {
  const simulator = await simulate();
  simulator.seed({
    devices: Array.from({ length: count }, (_unused, index) => ({ displayName: `${index}` })),
  });
  return simulator;
};

const list = (simulator: EsetConnectSimulator, query: Readonly<Record<string, string>>) =>
  call(simulator, `GET deviceManagement/v1/devices?${new URLSearchParams(query).toString()}`);

describe("paging", () => {
  it.each<[Record<string, string>, number]>([
    [{}, 50],
    [{ pageSize: "" }, 50],
    [{ pageSize: "0" }, 50],
    [{ pageSize: "7" }, 7],
    [{ pageSize: "1000" }, 1000],
    [{ pageSize: "1001" }, 1000],
    [{ pageSize: "99999" }, 1000],
  ])("with %j gives %i items", async (query, count) => {
    const page = json(await list(await seeded(1100), query)) as DevicePage;
    expect(page.devices).toHaveLength(count);
    expect(page.nextPageToken).not.toBe("");
  });

  it.each<Record<string, string>>([
    { pageSize: "-1" },
    { pageSize: "100000" },
    { pageSize: "1.5" },
    { pageSize: "many" },
    { pageToken: "2" },
    { pageToken: "x".repeat(129) },
  ])("refuses %j", async (query) => {
    expect((await list(await seeded(1), query)).status).toBe(400);
  });

  it("gives every item once, with tokens of at most 128 characters, and an empty one on the last page", async () => {
    const simulator = await seeded(25);
    const names: string[] = [];
    const tokens: string[] = [];
    let pageToken = "";
    do {
      const page = json(await list(simulator, { pageSize: "10", pageToken })) as DevicePage;
      names.push(...page.devices.map(({ displayName }) => displayName));
      pageToken = page.nextPageToken;
      tokens.push(pageToken);
    } while (pageToken !== "");
    expect(names).toEqual(Array.from({ length: 25 }, (_unused, index) => `${index}`));
    expect(tokens.map(({ length }) => length)).toEqual([128, 128, 0]);
  });

  it("has no further page when the last one is full", async () => {
    const page = json(await list(await seeded(10), { pageSize: "10" })) as DevicePage;
    expect([page.devices.length, page.nextPageToken]).toEqual([10, ""]);
  });

  it("refuses a token of another list, and one that was not encoded", async () => {
    const simulator = await seeded(20);
    const { nextPageToken } = json(await list(simulator, { pageSize: "5" })) as DevicePage;
    const other = `GET deviceManagement/v1/device_groups?pageToken=${encodeURIComponent(nextPageToken)}`;
    expect((await call(simulator, other)).status).toBe(400);
    const bare = `GET deviceManagement/v1/devices?pageToken=${nextPageToken}`;
    expect((await call(simulator, bare)).status).toBe(400);
  });
});
