import { dirname, resolve } from "node:path";
import type { ProviderPlugin } from "@enrollkit/core";
import { readConfig, type ConfigOptions, type EnrollKitConfig } from "./config.js";
import { parseJsonc } from "./jsonc.js";
import { readSettingsText } from "./settings-file.js";

/**
 * Reads a config file: JSON; comments and trailing commas are fine. Relative `$file` references start at its folder.
 *
 * @throws EnrollmentError `invalid-config`, see {@link readConfig}.
 */
export const readConfigFile = (
  path: string,
  plugins: readonly ProviderPlugin[],
  options: Omit<ConfigOptions, "directory" | "source"> = {},
): EnrollKitConfig => {
  const source = `config ${path}`;
  const advice = "name the config file with --config, or create enrollkit.config.json in this folder";
  const text = readSettingsText(source, path, advice);
  return readConfig(parseJsonc(source, text), plugins, {
    ...options,
    directory: dirname(resolve(path)),
    source,
  });
};
