import { expect, it } from "vitest";
import { createTurns } from "./turns.js";

const deferred = () => {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
};

it("does work of one name one after the other, in its order, and that of others beside it", async () => {
  const turns = createTurns();
  const log: string[] = [];
  const gate = deferred();
  const first = turns("a", async () => {
    log.push("a1 begins");
    await gate.promise;
    log.push("a1 ends");
  });
  const second = turns("a", () => Promise.resolve(log.push("a2")));
  await turns("b", () => Promise.resolve(log.push("b1")));
  expect(log).toEqual(["a1 begins", "b1"]);
  gate.resolve();
  await Promise.all([first, second]);
  expect(log).toEqual(["a1 begins", "b1", "a1 ends", "a2"]);
});

it("goes on after a failure, which only its own caller hears of", async () => {
  const turns = createTurns();
  const failing = turns("a", () => Promise.reject(new Error("no")));
  const next = turns("a", () => Promise.resolve("yes"));
  await expect(failing).rejects.toThrow("no");
  await expect(next).resolves.toBe("yes");
});
