// A worker of a kill test: it may be killed, suspended or cut off from the database at any moment.
import { openApp } from "./app.js";

const settings = JSON.parse(process.argv[2] ?? "{}");
const { ledger, service } = await openApp(settings);
process.send?.("ready");
await ledger.work({
  service,
  until: "empty",
  onEvent: ({ kind }) => process.send?.(kind),
});
await ledger.close();
process.disconnect?.();
