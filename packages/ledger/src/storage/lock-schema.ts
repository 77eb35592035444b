import { sql, type Transaction } from "kysely";
import type { Tables } from "./tables.js";

/** Waits until no other process makes something in this schema; it is let go with the transaction. */
export const lockSchema = async (transaction: Transaction<Tables>, schema: string): Promise<void> => {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`enrollkit ${schema}`}, 0))`.execute(transaction);
};
