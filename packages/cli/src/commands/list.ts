import type { EnrollmentSummary } from "@enrollkit/core";
import { table } from "../output/table.js";
import { chooseProviderWith, openSession } from "../session.js";
import { exitCodes, printResult, type ExitCode, type GlobalOptions, type Terminal } from "../terminal.js";

export interface ListOptions extends GlobalOptions {
  readonly provider?: string;
}

/** `enrollkit list`: the live enrollments of a provider, without their secrets. */
export const list = async (terminal: Terminal, options: ListOptions): Promise<ExitCode> => {
  const session = await openSession(terminal, options);
  const provider = chooseProviderWith(session, options.provider, "listing", "list its enrollments");
  const summaries: EnrollmentSummary[] = [];
  for await (const summary of provider.listing.list({ signal: terminal.signal })) summaries.push(summary);
  printResult(terminal, options, summaries, () => {
    if (summaries.length === 0) return `${provider.name} has no live enrollments`;
    return table(
      ["ID", "STATE", "EXPIRES", "RECIPIENT", "DEVICE"],
      summaries.map(({ id, state, expiresAt, recipient, device }) => [
        id,
        state,
        expiresAt,
        recipient?.email ?? "",
        device?.name ?? "",
      ]),
    );
  });
  return exitCodes.done;
};
