import { table } from "../output/table.js";
import { chooseProviderWith, openSession } from "../session.js";
import { exitCodes, printResult, type ExitCode, type GlobalOptions, type Terminal } from "../terminal.js";

export interface StatusOptions extends GlobalOptions {
  readonly provider?: string;
}

/** `enrollkit status`: what became of enrollments, and which devices used them. */
export const status = async (
  terminal: Terminal,
  ids: readonly string[],
  options: StatusOptions,
): Promise<ExitCode> => {
  const session = await openSession(terminal, options);
  const provider = chooseProviderWith(
    session,
    options.provider,
    "tracking",
    "tell what became of an enrollment",
  );
  const statuses = await provider.tracking.getStatuses(
    ids.map((id) => ({ id })),
    { signal: terminal.signal },
  );
  printResult(terminal, options, statuses, () =>
    table(
      ["ID", "STATE", "DEVICES", ""],
      statuses.map(({ id, state, devices, detail }) => [
        id,
        state,
        devices.map((device) => device.name ?? device.serialNumber ?? device.id ?? "").join(", "),
        detail ?? "",
      ]),
    ),
  );
  return exitCodes.done;
};
