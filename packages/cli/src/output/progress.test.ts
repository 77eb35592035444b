import { describe, expect, it } from "vitest";
import { recordingStream } from "../../test/test-terminal.js";
import { createProgressDisplay } from "./progress.js";

const open = (isInteractive: boolean, total: number | undefined) => {
  const { stream, text } = recordingStream();
  const terminal = {
    stdin: process.stdin,
    stdout: recordingStream().stream,
    stderr: Object.assign(stream, { isTTY: isInteractive, columns: 100 }),
    environment: {},
    folder: "/",
    isInteractive,
  };
  return { display: createProgressDisplay(terminal, total), text };
};

const show = (isInteractive: boolean, total: number | undefined, steps: number) => {
  const { display, text } = open(isInteractive, total);
  for (let done = 1; done <= steps; done += 1) {
    const failed = Math.floor(done / 100);
    display.update({ read: done, done, created: done - failed, failed, unknown: 0, inFlight: 0 });
  }
  display.stop();
  return text();
};

describe("progress", () => {
  it("is a line for each tenth where nobody looks on", () => {
    const lines = show(false, 300, 300).trimEnd().split("\n");
    expect(lines).toHaveLength(10);
    expect(lines.slice(0, 4)).toEqual([
      "30 of 300 rows",
      "60 of 300 rows",
      "90 of 300 rows",
      "120 of 300 rows, 1 failed",
    ]);
    expect(lines.at(-1)).toBe("300 of 300 rows, 3 failed");
  });

  it("is a line for each thousand if nobody knows how many there are", () => {
    expect(show(false, undefined, 2500)).toBe("1000 rows, 10 failed\n2000 rows, 20 failed\n");
  });

  it.each([
    [{}, "10 of 20 rows"],
    [{ rate: 0.25 }, "10 of 20 rows, 0.3 rows/s"],
    [{ rate: 41.6, remaining: 240 }, "10 of 20 rows, 42 rows/s, 1 second left"],
    [{ rate: 2, remaining: 3_725_001 }, "10 of 20 rows, 2.0 rows/s, 1 hour 2 minutes 6 seconds left"],
    [{ rate: 2, remaining: 0 }, "10 of 20 rows, 2.0 rows/s"],
  ])("tells the rate and the time left: %j", (known, line) => {
    const { display, text } = open(false, 20);
    display.update({ read: 20, done: 10, created: 10, failed: 0, unknown: 0, inFlight: 2, ...known });
    expect(text()).toBe(`${line}\n`);
  });

  it("tells them behind the bar", () => {
    const { display, text } = open(true, 20);
    const counts = { read: 20, done: 10, created: 10, failed: 0, unknown: 0, inFlight: 2 };
    display.update({ ...counts, rate: 2, remaining: 5000 });
    display.stop();
    expect(text()).toContain("| 2.0 rows/s | 5 seconds left");
  });

  it("has no control characters where nobody looks on", () => {
    expect(show(false, 50, 50)).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it("is a bar on a terminal", () => {
    expect(show(true, 200, 200)).toContain("200/200 rows | 2 failed");
  });
});
