import { describe, expect, it } from "vitest";
import { call, json, simulate } from "../../test/eset-connect-calls.js";
import type { EsetConnectRegion } from "./index.js";

const users = "userManagement/v1/users";
const seeded = async (region: EsetConnectRegion = "eu") => {
  const simulator = await simulate({ region });
  const { directoryUsers } = simulator.seed({
    directoryUsers: [
      { displayName: "Anna Alm", email: "anna@customer.invalid" },
      { displayName: "Bo Berg", email: "bo@customer.invalid" },
    ],
  });
  return { simulator, directoryUsers };
};

describe("directory users", () => {
  it.each([
    ["", ["Anna Alm", "Bo Berg"]],
    ["?email=customer", ["Anna Alm", "Bo Berg"]],
    ["?email=BO%40", ["Bo Berg"]],
    ["?displayName=alm", ["Anna Alm"]],
    ["?displayName=alm&email=bo", []],
  ])("%s lists %j", async (query, expected) => {
    const { simulator } = await seeded();
    const answer = await call(simulator, `GET ${users}${query}`);
    const page = json(answer) as { users: { displayName: string }[]; nextPageToken: string };
    expect(page.users.map(({ displayName }) => displayName)).toEqual(expected);
    expect(page.nextPageToken).toBe("");
  });

  it("are read one by one and in batches of at most 1000", async () => {
    const { simulator, directoryUsers } = await seeded();
    const [anna, bo] = directoryUsers;
    const one = await call(simulator, `GET ${users}/${anna?.uuid ?? ""}`);
    expect(json(one)).toEqual({ user: anna });
    const batch = async (usersUuids: readonly (string | undefined)[]) =>
      call(simulator, `POST ${users}:batchGetUsers`, { body: { usersUuids } });
    expect(json(await batch([bo?.uuid, anna?.uuid]))).toEqual({ users: [bo, anna] });
    expect((await batch([bo?.uuid, "unknown"])).status).toBe(404);
    expect((await batch(Array.from({ length: 1001 }, () => bo?.uuid))).status).toBe(400);
  });

  it.each<[EsetConnectRegion, number]>([
    ["de", 200],
    ["jpn", 404],
  ])("in %s: %i", async (region, status) => {
    const { simulator } = await seeded(region);
    expect(simulator.credentials.region).toBe(region);
    expect((await call(simulator, `GET ${users}`)).status).toBe(status);
    expect((await call(simulator, "GET deviceManagement/v1/device_groups")).status).toBe(200);
  });
});
