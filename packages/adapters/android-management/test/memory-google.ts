import { EnrollmentError, type IsoInstant } from "@enrollkit/core";
import type { AndroidManagementClient } from "../src/client.js";
import { deviceSchema, tokenViewSchema, type Device, type TokenView } from "../src/wire.js";

const notFound = () => new EnrollmentError("Google knows nothing of that name", { code: "not-found" });

const answer = <Body>(body: Body) =>
  Promise.resolve({ body, status: 200, headers: {}, requestIds: [] as readonly string[] });

async function* each<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

/** The client of a Google that lives in two maps, for tests of what is decided from its answers. */
export const createMemoryGoogle = () => {
  const tokens = new Map<string, TokenView>();
  const devices: Device[] = [];
  const calls: string[] = [];
  const client: AndroidManagementClient = {
    enrollmentTokens: {
      create: () => Promise.reject(new Error("these tests create behind the client's back")),
      get: (name) => {
        calls.push(`get ${name}`);
        const token = tokens.get(name);
        return token === undefined ? Promise.reject(notFound()) : answer(token);
      },
      list: () => {
        calls.push("list tokens");
        return each(tokens.values());
      },
      delete: (name) => {
        calls.push(`delete ${name}`);
        return tokens.delete(name) ? answer({}) : Promise.reject(notFound());
      },
    },
    devices: {
      list: () => {
        calls.push("list devices");
        return each(devices);
      },
    },
    policies: { get: () => Promise.reject(notFound()), list: () => each([]) },
    enterprise: { get: () => Promise.reject(notFound()) },
  };
  return {
    client,
    calls,
    tokens,
    devices,
    addToken: (id: string, expirationTimestamp: IsoInstant, changes: Record<string, unknown> = {}) => {
      const name = `enterprises/LC1/enrollmentTokens/${id}`;
      const view = { name, value: `V${id}`, qrCode: "{}", expirationTimestamp, ...changes };
      tokens.set(name, tokenViewSchema.parse(view));
      return name;
    },
    addDevice: (id: string, token: string, changes: Record<string, unknown> = {}) => {
      const name = `enterprises/LC1/devices/${id}`;
      devices.push(deviceSchema.parse({ name, enrollmentTokenName: token, state: "ACTIVE", ...changes }));
      return name;
    },
  };
};
