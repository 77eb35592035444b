import { EnrollmentService, Secret, type EnrollmentProvider, type RoleName } from "@enrollkit/core";
import {
  createMemoryProvider,
  createTestClock,
  type MemoryProvider,
  type MemoryProviderOptions,
  type TestClock,
} from "@enrollkit/testing";
import { sql } from "kysely";
import { afterEach } from "vitest";
import type { Ledger } from "../../src/ledger.js";
import { startLedger } from "../../src/open-ledger.js";
import { resolveOptions, type LedgerSettings } from "../../src/options.js";
import type { Storage } from "../../src/storage/storage.js";
import type { OpenStorage } from "../support/storages.js";

export const keyOf = (fill: number) => new Secret(Buffer.alloc(32, fill).toString("base64"));

/** A ledger, a vendor and the time. */
export interface World {
  readonly ledger: Ledger;
  readonly storage: Storage;
  readonly clock: TestClock;
  readonly vendor: MemoryProvider;
  readonly service: EnrollmentService;
  /** What a statement returns. */
  readonly query: <Row = Record<string, unknown>>(text: string) => Promise<readonly Row[]>;
  /** Another process opens the same ledger; of the first, nobody hears again. */
  readonly crash: (settings?: Partial<LedgerSettings>) => Promise<World>;
}

interface WorldOptions {
  readonly settings?: Partial<LedgerSettings>;
  readonly vendor?: MemoryProviderOptions;
  /** Providers beside the vendor. */
  readonly others?: (clock: TestClock) => readonly EnrollmentProvider[];
}

/** Worlds for the tests of a suite; the ledgers are closed after each. */
export const useWorlds = (openStorage: OpenStorage) => {
  let opened: Ledger[] = [];
  afterEach(async () => {
    await Promise.all(opened.map((ledger) => ledger.close()));
    opened = [];
  });

  const open = async (
    fixed: Pick<World, "clock" | "vendor" | "service">,
    settings: Partial<LedgerSettings>,
  ): Promise<World> => {
    const storage = await openStorage({ clock: fixed.clock });
    const options = resolveOptions({ folder: "unused", worker: "test", clock: fixed.clock, ...settings });
    const ledger = await startLedger(storage, options);
    opened.push(ledger);
    return {
      ...fixed,
      ledger,
      storage,
      query: async <Row>(text: string) => {
        const { rows } = await storage.once((db) => sql.raw<Row>(text).execute(db));
        return rows;
      },
      crash: async (changes = {}) => {
        await storage.once((db) =>
          sql`UPDATE workers SET lease_until = clock_timestamp() - interval '1 second'`.execute(db),
        );
        return open(fixed, { ...settings, ...changes });
      },
    };
  };

  return ({ settings = { keys: [keyOf(1)] }, vendor: options, others = () => [] }: WorldOptions = {}) => {
    const clock = createTestClock();
    const vendor = createMemoryProvider({ ...options, runtime: { clock, random: () => 0.5 } });
    const service = new EnrollmentService({
      providers: [vendor, ...others(clock)],
      defaultProvider: vendor.name,
    });
    return open({ clock, vendor, service }, settings);
  };
};

export const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

/** A provider that lacks some roles. */
export const without = (provider: EnrollmentProvider, ...roles: readonly RoleName[]): EnrollmentProvider =>
  Object.fromEntries(
    Object.entries(provider).filter(([name]) => !roles.includes(name as RoleName)),
  ) as unknown as EnrollmentProvider;

/** A provider whose creates reach the vendor, and whose answers never arrive. */
export const withoutAnswer = (provider: EnrollmentProvider): EnrollmentProvider => ({
  ...provider,
  createEnrollment: async (request, options) => {
    await provider.createEnrollment(request, options);
    return new Promise(() => {});
  },
});

/** Resolves when something that another process does has come so far. */
export const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
};
