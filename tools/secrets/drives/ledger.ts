import { parseInput, Secret } from "@enrollkit/core";
import { ledgerSettingsSchema, openLedger } from "@enrollkit/ledger";
import type * as ledger from "@enrollkit/ledger";
import { createTestClock } from "@enrollkit/testing";
import { planted } from "../canaries.js";
import { attempts, withPasted, type Drives } from "./drive.js";

const clock = createTestClock();
const nowhere = (more: object) => openLedger({ folder: "/dev/null/nowhere", clock, ...more });
const server = (url: string) =>
  openLedger({ url: new Secret(url), keys: [new Secret(planted.ledgerKey)], clock });

/** Opening one. What an open one does is in ledger.test.ts. */
export const drives: Drives<typeof ledger> = {
  ledgerSettingsSchema: withPasted((text) =>
    parseInput(
      ledgerSettingsSchema,
      { folder: 1, url: text, keys: [text], schema: text, lease: text, recipients: text, [text]: text },
      "invalid-config",
    ),
  ),
  openLedger: [
    ...attempts(
      () => nowhere({}),
      () => nowhere({ keys: [new Secret(planted.smtpPassword)] }),
      () =>
        server(
          `postgres://${encodeURIComponent(planted.email)}:${encodeURIComponent(planted.databasePassword)}@127.0.0.1:9/x`,
        ),
      () => server(`postgres://user:${planted.databasePassword}@nowhere.invalid:1/x`),
      () => server(`mysql://user:${encodeURIComponent(planted.databasePassword)}@127.0.0.1/x`),
    ),
    ...withPasted((text) => nowhere({ keys: [new Secret(text)] })),
    ...withPasted((text) =>
      nowhere({ keys: [text], schema: text, lease: text, settleFor: text, [text]: text }),
    ),
    ...withPasted((text) => server(text)),
  ],
};
