import { EnrollmentError } from "@enrollkit/core";
import { createMemoryProvider, createTestClock } from "@enrollkit/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { createNewHires } from "./new-hires.js";

const day = 24 * 60 * 60 * 1000;
let clock;
let provider;
let mails;
let app;

beforeEach(() => {
  clock = createTestClock();
  provider = createMemoryProvider({ runtime: { clock } });
  mails = [];
  app = createNewHires({ provider, clock, mail: (email, text) => mails.push([email, text]) });
});

describe("a new hire", () => {
  it("gets an enrollment for a week", async () => {
    expect(await app.welcome("ana@example.com")).toBe(true);
    expect(provider.enrollments()).toHaveLength(1);
    expect(mails).toEqual([["ana@example.com", "Your phone is waiting for you."]]);
  });

  it("is reminded a day before it ends, and not earlier", async () => {
    await app.welcome("ana@example.com");
    clock.advance(5 * day);
    expect(await app.remind()).toBe(0);
    clock.advance(day);
    expect(await app.remind()).toBe(1);
  });

  it("is not reminded once the phone is in use", async () => {
    const seen = [];
    const create = provider.createEnrollment;
    app = createNewHires({
      provider: {
        ...provider,
        createEnrollment: async (...call) => {
          const enrollment = await create(...call);
          seen.push(enrollment);
          return enrollment;
        },
      },
      clock,
      mail: () => {},
    });
    await app.welcome("ana@example.com");
    provider.enrollDevice(seen[0]);
    clock.advance(6 * day);
    expect(await app.remind()).toBe(0);
  });
});

describe("when the vendor has a bad day", () => {
  it("a create whose answer was lost makes one enrollment, not two", async () => {
    provider.failNext({ kind: "reset", when: "after" }, "create");
    expect(await app.welcome("ana@example.com")).toBe(true);
    expect(provider.enrollments()).toHaveLength(1);
  });

  it("a vendor that asks to wait is waited for, in no time", async () => {
    provider.failNext({ kind: "status", status: 429, headers: { "retry-after": "30" } }, "create");
    expect(await app.welcome("ana@example.com")).toBe(true);
    expect(clock.waits.some((milliseconds) => milliseconds >= 30_000)).toBe(true);
  });

  it("an outage is an error with a code, and nobody is mailed", async () => {
    provider.failNext({ kind: "status", status: 503 }, "create", 100);
    await expect(app.welcome("ana@example.com")).rejects.toSatisfy(
      (error) => EnrollmentError.is(error) && ["unavailable", "outcome-unknown"].includes(error.code),
    );
    expect(mails).toEqual([]);
  });
});

describe("with a vendor that can do less", () => {
  it("what it cannot do is refused before anything is sent", async () => {
    const strict = createMemoryProvider({
      runtime: { clock },
      descriptor: {
        lifetime: { settable: true, min: "PT1H", max: "P3D", default: "PT1H", granularity: "PT1H" },
      },
    });
    app = createNewHires({ provider: strict, clock, mail: () => {} });
    await expect(app.welcome("ana@example.com")).rejects.toMatchObject({
      code: "unsupported",
      path: "validFor",
    });
    expect(strict.callCount()).toBe(0);
  });
});
