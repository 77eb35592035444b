// The whole of a run in one process: started again and again with the same words.
import { openApp, requests } from "./app.js";

const settings = JSON.parse(process.argv[2] ?? "{}");
const { ledger, service } = await openApp(settings);
process.send?.("ready");
await ledger.run({ name: "kill", requests: () => requests(settings.rows), service });
await ledger.close();
process.disconnect?.();
