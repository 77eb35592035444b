import { expect } from "vitest";
import { call, createTestClient, failureOf } from "../../support/client.js";
import { json, startVendor } from "../../support/vendor-server.js";

const megabyte = 1024 * 1024;

/** What the process holds: objects, and bytes outside of the heap. */
const held = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** Runs something, and tells by how much memory grew at most while it ran. */
const growthDuring = async <Result>(work: () => Promise<Result>) => {
  const before = held();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, held());
  }, 5);
  try {
    return { result: await work(), growth: Math.max(most, held()) - before };
  } finally {
    clearInterval(timer);
  }
};

interface Hurt {
  /** Bounds of the client, smaller than the default where a test would take long. */
  readonly client?: Parameters<typeof createTestClient>[0];
  /** Megabytes that memory may grow by. */
  readonly memory?: number;
}

/**
 * Lets a hostile server answer a call of each effect, and checks what holds after any attack: a `protocol` error, which is
 * the cause of an `outcome-unknown` for a call that must not be repeated; no second try; bounded memory; no rejection that
 * nobody handles; and a process whose next call works.
 */
export const survive = async (url: string, { client: settings = {}, memory = 96 }: Hurt = {}) => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
  try {
    const { client, calls } = createTestClient(settings);
    const { result, growth } = await growthDuring(async () => ({
      repeatable: await failureOf(client.send(call("repeatable", url))),
      once: await failureOf(client.send(call("once", url))),
    }));
    expect(result.repeatable).toMatchObject({ code: "protocol", retryable: false });
    expect(result.once).toMatchObject({ code: "outcome-unknown", cause: { code: "protocol" } });
    expect(calls).toHaveLength(2);
    expect(growth / megabyte).toBeLessThan(memory);
    const vendor = await startVendor(json(200, { name: "pixel" }));
    expect((await client.send(call("once", vendor.url))).body).toEqual({ name: "pixel" });
    await new Promise(setImmediate);
    expect(unhandled).toEqual([]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    return result;
  } finally {
    process.off("unhandledRejection", note);
    process.off("uncaughtException", note);
  }
};
