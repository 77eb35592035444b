import { resolve } from "node:path";
import type { DeploymentFile } from "@enrollkit/core";
import { fetchInto, writeSecretFile } from "../output/secret-file.js";
import { chooseProviderWith, openSession } from "../session.js";
import { exitCodes, printResult, type ExitCode, type GlobalOptions, type Terminal } from "../terminal.js";

export interface GpoSccmOptions extends GlobalOptions {
  readonly provider?: string;
  readonly profile?: string;
  readonly output?: string;
  readonly overwrite?: true;
}

/** `enrollkit gpo-sccm`: the file for silent deployment by group policy or SCCM, as the vendor made it. */
export const gpoSccm = async (terminal: Terminal, options: GpoSccmOptions): Promise<ExitCode> => {
  const session = await openSession(terminal, options);
  const provider = chooseProviderWith(
    session,
    options.provider,
    "deploymentFiles",
    "make a file for silent deployment",
  );
  const { profile, output, overwrite } = options;
  const inFolder = (name: string) => resolve(terminal.folder, name);
  const bytesOf = (file: DeploymentFile) => Buffer.from(file.content.reveal(), "base64");
  const file = await fetchInto(
    output === undefined ? undefined : inFolder(output),
    overwrite,
    () => provider.deploymentFiles.generate({ profile }, { signal: terminal.signal }),
    bytesOf,
  );
  const path = output ?? file.fileName;
  const bytes = bytesOf(file);
  // The vendor's own name for it is known only now. The file can be generated again, so nothing is lost if it is taken.
  if (output === undefined) await writeSecretFile(inFolder(path), bytes, overwrite);
  const { warnings, requestIds } = file;
  printResult(terminal, options, { output: path, bytes: bytes.length, warnings, requestIds }, () =>
    [
      `wrote ${path} (${bytes.length} bytes, only you can read it)`,
      "put it beside the management agent's installer; whoever has it can enroll computers",
      ...warnings.map(({ message }) => `warning: ${message}`),
    ].join("\n"),
  );
  return exitCodes.done;
};
