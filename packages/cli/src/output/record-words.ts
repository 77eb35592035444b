import type { DeviceReference } from "@enrollkit/core";
import type { LedgerRecord } from "@enrollkit/ledger";
import { withoutAddresses } from "./plain-text.js";
import { printableKey } from "./row-places.js";
import { table } from "./table.js";

/** What stands where nothing is known. */
const nothing = "-";

const deviceWords = ({ name, serialNumber, id }: DeviceReference): string =>
  name ?? serialNumber ?? id ?? "a device";

/** Why there is no enrollment, or what else is to be said. */
export const reasonOf = ({ detail, error }: LedgerRecord): string =>
  withoutAddresses(detail ?? (typeof error?.["message"] === "string" ? error["message"] : ""));

/**
 * A record as it may be shown: the recipient only as far as the ledger stores people, and no address that some use for
 * a key where it does not.
 */
export const shownRecord = (record: LedgerRecord): LedgerRecord =>
  record.recipient === undefined ? { ...record, key: printableKey(record.key) } : record;

/** The enrollment's state; of a request that led to none, how far it has come. */
const stateOf = ({ state, outcome }: LedgerRecord): string => state ?? outcome;

/** Records as a table, a row for each. */
export const recordsTable = (records: readonly LedgerRecord[]): string =>
  table(
    ["ID", "KEY", "WHO", "DEVICE", "PROVIDER", "STATE", "USED BY", "USED AT", "EXPIRES", ""],
    records.map(shownRecord).map((record) => {
      const { id, key, recipient, device, devices, provider, usedAt, expiresAt } = record;
      return [
        id,
        key ?? nothing,
        recipient?.email ?? recipient?.name ?? nothing,
        device === undefined ? nothing : deviceWords(device),
        provider === "" ? nothing : provider,
        stateOf(record),
        devices.length === 0 ? nothing : devices.map(deviceWords).join(", "),
        usedAt ?? nothing,
        expiresAt ?? nothing,
        reasonOf(record),
      ];
    }),
  );

const columns: Readonly<Record<string, (record: LedgerRecord) => string | number | undefined>> = {
  id: ({ id }) => id,
  run: ({ run }) => run,
  row: ({ position }) => (position === undefined ? undefined : position + 1),
  key: ({ key }) => key,
  email: ({ recipient }) => recipient?.email,
  name: ({ recipient }) => recipient?.name,
  device: ({ device }) => device && deviceWords(device),
  provider: ({ provider }) => provider,
  vendor: ({ vendor }) => vendor,
  profile: ({ profile }) => profile,
  platform: ({ platform }) => platform,
  management: ({ management }) => management,
  ownership: ({ ownership }) => ownership,
  outcome: ({ outcome }) => outcome,
  state: ({ state }) => state,
  used_by: ({ devices }) => devices.map(deviceWords).join(" | "),
  used_at: ({ usedAt }) => usedAt,
  created_at: ({ createdAt }) => createdAt,
  expires_at: ({ expiresAt }) => expiresAt,
  enrollment_id: ({ enrollmentId }) => enrollmentId,
  renews: ({ renews }) => renews,
  reason: reasonOf,
  recorded_at: ({ recordedAt }) => recordedAt,
  changed_at: ({ changedAt }) => changedAt,
  changed_by: ({ changedBy }) => changedBy,
};

/** The heading of a report. */
export const reportColumns: readonly string[] = Object.keys(columns);

/** A record as the cells of a report. */
export const reportCells = (record: LedgerRecord): readonly string[] => {
  const shown = shownRecord(record);
  return Object.values(columns).map((read) => String(read(shown) ?? ""));
};
