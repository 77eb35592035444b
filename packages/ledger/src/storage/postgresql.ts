import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Connected } from "./connected.js";
import { parsers, sessionSettings } from "./values.js";
import type { Tables } from "./tables.js";

/** Milliseconds until a server that does not answer counts as gone. */
const connectionTimeout = 10_000;

/** Milliseconds of silence after which the operating system asks whether the server is still there. */
const silence = 10_000;

/** Connections of one process: a few statements at a time, and room for the heartbeat. */
const connections = 5;

const standardParser = pg.types.getTypeParser as (
  type: number,
  format?: "text" | "binary",
) => (text: string) => unknown;

/** Connects to a PostgreSQL server; the first statement finds out whether it is there. */
export const connectPostgresql = (url: string, schema: string): Connected => {
  // The pool waits for it, although its types do not say so; a connection that it fails on is given up.
  const prepare = (client: pg.ClientBase): unknown => client.query(sessionSettings(schema).join("; "));
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectionTimeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: silence,
    application_name: "enrollkit",
    onConnect: prepare,
    types: {
      getTypeParser: (type: number, format?: "text" | "binary") =>
        parsers[type] ?? standardParser(type, format),
    },
  });
  // A connection that breaks is replaced, and the statement that it was busy with rejects. Without a listener each would
  // end the process besides.
  const ignore = () => {};
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    runSql: (text, values) => pool.query<Record<string, unknown>>(text, values && [...values]),
    close: () => db.destroy(),
  };
};
