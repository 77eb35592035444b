// Commits rows to a ledger until its disk is full, and prints how many they were, what was said then and on the next try.
// Where a filler is named, it opens the same ledger again, which takes more room than there is, and prints what was said;
// then it makes room by removing the filler, opens the ledger once more, and prints how many rows it has.
import { rm } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { systemClock } from "@enrollkit/core";
import { openStorage } from "../../src/storage/storage.js";

const { folder, filler } = JSON.parse(process.argv[2] ?? "") as { folder: string; filler?: string };
const open = () => openStorage({ place: { folder }, schema: "ledger", clock: systemClock, patience: 0 });

const storage = await open();
let rows = 0;
const write = async () => {
  const value = `jane@example.com ${randomBytes(100_000).toString("hex")}`;
  await storage.once((db) =>
    db.transaction().execute((transaction) =>
      transaction
        .insertInto("facts")
        .values({ name: String(rows), value, is_sealed: false })
        .execute(),
    ),
  );
  rows += 1;
};
const say = (error: unknown) => {
  console.log(JSON.stringify({ error, inspected: inspect(error, { depth: Infinity }) }));
};
try {
  for (;;) await write();
} catch (error) {
  console.log(rows);
  say(error);
}
await write().catch(say);
await storage.close();
if (filler !== undefined) {
  await open().catch(say);
  await rm(filler);
  const again = await open();
  const { rows: counted } = await again.runSql("SELECT count(*) AS count FROM facts");
  console.log(JSON.stringify(counted[0]));
  await again.close();
}
