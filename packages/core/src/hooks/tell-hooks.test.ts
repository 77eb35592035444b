import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from "vitest";
import type { LifecycleHooks, OperationOutcome, VendorRequest } from "./lifecycle-hooks.js";
import { combineHooks, runWithin, tellHooks } from "./tell-hooks.js";

const request: VendorRequest = {
  provider: "phones",
  method: "POST",
  host: "api.example.com",
  port: 443,
  path: "/v1/devices",
  attempt: 1,
};
const operation = { provider: "phones", vendor: "acme", operation: "create", size: 1 } as const;
const outcome: OperationOutcome = { ...operation, outcomes: [{ status: "created", count: 1 }], duration: 1 };

const broken = () => {
  throw new TypeError("holds secret-canary");
};
const brokenLater = () => Promise.reject(new TypeError("holds secret-canary"));

let warn: MockInstance<(warning: string) => void>;
beforeEach(() => {
  warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
});
afterEach(() => {
  warn.mockRestore();
});

describe("tellHooks", () => {
  it("calls the hook with its own this, and nothing where there is none", () => {
    class Listener implements LifecycleHooks {
      readonly #heard: unknown[] = [];
      onRequest(this: Listener, event: VendorRequest) {
        this.#heard.push(event);
      }
      get heard() {
        return this.#heard;
      }
    }
    const listener = new Listener();
    tellHooks(listener as LifecycleHooks, "onRequest", request);
    tellHooks(listener as LifecycleHooks, "onOutcome", outcome);
    expect(listener.heard).toEqual([request]);
    expect(warn).not.toHaveBeenCalled();
  });

  it.each<[string, () => unknown]>([
    ["throws", broken],
    ["rejects", brokenLater],
  ])("warns of a hook that %s, by name and without its words", async (_, onRequest) => {
    tellHooks({ onRequest }, "onRequest", request);
    await Promise.resolve();
    await Promise.resolve();
    expect(warn.mock.calls).toEqual([["the hook onRequest threw TypeError; the work goes on"]]);
  });

  it("warns of a hook that throws what is no error, and takes null for an answer", () => {
    const throwText = () => {
      AbortSignal.abort("secret-canary").throwIfAborted();
    };
    tellHooks({ onRequest: throwText }, "onRequest", request);
    tellHooks({ onRequest: () => null }, "onRequest", request);
    expect(warn.mock.calls).toEqual([["the hook onRequest threw something; the work goes on"]]);
  });
});

describe("runWithin", () => {
  const hooksAround: readonly (readonly [string, LifecycleHooks["around"], number])[] = [
    ["runs it", (_, run) => void run(), 0],
    ["is absent", undefined, 0],
    ["does not run it", () => undefined, 0],
    [
      "runs it twice",
      (_, run) => {
        void run();
        void run();
      },
      0,
    ],
    ["throws", broken, 1],
    [
      "throws after running it",
      (_, run) => {
        void run();
        broken();
      },
      1,
    ],
  ];
  it.each(hooksAround)("works once, and answers, where the hook %s", async (_, around, warnings) => {
    const work = vi.fn(() => Promise.resolve(outcome));
    const hooks = around === undefined ? {} : { around };
    expect(await runWithin(hooks, operation, work)).toBe(outcome);
    expect(work).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledTimes(warnings);
  });
});

describe("combineHooks", () => {
  it("tells all in their order, also when one throws", () => {
    const heard: string[] = [];
    const hooks = combineHooks(
      { onRequest: () => void heard.push("first") },
      undefined,
      { onRequest: broken },
      {},
      { onRequest: () => void heard.push("last") },
    );
    tellHooks(hooks, "onRequest", request);
    expect(heard).toEqual(["first", "last"]);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  const names = ["onRequest", "onResponse", "onRetry", "onPause", "onOutcome", "onQueue"] as const;
  it.each(names)("tells of %s what it was told, and of nothing else", (name) => {
    const heard: unknown[] = [];
    const listener = Object.fromEntries(
      names.map((each) => [each, (event: unknown) => heard.push([each, event])]),
    );
    const event = { provider: "phones" };
    tellHooks(combineHooks(listener), name, event as never);
    expect(heard).toEqual([[name, event]]);
  });

  it("nests what stands around an operation, the first outermost, whatever the others do", async () => {
    const order: string[] = [];
    const standing = (name: string): LifecycleHooks => ({
      around: (_, run) => {
        order.push(`${name} begins`);
        void run().then(() => order.push(`${name} ends`));
        order.push(`${name} runs`);
      },
    });
    const hooks = combineHooks(standing("a"), { around: broken }, { around: () => undefined }, standing("b"));
    const work = vi.fn(() => {
      order.push("works");
      return Promise.resolve(outcome);
    });
    expect(await runWithin(hooks, operation, work)).toBe(outcome);
    expect(work).toHaveBeenCalledTimes(1);
    await Promise.resolve();
    expect(order).toEqual(["a begins", "b begins", "works", "b runs", "a runs", "b ends", "a ends"]);
  });
});
