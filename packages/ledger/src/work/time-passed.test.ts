import { expect, it } from "vitest";
import { createTimePassed } from "./time-passed.js";

it.each<[string, number, number, number]>([
  ["both clocks run", 5000, 5000, 5000],
  ["the machine was suspended", 10, 60_000, 60_000],
  ["somebody has set the clock back", 5000, -3_600_000, 5000],
])("tells how much time has passed: %s", (_name, steadily, onTheWall, expected) => {
  let steady = 100;
  let wall = 1_795_000_000_000;
  const passed = createTimePassed({ steady: () => steady, wall: () => wall });
  expect(passed()).toBe(0);
  steady += steadily;
  wall += onTheWall;
  expect(passed()).toBe(expected);
});
