import type { Kysely } from "kysely";
import type { Tables } from "./tables.js";

/** A back end that answers. */
export interface Connected {
  readonly db: Kysely<Tables>;
  /** Runs SQL of another library; without values it may be several statements. Errors come as the database gave them. */
  readonly runSql: (text: string, values?: readonly unknown[]) => Promise<{ readonly rows: unknown[] }>;
  readonly close: () => Promise<void>;
}
