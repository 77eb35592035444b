import { resolve } from "node:path";
import { EnrollmentError, type EnrollmentOutcome } from "@enrollkit/core";
import type { Ledger, Renewal } from "@enrollkit/ledger";
import { readDuration } from "../input/duration.js";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { readRecordId } from "../input/record-id.js";
import { withLedger } from "../ledger-session.js";
import { explainRow } from "../output/failure.js";
import { outcomeLine } from "../output/outcome-line.js";
import { openSecretFile } from "../output/secret-file.js";
import { table } from "../output/table.js";
import { UsageError } from "../output/usage-error.js";
import { openSession } from "../session.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";

export interface RenewOptions extends LedgerFileOptions {
  readonly expiringWithin?: string;
  readonly validFor?: string;
  readonly keepOld?: true;
  readonly output: string;
  readonly overwrite?: true;
}

/** What became of one record. */
interface Row {
  readonly id: number;
  readonly renewedBy?: number;
  readonly expiresAt?: string;
  /** What became of the old enrollment. */
  readonly old?: string;
  readonly error?: string;
}

const withoutSecrets = (id: number) =>
  `${id}: was renewed by an earlier call, whose secrets the ledger had no key to keep`;

const oldWords = ({ revocation }: Renewal): string => {
  if (typeof revocation === "object") return `could not be revoked: ${explainRow(revocation.error)}`;
  return revocation === "not-supported" ? "its vendor cannot revoke it" : revocation;
};

/** All at once: the new ones may expire within the time too. */
const expiringIds = async (ledger: Ledger, text: string): Promise<readonly number[]> => {
  const ids: number[] = [];
  for await (const { id } of ledger.expiring(readDuration(text, "--expiring-within"))) ids.push(id);
  return ids;
};

/** `enrollkit renew`: new enrollments in the place of old ones. */
export const renew = async (
  terminal: Terminal,
  words: readonly string[],
  options: RenewOptions,
): Promise<ExitCode> => {
  const { expiringWithin, validFor, keepOld, output, overwrite } = options;
  const named = words.map(readRecordId);
  if ((named.length === 0) === (expiringWithin === undefined)) {
    throw new UsageError(
      "which enrollments are to be renewed is not said, or said twice",
      "give the ids of records, or --expiring-within",
    );
  }
  if (expiringWithin !== undefined) readDuration(expiringWithin, "--expiring-within");
  const changes = validFor === undefined ? {} : { validFor: readDuration(validFor, "--valid-for") };
  return withLedger(terminal, options, async ({ ledger }) => {
    const { service } = await openSession(terminal, options, ledger);
    const { signal, stderr } = terminal;
    const ids = expiringWithin === undefined ? named : await expiringIds(ledger, expiringWithin);
    const file = await openSecretFile(resolve(terminal.folder, output), overwrite);
    const rows: Row[] = [];
    const renewOne = async (id: number): Promise<Row> => {
      const renewal = await ledger.renew(id, { service, changes, old: keepOld ? "keep" : "revoke", signal });
      const { enrollment, record } = renewal;
      const outcome: EnrollmentOutcome = {
        key: enrollment.key,
        index: rows.length,
        status: "created",
        enrollment,
      };
      if (enrollment.artifacts.length === 0) writeLine(stderr, withoutSecrets(id));
      await file.write(`${outcomeLine(outcome, {})}\n`);
      return { id, renewedBy: record.id, expiresAt: enrollment.expiresAt, old: oldWords(renewal) };
    };
    const print = (): ExitCode => {
      printResult(terminal, options, { renewals: rows, output }, () =>
        [
          rows.length === 0
            ? "nothing expires so soon"
            : table(
                ["ID", "RENEWED BY", "EXPIRES", "THE OLD ONE"],
                rows.map(({ id, renewedBy = "-", expiresAt = "-", old = "as it was" }) => [
                  id,
                  renewedBy,
                  expiresAt,
                  old,
                ]),
              ),
          ...(rows.some(({ error }) => error === undefined)
            ? ["", `enrollments, with their secrets: ${output} (only you can read it)`]
            : []),
        ].join("\n"),
      );
      return rows.some(({ error }) => error !== undefined) ? exitCodes.someFailed : exitCodes.done;
    };
    try {
      for (const id of ids) {
        try {
          rows.push(await renewOne(id));
        } catch (error) {
          if (!EnrollmentError.is(error) || ids.length === 1) throw error;
          writeLine(stderr, `${id}: ${explainRow(error)}`);
          rows.push({ id, error: error.message });
        }
      }
    } catch (error) {
      if (rows.length > 0) print();
      throw error;
    } finally {
      await file.close();
    }
    return print();
  });
};
