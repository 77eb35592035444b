import { expect, it } from "vitest";
import { disfigure, FaultPlan } from "./faults.js";

it("pads to bytes, not to characters", () => {
  expect(Buffer.byteLength(disfigure({ kind: "oversize", bytes: 10 }, '{"ü":1}'))).toBe(10);
  expect(disfigure({ kind: "oversize", bytes: 3 }, '{"ü":1}')).toBe('{"ü":1}');
});

it("finds a request by a pattern, whatever its flags", () => {
  const plan = new FaultPlan<string>();
  plan.add("struck", { path: /deed/g, times: 3 });
  const taken = [1, 2, 3, 4].map(() => plan.take("POST", "/deed"));
  expect(taken).toEqual(["struck", "struck", "struck", undefined]);
});
