import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, type EnrollmentService } from "@enrollkit/core";
import { openLedger, type Ledger } from "@enrollkit/ledger";
import { createTestClock, type TestClock } from "@enrollkit/testing";
import { createDesk, type Desk } from "../../src/desk.js";
import { openDesk } from "../../src/open-desk.js";
import { startVendors, type SimulatedVendors } from "../../src/simulation.js";
import { openVendors } from "../../src/vendors.js";

/** What every test of the desk stands on: simulated vendors, a clock, a folder for the ledger. */
interface Ground {
  readonly simulation: SimulatedVendors;
  readonly clock: TestClock;
  readonly folder: string;
  close(): Promise<void>;
}

const key = new Secret(Buffer.alloc(32, 7).toString("base64"));

const prepare = async (): Promise<Ground> => {
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-desk-"));
  const clock = createTestClock();
  const simulation = await startVendors(clock);
  return {
    simulation,
    clock,
    folder,
    close: async () => {
      await simulation.close();
      await rm(folder, { recursive: true });
    },
  };
};

/** Waits as long as it takes: no test is timed. */
const patience = () => new AbortController().signal;

/** The desk without its web server. */
export interface DeskWorld extends Ground {
  desk: Desk;
  ledger: Ledger;
  service: EnrollmentService;
  /** Ends the process, as it were, and starts another on the same folder. */
  reopen(): Promise<void>;
}

export const openDeskWorld = async (): Promise<DeskWorld> => {
  const ground = await prepare();
  const { simulation, clock, folder } = ground;
  const start = async () => {
    const ledger = await openLedger({ folder, keys: [key], recipients: "store", clock });
    const service = openVendors(simulation.environment, ledger, clock);
    return { ledger, service, desk: createDesk({ ledger, service, clock, patience }) };
  };
  const world: DeskWorld = {
    ...ground,
    ...(await start()),
    reopen: async () => {
      await world.ledger.close();
      Object.assign(world, await start());
    },
    close: async () => {
      await world.ledger.close();
      await ground.close();
    },
  };
  return world;
};

/** The desk as a browser sees it. */
export interface WebWorld extends Ground {
  readonly url: string;
  /** What the desk reported as its own fault. */
  readonly reported: unknown[];
}

export const openWebWorld = async (): Promise<WebWorld> => {
  const ground = await prepare();
  const { simulation, clock, folder } = ground;
  const reported: unknown[] = [];
  const desk = await openDesk({
    folder,
    key,
    simulation,
    clock,
    patience,
    timeZone: "Europe/Berlin",
    report: (error) => reported.push(error),
  });
  return {
    ...ground,
    url: desk.url,
    reported,
    close: async () => {
      await desk.close();
      await ground.close();
    },
  };
};

/** Every secret that the simulated vendors have given out. */
export const secretsOf = ({ android, applivery, eset }: SimulatedVendors): readonly string[] => [
  ...android.enrollments().map(({ value }) => value),
  ...applivery.enrollments().map(({ code }) => code),
  ...eset.enrollmentLinks().map(({ uri }) => uri),
];
