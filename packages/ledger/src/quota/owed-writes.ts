import type { Kysely } from "kysely";
import type { Storage } from "../storage/storage.js";
import type { Tables } from "../storage/tables.js";

type Write = (db: Kysely<Tables>) => Promise<void>;

/** What is written while nobody waits for it, in the order in which it came. */
export interface OwedWrites {
  /** Writes it in the background. Should that fail, it stays owed. It may be carried out twice. */
  owe(write: Write): void;
  /** Writes whatever is owed; rejects as the storage does, and it stays owed. */
  settle(signal: AbortSignal): Promise<void>;
}

export const createOwedWrites = (storage: Storage): OwedWrites => {
  const owed: Write[] = [];
  /** Resolves when nobody writes any more, whether or not that went well. */
  let writing: Promise<void> | undefined;

  const writeAll = async (carryOut: (write: Write) => Promise<void>): Promise<void> => {
    const work = (async () => {
      for (let next = owed[0]; next !== undefined; next = owed[0]) {
        await carryOut(next);
        owed.shift();
      }
    })();
    const over = () => {
      writing = undefined;
    };
    writing = work.then(over, over);
    await work;
  };

  return {
    owe: (write) => {
      owed.push(write);
      // Once, without waiting for a connection that is lost: that would keep the process alive. If it fails, whoever asks
      // for the next slot writes it, or hears why not.
      if (writing === undefined) writeAll((next) => storage.once(next)).catch(() => undefined);
    },
    settle: async (signal) => {
      await writing;
      if (owed.length > 0) await writeAll((next) => storage.repeatable(next, signal));
    },
  };
};
