import { migrationTermsOf, type MigrationTermsOptions } from "../input/migration-terms.js";
import { withLedger } from "../ledger-session.js";
import { planWords } from "../output/migration-words.js";
import { openSession } from "../session.js";
import { exitCodes, printResult, type ExitCode, type Terminal } from "../terminal.js";

/** `enrollkit migrate plan`: what a migration would do; nothing is changed. */
export const migratePlan = async (
  terminal: Terminal,
  options: MigrationTermsOptions & { readonly from: string; readonly to: string },
): Promise<ExitCode> => {
  const terms = migrationTermsOf(options, terminal);
  return withLedger(terminal, options, async ({ ledger }) => {
    const { service } = await openSession(terminal, options, ledger);
    const { from, to } = options;
    const plan = await ledger.planMigration({ ...terms, from, to, service, signal: terminal.signal });
    printResult(terminal, options, plan, () => planWords(plan));
    return plan.refuse > 0 ? exitCodes.someFailed : exitCodes.done;
  });
};
