import { Ledger } from "./ledger.js";
import { resolveOptions, type LedgerOptions, type ResolvedOptions } from "./options.js";
import { openFingerprints } from "./sealing/hash-key.js";
import { KeyRing } from "./sealing/key-ring.js";
import { openStorage, type Storage } from "./storage/storage.js";

/** Milliseconds for which a lost connection to the database is tried again. */
const patience = 20_000;

/** {@link openLedger} on a storage that is open already; whether or not it succeeds, it takes that over. */
export const startLedger = async (
  storage: Storage,
  options: ResolvedOptions,
  keys = new KeyRing(options.keys),
): Promise<Ledger> => {
  try {
    const fingerprints = await openFingerprints(storage, keys);
    return new Ledger(storage, { keys, fingerprints, recipients: options.recipients }, options);
  } catch (error) {
    // Why it could not be opened says more than what else goes wrong as it is closed.
    await storage.close().catch(() => undefined);
    throw error;
  }
};

/**
 * Opens a ledger, or makes it.
 *
 * @throws EnrollmentError `invalid-config` if an option is wrong; `failed-precondition` if the folder is in use or
 *   read-only, the disk is full, the key is not the right one, or the tables are newer than this program;
 *   `unavailable`, `unauthenticated`, `forbidden` if the database server says so.
 */
export const openLedger = async (options: LedgerOptions): Promise<Ledger> => {
  const resolved = resolveOptions(options);
  const { place, schema, clock } = resolved;
  const keys = new KeyRing(resolved.keys);
  return startLedger(await openStorage({ place, schema, clock, patience }), resolved, keys);
};
