import { Secret } from "@enrollkit/core";
import { expect, it } from "vitest";
import { KeyRing } from "../sealing/key-ring.js";
import { conditionOf, type RecordFilter } from "./filter.js";
import type { Vault } from "./vault.js";

const same = (text: string) => text;
const vault: Vault = {
  keys: new KeyRing([new Secret("0".repeat(64))]),
  fingerprints: { ofRecipient: same, ofRequest: same, ofSecret: same },
  recipients: "fingerprint",
};

it.each<readonly [RecordFilter, string, string]>([
  [{ keys: [] }, "keys", "keys must not be empty: leave it out to mean all"],
  [{ states: [] }, "states", "states must not be empty: leave it out to mean all"],
  [{ ids: [1.5] }, "ids", "ids must be a record's id: a whole number from 1"],
  [{ ids: [1, 0] }, "ids", "ids must be a record's id: a whole number from 1"],
  [{ since: "yesterday" as `${string}Z` }, "since", "since must be an instant such as 2026-09-21T10:15:30Z"],
  [
    { expiringUntil: "2026-02-30T00:00:00Z" },
    "expiringUntil",
    "expiringUntil must be an instant such as 2026-09-21T10:15:30Z",
  ],
])("refuses the filter %j", (filter, path, message) => {
  expect(() => conditionOf(filter, vault, 0)).toThrow(
    expect.objectContaining({ code: "invalid-request", path, message }) as Error,
  );
});
