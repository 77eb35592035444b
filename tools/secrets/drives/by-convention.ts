import type { ProviderPlugin } from "@enrollkit/core";
import { createProviders, readConfig } from "@enrollkit/inversify";
import { pasted, planted } from "../canaries.js";
import { CONSTANT, DOUBLE, type Attempt, type Drive } from "./drive.js";

const isPlugin = (value: unknown): value is ProviderPlugin =>
  typeof value === "object" && value !== null && "settings" in value && "create" in value;

/** The names of a vendor's settings. */
const fieldsOf = ({ settings }: ProviderPlugin): readonly string[] =>
  "shape" in settings ? Object.keys(settings.shape as object) : [];

/** What was in the clipboard, in each field, in one that does not exist, and in all at once. */
const wrongSettings = (fields: readonly string[]): readonly object[] =>
  pasted.flatMap((text) => [
    ...[...fields, text].map((field) => ({ [field]: text })),
    ...fields.map((field) => ({ [field]: { [text]: text } })),
    Object.fromEntries(fields.map((field) => [field, text])),
  ]);

const refusals = (plugin: ProviderPlugin, attempt: (settings: object) => unknown): readonly Attempt[] =>
  wrongSettings(fieldsOf(plugin)).map((settings) => ({
    call: () => {
      // What passes for a name or an address is taken for one: only what is refused counts.
      attempt(settings);
    },
  }));

const inConfig = (plugin: ProviderPlugin): readonly Attempt[] => {
  const read = (settings: object) =>
    createProviders(
      readConfig({ providers: { own: { vendor: plugin.vendor, ...settings } } }, [plugin], {
        environment: { TOKEN: planted.accessToken },
      }),
    );
  const named = Object.fromEntries(fieldsOf(plugin).map((field) => [field, { $env: "TOKEN" }]));
  return [...refusals(plugin, read), ...refusals(plugin, (settings) => read({ ...named, ...settings }))];
};

const driveOf = (name: string, value: unknown, plugin: ProviderPlugin | undefined): Drive | undefined => {
  if (plugin === undefined) return /^start\w+Simulator$/.test(name) ? DOUBLE : undefined;
  if (value === plugin) return inConfig(plugin);
  if (value === plugin.descriptor) return CONSTANT;
  return name.startsWith("create") ? refusals(plugin, value as (settings: object) => unknown) : undefined;
};

/**
 * Drives for a vendor's adapter or simulator that has none of its own here, by what all of them export: a plugin, its
 * descriptor and `create…`, or `start…Simulator`. Whatever else one exports needs a drive, as everywhere.
 */
export const drivesByConvention = (api: object): Readonly<Record<string, Drive>> => {
  const exported = Object.entries(api);
  const plugin = exported.map(([, value]) => value as unknown).find(isPlugin);
  return Object.fromEntries(
    exported.flatMap(([name, value]) => {
      const drive = driveOf(name, value, plugin);
      return drive === undefined ? [] : [[name, drive]];
    }),
  );
};
