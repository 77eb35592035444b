import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { settle, watchCall } from "./attempt.js";
import { androidDrives, appliveryDrives, esetDrives } from "./drives/adapters.js";
import { drivesByConvention } from "./drives/by-convention.js";
import { drives as coreDrives } from "./drives/core.js";
import { DOUBLE, type Drive } from "./drives/drive.js";
import { drives as httpDrives } from "./drives/http.js";
import { drives as inversifyDrives } from "./drives/inversify.js";
import { drives as ledgerDrives } from "./drives/ledger.js";
import { drives as mailDrives, mailFolder } from "./drives/provisioning-mail.js";
import { drives as provisioningDrives } from "./drives/provisioning.js";
import { drives as testingDrives } from "./drives/testing.js";
import { entryPoints } from "./entry-points.js";
import { createWatch } from "./watch.js";

/** The drives of each entry point. A vendor's need not be here, if it exports what all of them do and no more. */
const registry: Readonly<Record<string, Readonly<Record<string, Drive>>>> = {
  "@enrollkit/core": coreDrives,
  "@enrollkit/http": httpDrives,
  "@enrollkit/inversify": inversifyDrives,
  "@enrollkit/ledger": ledgerDrives,
  "@enrollkit/provisioning": provisioningDrives,
  "@enrollkit/provisioning/mail": mailDrives,
  "@enrollkit/telemetry": { telemetryHooks: "overheard in listeners.ts, by every call of a provider" },
  "@enrollkit/testing": testingDrives,
  "@enrollkit/android-management": androidDrives,
  "@enrollkit/applivery": appliveryDrives,
  "@enrollkit/eset-connect": esetDrives,
  "@enrollkit/cli": { run: "driven by cli.test.ts, command by command", startSimulation: DOUBLE },
  "@enrollkit/simulators": {
    manualClock: "it takes an instant",
    runningClock: "it takes nothing",
    startServer: DOUBLE,
  },
  "@enrollkit/simulators/eset-connect": { startEsetConnectSimulator: DOUBLE },
  "@enrollkit/simulators/android-management": {
    androidManagementFaults: DOUBLE,
    defaultBehavior: DOUBLE,
    startAndroidManagementSimulator: DOUBLE,
  },
  "@enrollkit/simulators/applivery": { EnrollmentRefused: DOUBLE, startAppliverySimulator: DOUBLE },
};

const watch = createWatch();

afterAll(() => {
  expect(watch.stale("library")).toEqual([]);
});

it("no drives are left of an entry point that is gone", () => {
  expect(Object.keys(registry).filter((each) => !entryPoints.includes(each))).toEqual([]);
});

it("what a new vendor exports is driven by convention, as far as all vendors export it", async () => {
  const own = { ...(await import("@enrollkit/applivery")), readLedger: () => "not of the convention" };
  const drives = drivesByConvention(own);
  expect(Object.keys(drives).sort()).toEqual(["appliveryDescriptor", "appliveryPlugin", "createApplivery"]);
  const simulator = await import("@enrollkit/simulators/applivery");
  expect(drivesByConvention(simulator)).toEqual({ startAppliverySimulator: DOUBLE });
});

describe.each(entryPoints)("%s", async (entryPoint) => {
  const api = (await import(entryPoint)) as object;
  const drives = registry[entryPoint] ?? drivesByConvention(api);

  it("has a drive for every export, and no other", () => {
    expect(Object.keys(drives).sort()).toEqual(Object.keys(api).sort());
  });

  it("shows no canary in what it returns, throws, and keeps in errors", async () => {
    for (const [name, drive] of Object.entries(drives)) {
      if (typeof drive === "string") continue;
      for (const { call, place } of drive) {
        const result = await watchCall(watch, `${entryPoint} ${name}`, call, place);
        if ("thrown" in result && place !== undefined) {
          watch.complain(`${entryPoint} ${name} did not come to ${place}: it threw`);
        }
      }
    }
    expect(watch.findLeaks()).toEqual([]);
  });
});

it("the drives by convention find no leak at vendors that have drives of their own", async () => {
  const conventional = createWatch();
  for (const entryPoint of ["applivery", "eset-connect", "android-management"]) {
    const api = (await import(`@enrollkit/${entryPoint}`)) as object;
    for (const [name, drive] of Object.entries(drivesByConvention(api))) {
      if (typeof drive === "string") continue;
      for (const { call } of drive) await watchCall(conventional, `${entryPoint} ${name}`, call);
    }
  }
  expect(conventional.findLeaks()).toEqual([]);
  expect(conventional.characters).toBeGreaterThan(100_000);
});

it("what mails leave on the disk is for their owner alone", async () => {
  const names = await readdir(mailFolder, { recursive: true });
  expect(names.some((name) => name.endsWith(".eml"))).toBe(true);
  for (const name of names) {
    const path = join(mailFolder, name);
    const { mode, isDirectory } = await stat(path).then((each) => ({
      mode: each.mode,
      isDirectory: each.isDirectory(),
    }));
    // What the drive itself has written is no output.
    if (isDirectory || name === "wrong.jsonl") continue;
    watch.lookAtFile(name, await readFile(path), mode, name.endsWith(".eml") ? "mailFile" : undefined);
  }
  expect(watch.findLeaks()).toEqual([]);
});

it("the suite would see it: a careless function is caught", async () => {
  const careless = createWatch();
  await watchCall(careless, "careless", () => {
    throw new Error("x", {
      cause: { config: { headers: { authorization: "ya29.c.b0Goldcrest4HkT9vQzR7" } } },
    });
  });
  expect(careless.findLeaks()).not.toEqual([]);
  expect(await settle(() => Promise.reject(new Error("x")))).toHaveProperty("thrown");
});
