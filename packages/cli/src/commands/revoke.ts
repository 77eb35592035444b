import { EnrollmentError } from "@enrollkit/core";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { withAnyLedger } from "../ledger-session.js";
import { explainRow } from "../output/failure.js";
import { chooseProviderWith, openSession } from "../session.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";

export interface RevokeOptions extends LedgerFileOptions {
  readonly provider?: string;
}

/** `enrollkit revoke`: takes enrollments back. One that is already gone counts as taken back. */
export const revoke = (
  terminal: Terminal,
  ids: readonly string[],
  options: RevokeOptions,
): Promise<ExitCode> =>
  withAnyLedger(terminal, options, async ({ ledger }) => {
    const session = await openSession(terminal, options, ledger);
    const provider = chooseProviderWith(session, options.provider, "revocation", "take an enrollment back");
    const { revocation = provider.revocation } = ledger?.recorded(provider) ?? provider;
    const revoked: string[] = [];
    const print = () => {
      printResult(terminal, options, { revoked }, () =>
        revoked.length === 0 ? "nothing was revoked" : revoked.map((id) => `revoked ${id}`).join("\n"),
      );
    };
    for (const id of ids) {
      try {
        await revocation.revoke(id, { signal: terminal.signal });
        revoked.push(id);
      } catch (error) {
        if (revoked.length > 0 && !EnrollmentError.is(error)) print();
        if (!EnrollmentError.is(error) || ids.length === 1) throw error;
        writeLine(terminal.stderr, `${id}: ${explainRow(error)}`);
      }
    }
    print();
    return revoked.length === ids.length ? exitCodes.done : exitCodes.someFailed;
  });
