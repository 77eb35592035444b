import { systemClock, type Clock, type Secret } from "@enrollkit/core";
import { openLedger } from "@enrollkit/ledger";
import { createApp } from "./app.js";
import { createDesk, type DeskParts } from "./desk.js";
import { readPeople, type Person } from "./offer.js";
import { startServer } from "./server.js";
import type { SimulatedVendors } from "./simulation.js";
import { openVendors } from "./vendors.js";

export interface DeskOptions extends Pick<DeskParts, "patience"> {
  /** Where the ledger is kept. */
  readonly folder: string;
  /** Seals what the ledger keeps: 32 bytes in base64. */
  readonly key: Secret;
  readonly simulation: SimulatedVendors;
  /** Default: a free one. */
  readonly port?: number;
  readonly clock?: Clock;
  readonly people?: readonly Person[];
  readonly timeZone?: string;
  readonly report: (error: unknown) => void;
}

/** Puts the parts together: ledger, vendors, desk, web server. `close` takes them apart in the other order. */
export const openDesk = async ({
  folder,
  key,
  simulation,
  patience,
  report,
  port = 0,
  clock = systemClock,
  people = readPeople(),
  timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone,
}: DeskOptions) => {
  // A desk must know whom an enrollment is for: by default the ledger would keep a fingerprint of the person alone.
  const ledger = await openLedger({ folder, keys: [key], recipients: "store", worker: "desk", clock });
  try {
    const service = openVendors(simulation.environment, ledger, clock);
    // What an earlier process began and did not see through.
    await ledger.settle({ service });
    const desk = createDesk({ ledger, service, clock, ...(patience && { patience }) });
    const server = await startServer(createApp({ desk, people, clock, timeZone, simulation, report }), port);
    return {
      url: server.url,
      close: async () => {
        await server.close();
        await ledger.close();
      },
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
};
