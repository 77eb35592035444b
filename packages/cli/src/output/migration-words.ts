import type { MigrationPlan, MigrationReport, MigrationRow, PlannedMove } from "@enrollkit/ledger";
import { counted } from "./counted.js";
import { explainRow } from "./failure.js";
import { withoutAddresses } from "./plain-text.js";
import { table } from "./table.js";

/** What stands where nothing is known. */
const nothing = "-";

const skipWords = {
  used: "its device has come in",
  expired: "it has expired",
  revoked: "it was taken back",
  moved: "another migration has it",
} as const;

const moveReason = ({ error, skipped, movedBy }: PlannedMove): string => {
  if (error !== undefined) return explainRow(error);
  if (skipped === undefined) return "";
  return movedBy === undefined ? skipWords[skipped] : `migration ${movedBy} has it`;
};

const revokeWords = {
  created: "each old one is taken back once its new one is there",
  enrolled: "each old one is taken back once a device has come in by its new one",
  never: "the old ones stay valid until they expire",
} as const;

const validityWords = ({ limits, revokeAfter, oldValidity }: MigrationPlan): readonly string[] => {
  const stays = revokeAfter === "never" || limits.some(({ role }) => role === "revocation");
  if (!stays) return [];
  const { until, endless } = oldValidity;
  return [
    ...(until === undefined ? [] : [`the last of the old ones expires: ${until}`]),
    ...(endless === 0 ? [] : [`old ones that never expire, or nobody knows when: ${endless}`]),
  ];
};

/** What a migration would do, in words. */
export const planWords = (plan: MigrationPlan): string => {
  const { from, to, source, rows, create, refuse, skip, limits, revokeAfter } = plan;
  const known = source === "listing" ? `live at ${from}` : `live at ${from}, as far as the ledger knows`;
  return [
    `${counted(rows.length, "enrollment")} ${rows.length === 1 ? "is" : "are"} ${known}: ${create} would be made at ${to}, ` +
      `${refuse} refused there, ${skip} left out`,
    revokeWords[revokeAfter],
    ...limits.map(({ provider, message }) => `${provider}: ${message}`),
    ...validityWords(plan),
    ...(rows.length === 0
      ? []
      : [
          "",
          table(
            ["OLD ENROLLMENT", "RECORD", "EXPIRES", "PROFILE", "WHAT", "REASON"],
            rows.map((row) => [
              row.enrollmentId,
              row.record ?? nothing,
              row.expiresAt,
              row.profile ?? nothing,
              row.action,
              moveReason(row),
            ]),
          ),
        ]),
  ].join("\n");
};

/** How far a migration has come, in words. */
export const reportWords = ({ name, from, to, rows, revokeAfter, ...report }: MigrationReport): string => {
  const { created, skipped, failed, unknown, open, old } = report;
  return [
    `${name}: from ${from} to ${to}, ${rows === undefined ? "not yet known how many rows" : counted(rows, "row")}`,
    "",
    table(
      ["AT", "CREATED", "LEFT OUT", "FAILED", "UNKNOWN", "OPEN"],
      [[to, created, skipped, failed, unknown, open]],
    ),
    "",
    table(
      ["AT", "REVOKED", "WAITING", "NOT REVOKED", "CANNOT BE REVOKED", "KEPT", "ENDED"],
      [[from, old.revoked, old.waiting, old["not-revoked"], old["not-supported"], old.kept, old.ended]],
    ),
    ...(old.waiting > 0
      ? [
          "",
          `old enrollments that wait${revokeAfter === "enrolled" ? " for a device" : ""}: ${old.waiting}; ` +
            `\`enrollkit migrate run --name ${name}\` takes back what is due`,
        ]
      : []),
  ].join("\n");
};

const messageOf = (error: Readonly<Record<string, unknown>> | undefined): string =>
  withoutAddresses(typeof error?.["message"] === "string" ? error["message"] : "");

const columns: Readonly<Record<string, (row: MigrationRow) => string | number | undefined>> = {
  row: ({ position }) => position + 1,
  key: ({ key }) => key,
  old_enrollment_id: ({ oldId }) => oldId,
  old_record: ({ oldRecord }) => oldRecord,
  old_expires_at: ({ oldExpiresAt }) => oldExpiresAt,
  old: ({ old }) => old,
  old_reason: ({ oldError }) => messageOf(oldError),
  record: ({ record }) => record,
  outcome: ({ outcome }) => outcome,
  new_enrollment_id: ({ newId }) => newId,
  state: ({ state }) => state,
  expires_at: ({ expiresAt }) => expiresAt,
  left_out: ({ skipped }) => skipped,
  reason: ({ error }) => messageOf(error),
};

/** The heading of a migration's report. */
export const migrationColumns: readonly string[] = Object.keys(columns);

/** A row of a migration as the cells of its report. */
export const migrationCells = (row: MigrationRow): readonly string[] =>
  Object.values(columns).map((read) => String(read(row) ?? ""));

/** Rows of a migration as a table. */
export const migrationTable = (rows: readonly MigrationRow[]): string =>
  table(
    ["OLD ENROLLMENT", "OLD", "NEW ENROLLMENT", "OUTCOME", "STATE", "REASON"],
    rows.map(({ oldId, old, newId = nothing, outcome, state = nothing, error, oldError }) => [
      oldId,
      old,
      newId,
      outcome,
      state,
      messageOf(error ?? oldError),
    ]),
  );
