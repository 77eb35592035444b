import { EnrollmentService, type EnrollmentProvider, type EnrollmentRequest } from "@enrollkit/core";
import { createMemoryProvider, type MemoryProvider, type MemoryProviderOptions } from "@enrollkit/testing";
import type { LedgerSettings } from "../../src/options.js";
import { useWorlds, type World } from "../care/world.js";
import type { OpenStorage } from "../support/storages.js";

/** A world with two vendors: `old`, which is the world's, and `new`. */
export interface Ends {
  readonly world: World;
  readonly old: MemoryProvider;
  readonly next: MemoryProvider;
}

interface EndsOptions {
  readonly settings?: Partial<LedgerSettings>;
  readonly old?: MemoryProviderOptions;
  readonly next?: Omit<MemoryProviderOptions, "name">;
}

export const useEnds = (openStorage: OpenStorage) => {
  const openWorld = useWorlds(openStorage);
  return async ({ settings, old, next: options }: EndsOptions = {}): Promise<Ends> => {
    let next: MemoryProvider | undefined;
    const world = await openWorld({
      ...(settings && { settings }),
      vendor: { name: "old", ...old },
      others: (clock) => {
        next = createMemoryProvider({ ...options, name: "new", runtime: { clock, random: () => 0.5 } });
        return [next];
      },
    });
    if (next === undefined) throw new Error("the world made no second vendor");
    return { world, old: world.vendor, next };
  };
};

/** People with an enrollment at the old vendor that lives for a week. */
export const rowsOf = (count: number): readonly EnrollmentRequest[] =>
  Array.from({ length: count }, (_, row) => ({
    key: `row-${row}`,
    recipient: { email: `person-${row}@example.com`, name: `Person ${row}` },
    validFor: "P7D",
  }));

/** Enrollments that were made without the ledger. */
export const issue = async (
  provider: EnrollmentProvider,
  requests: readonly EnrollmentRequest[],
): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const request of requests) ids.push((await provider.createEnrollment(request)).id);
  return ids;
};

export const serviceOf = (...providers: readonly EnrollmentProvider[]) =>
  new EnrollmentService({ providers });

/** How many live enrollments the new vendor has for each of the old one's. */
export const madeFor = (next: MemoryProvider): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { asked, state } of next.enrollments()) {
    const { key = "none" } = asked;
    if (state === "pending" || state === "used") counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

export const statesOf = (provider: MemoryProvider) => provider.enrollments().map(({ state }) => state);

export const move = { name: "spring-move", from: "old", to: "new" } as const;
