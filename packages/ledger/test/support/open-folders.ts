// Opens ledgers in folders, as a user without rights to them if so asked, and prints what came of each.
import { systemClock } from "@enrollkit/core";
import { openStorage } from "../../src/storage/storage.js";

const { folders, by } = JSON.parse(process.argv[2] ?? "") as {
  folders: readonly string[];
  by: "owner" | "other";
};
const nobody = 65_534;
if (by === "other" && process.getuid?.() === 0) process.setuid?.(nobody);
for (const folder of folders) {
  const options = { place: { folder }, schema: "ledger", clock: systemClock, patience: 0 };
  const outcome = await openStorage(options).then(
    () => "open",
    (error: unknown) => error,
  );
  console.log(JSON.stringify(outcome));
}
