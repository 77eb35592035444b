import type { PlaceId } from "./places.js";
import type { Watch } from "./watch.js";

/** Runs a statement in a ledger's database, and gives its rows. */
export type Query = (statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Columns in which something may stand in the open. */
const columnPlaces: Readonly<Record<string, PlaceId>> = {
  "records.key": "ledgerKey",
  "records.recipient": "ledgerRecipient",
};

/**
 * Looks at every cell of every table, those of the queue of jobs too.
 *
 * @param recipients - whether the ledger was told to store them; else there is no place for them.
 * @returns how many rows there are, by table.
 */
export const lookAtRows = async (
  watch: Watch,
  query: Query,
  recipients: "fingerprint" | "store",
): Promise<Readonly<Record<string, number>>> => {
  const tables = await query(
    `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const counts: Record<string, number> = {};
  for (const { schema, name } of tables) {
    const table = String(name);
    const rows = await query(`SELECT to_jsonb(t) AS row FROM "${String(schema)}"."${table}" t`);
    counts[table] = (counts[table] ?? 0) + rows.length;
    for (const { row } of rows) {
      for (const [column, cell] of Object.entries(row as Record<string, unknown>)) {
        const place = columnPlaces[`${table}.${column}`];
        const isOpen = place !== "ledgerRecipient" || recipients === "store";
        const step = `the ledger's column ${table}.${column}`;
        watch.lookAtText(step, JSON.stringify(cell), isOpen ? place : undefined);
      }
    }
  }
  return counts;
};
