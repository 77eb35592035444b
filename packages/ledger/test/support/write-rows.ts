// Prints how many rows a ledger has; then commits two rows at a time, and prints the number of each pair that it has committed.
// After so many pairs it stops between the two rows of the next one, says so, and waits to be killed.
import { systemClock } from "@enrollkit/core";
import type { Kysely } from "kysely";
import { openStorage } from "../../src/storage/storage.js";
import type { Tables } from "../../src/storage/tables.js";

const { folder, pairs } = JSON.parse(process.argv[2] ?? "") as { folder: string; pairs: number };
const storage = await openStorage({
  place: { folder },
  schema: "ledger",
  clock: systemClock,
  patience: 0,
});

const write = (db: Kysely<Tables>, name: string) =>
  db
    .insertInto("facts")
    .values({ name, value: "x".repeat(1000), is_sealed: false })
    .execute();

const { count } = await storage.once((db) =>
  db.selectFrom("facts").select(db.fn.countAll<number>().as("count")).executeTakeFirstOrThrow(),
);
console.log(count);
const from = count / 2;
for (let pair = from; ; pair += 1) {
  await storage.once((db) =>
    db.transaction().execute(async (transaction) => {
      await write(transaction, `${pair} a`);
      if (pair === from + pairs) {
        console.log("half");
        await new Promise(() => setInterval(() => undefined, 60_000));
      }
      await write(transaction, `${pair} b`);
    }),
  );
  console.log(pair);
}
