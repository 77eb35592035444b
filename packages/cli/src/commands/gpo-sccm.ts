import { resolve } from "node:path";
import { writeSecretFile } from "../output/secret-file.js";
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
  const { service } = await openSession(terminal, options);
  const provider = chooseProviderWith(
    service,
    options.provider,
    "deploymentFiles",
    "has no file for silent deployment",
  );
  const { profile, overwrite } = options;
  const file = await provider.deploymentFiles.generate({ profile }, { signal: terminal.signal });
  const path = options.output ?? file.fileName;
  const bytes = Buffer.from(file.content.reveal(), "base64");
  await writeSecretFile(resolve(terminal.folder, path), bytes, overwrite);
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
