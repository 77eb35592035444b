// A ledger that is open, and a service that asks it before it sends.
import { createService } from "@enrollkit/inversify";
import { openLedger } from "@enrollkit/ledger";
import { config, finish as closeVendors, key } from "./ledger.js";

export { config, key, people, save } from "./ledger.js";
export { createService } from "@enrollkit/inversify";

export const ledger = await openLedger({ folder: "ledger", keys: [key] });
export const service = createService(config, { beforeSend: ledger.beforeSend });

export const finish = async (): Promise<void> => {
  await ledger.close();
  await closeVendors();
};
