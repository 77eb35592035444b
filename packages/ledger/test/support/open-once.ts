// Opens a ledger, prints the versions that have been applied to it, and closes it.
import { systemClock } from "@enrollkit/core";
import { openStorage, type StorageOptions } from "../../src/storage/storage.js";

const settings = JSON.parse(process.argv[2] ?? "") as Pick<StorageOptions, "place" | "schema">;
const storage = await openStorage({ ...settings, clock: systemClock, patience: 0 });
const { rows } = await storage.runSql("SELECT name FROM versions ORDER BY name");
console.log(JSON.stringify(rows.map((row) => (row as { name: string }).name)));
await storage.close();
