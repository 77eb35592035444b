import { table } from "../output/table.js";
import { openSession } from "../session.js";
import { exitCodes, printResult, type ExitCode, type GlobalOptions, type Terminal } from "../terminal.js";

export interface CheckOptions extends GlobalOptions {
  readonly provider?: string;
}

/** `enrollkit check`: asks every vendor whether the config works, and changes nothing. */
export const check = async (terminal: Terminal, options: CheckOptions): Promise<ExitCode> => {
  const { service } = await openSession(terminal, options);
  const reports = await service.check({ provider: options.provider, signal: terminal.signal });
  printResult(terminal, options, reports, () =>
    table(
      ["PROVIDER", "CHECK", "RESULT", ""],
      reports.flatMap(({ provider, findings }) =>
        findings.map(({ provider: member, name, status, message }) => [
          member === undefined ? provider : `${provider} → ${member}`,
          name,
          status,
          message,
        ]),
      ),
    ),
  );
  return reports.every(({ ok }) => ok) ? exitCodes.done : exitCodes.vendor;
};
