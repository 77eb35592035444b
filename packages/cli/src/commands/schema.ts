import { exitCodes, writeLine, type ExitCode, type Terminal } from "../terminal.js";
import { loadPlugins } from "../vendors.js";

/** `enrollkit schema`: the JSON Schema of a config file. */
export const schema = async ({ stdout }: Terminal): Promise<ExitCode> => {
  const { configJsonSchema } = await import("@enrollkit/inversify");
  writeLine(stdout, JSON.stringify(configJsonSchema(await loadPlugins()), undefined, 2));
  return exitCodes.done;
};
