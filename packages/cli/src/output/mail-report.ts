import type { EnrollmentError } from "@enrollkit/core";
import type { MailFileOutcome, MailOutcome } from "@enrollkit/provisioning/mail";
import type { EnrollmentRow } from "../input/enrollments.js";
import { adviceOn, explainRow } from "./failure.js";
import { printableKey } from "./row-places.js";
import { table } from "./table.js";
import type { RowFailure } from "./bulk-report.js";

/** What became of the mails of a run. */
export interface MailSummary {
  /** In a dry run: written into a file. */
  readonly sent: number;
  readonly skipped: number;
  readonly failed: number;
  readonly unknown: number;
  /** How many were not sent, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly failures: readonly RowFailure[];
}

/** Counts what becomes of the mails of a run. */
export interface MailReport {
  /** How many mails it has heard of. */
  readonly count: number;
  add(outcome: MailOutcome | MailFileOutcome, row: Pick<EnrollmentRow, "line">): void;
  summary(): MailSummary;
}

/** The library's advice names its own option. */
const inOptions = (error: EnrollmentError): EnrollmentError =>
  error.with({ advice: adviceOn(error).replace('inDoubt: "resend"', "--in-doubt resend") });

export const createMailReport = (): MailReport => {
  const counts = { sent: 0, skipped: 0, failed: 0, unknown: 0 };
  const reasons = new Map<string, number>();
  const failures: RowFailure[] = [];
  return {
    get count() {
      return counts.sent + counts.skipped + counts.failed + counts.unknown;
    },
    add: (outcome, { line }) => {
      counts[outcome.status === "written" ? "sent" : outcome.status] += 1;
      if (outcome.status === "sent" || outcome.status === "written") return;
      const reason = outcome.status === "skipped" ? outcome.reason : outcome.error.code;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      if (outcome.status === "skipped") return;
      failures.push({
        place: `line ${line}`,
        key: printableKey(outcome.key),
        code: outcome.error.code,
        message: explainRow(inOptions(outcome.error)),
      });
    },
    summary: () => ({ ...counts, reasons: Object.fromEntries(reasons), failures }),
  };
};

/** The outcome as a line of the file of outcomes. It holds neither an address nor a secret. */
export const mailOutcomeLine = (
  { key, ...outcome }: MailOutcome,
  { index, line }: Omit<EnrollmentRow, "enrollment">,
): string =>
  JSON.stringify({
    key: printableKey(key),
    ...outcome,
    index,
    line,
    ...("error" in outcome && { advice: inOptions(outcome.error).advice }),
  });

/**
 * A run as a table of one row.
 *
 * @param verb - what was done with the mails that went well.
 */
export const mailTable = (
  { sent, skipped, failed, unknown, reasons }: Omit<MailSummary, "failures">,
  verb: "SENT" | "WRITTEN",
): string =>
  table(
    [verb, "SKIPPED", "FAILED", "UNKNOWN", "REASONS"],
    [
      [
        sent,
        skipped,
        failed,
        unknown,
        Object.entries(reasons)
          .map(([reason, count]) => `${count} ${reason}`)
          .join(", "),
      ],
    ],
  );
