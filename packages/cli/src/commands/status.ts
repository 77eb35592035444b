import { isNarrow, recordFilterOf } from "../input/record-filter.js";
import { withAnyLedger } from "../ledger-session.js";
import { table } from "../output/table.js";
import { UsageError } from "../output/usage-error.js";
import { chooseProviderWith, openSession } from "../session.js";
import { exitCodes, printResult, type ExitCode, type Terminal } from "../terminal.js";
import { records, type RecordsOptions } from "./records.js";

/** What became of enrollments of one provider, as it says now; a ledger takes note of it. */
const askVendor = (terminal: Terminal, ids: readonly string[], options: RecordsOptions): Promise<ExitCode> =>
  withAnyLedger(terminal, options, async ({ ledger }) => {
    const session = await openSession(terminal, options, ledger);
    const provider = chooseProviderWith(
      session,
      options.provider,
      "tracking",
      "tell what became of an enrollment",
    );
    const { tracking = provider.tracking } = ledger?.recorded(provider) ?? provider;
    const statuses = await tracking.getStatuses(
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
  });

/** `enrollkit status`: what became of enrollments, and which devices used them. */
export const status = async (
  terminal: Terminal,
  ids: readonly string[],
  options: RecordsOptions,
): Promise<ExitCode> => {
  if (ids.length === 0) return records(terminal, options);
  if (isNarrow({ ...recordFilterOf(options), provider: undefined })) {
    throw new UsageError(
      "ids ask the vendor, and the other options choose among the ledger's records",
      "leave out the ids, or the options",
    );
  }
  return askVendor(terminal, ids, options);
};
