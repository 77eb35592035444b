import { toIsoInstant } from "@enrollkit/core";
import type { Storage } from "../storage/storage.js";
import type { Run } from "./run.js";

/** Rows that the vendor could not tell of before are in doubt again: it may know by now. */
export const doubtAgain = async (storage: Storage, { id }: Run, by: string): Promise<void> => {
  await storage.repeatable((db) =>
    db
      .updateTable("records")
      .set({
        outcome: "in-doubt",
        asks: 0,
        changed_at: toIsoInstant(storage.clock.now()),
        changed_by: by,
      })
      .where("run_id", "=", id)
      .where("outcome", "=", "unknown")
      .execute(),
  );
};
