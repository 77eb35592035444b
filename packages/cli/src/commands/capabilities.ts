import { describeDuration, durationLength, type ProviderDescriptor } from "@enrollkit/core";
import { table } from "../output/table.js";
import { openSession } from "../session.js";
import { exitCodes, printResult, type ExitCode, type GlobalOptions, type Terminal } from "../terminal.js";
import { loadPlugins } from "../vendors.js";

export interface CapabilitiesOptions extends GlobalOptions {
  readonly provider?: string;
}

const words = (values: readonly string[]) => (values.length === 0 ? "–" : values.join(", "));

const lifetimeWords = ({ lifetime, differingDefaults }: ProviderDescriptor) => {
  if (!lifetime.settable) return "set by the vendor";
  const [min, max, usual] = [lifetime.min, lifetime.max, lifetime.default].map((each) =>
    describeDuration(durationLength(each)),
  );
  const usualWords = differingDefaults?.includes("lifetime") === true ? "each its own" : usual;
  return `${min ?? ""} to ${max ?? ""}, default ${usualWords ?? ""}`;
};

const batchWords = (batch: ProviderDescriptor["batch"]) =>
  batch === undefined ? "one by one" : `${batch.maxItems.toLocaleString("en-US")}, ${batch.atomicity}`;

const features: readonly (readonly [string, (descriptor: ProviderDescriptor) => string])[] = [
  ["vendor id", ({ vendor }) => vendor],
  ["platforms", ({ platforms }) => words(platforms)],
  ["management", ({ managementModes }) => words(managementModes)],
  ["artifacts", ({ artifacts }) => words(artifacts)],
  ["lifetime", lifetimeWords],
  ["uses", ({ uses }) => words(uses.allowed)],
  ["delivery", ({ deliveries }) => words(deliveries)],
  ["batch", ({ batch }) => batchWords(batch)],
  ["device import", ({ importBatch }) => (importBatch === undefined ? "–" : batchWords(importBatch))],
  [
    "additional data",
    ({ additionalDataLength }) =>
      additionalDataLength === 0 ? "–" : `${additionalDataLength.toLocaleString("en-US")} characters`,
  ],
  [
    "quota",
    ({ quotas }) =>
      words(
        quotas.map(
          ({ calls, per, scope }) =>
            `${calls.toLocaleString("en-US")} per ${describeDuration(durationLength(per))} and ${scope}`,
        ),
      ),
  ],
  ["can also", ({ roles }) => words(roles.filter((role) => role !== "bulk" && role !== "deviceImport"))],
];

/** What vendors can do, side by side: a heading, then a row for each feature. */
export const capabilityTable = (
  descriptors: readonly ProviderDescriptor[],
): readonly (readonly string[])[] => [
  ["", ...descriptors.map(({ product }) => product)],
  ...features.map(([feature, describe]) => [feature, ...descriptors.map(describe)]),
];

/** What a provider of the config can do; of a composite what holds in any case, then each member, then the rules. */
const ofProvider = async (
  terminal: Terminal,
  options: CapabilitiesOptions,
  name: string,
): Promise<ExitCode> => {
  const { service } = await openSession(terminal, options);
  const provider = service.provider(name);
  const { members = [], rules = [] } = provider.composition ?? {};
  const columns = [provider, ...members];
  const ruleRows = rules.map(({ text, member }, rule) => ({ rule, text, provider: member.name }));
  const data = {
    provider: name,
    descriptor: provider.descriptor,
    ...(members.length > 0 && {
      members: members.map((member) => ({ provider: member.name, descriptor: member.descriptor })),
    }),
    ...(rules.length > 0 && { rules: ruleRows }),
  };
  printResult(terminal, options, data, () => {
    const [, ...rows] = capabilityTable(columns.map(({ descriptor }) => descriptor));
    const abilities = table(["", ...columns.map((each) => each.name)], rows);
    if (rules.length === 0) return abilities;
    const cells = ruleRows.map(({ rule, text, provider: to }) => [`rules[${rule}]`, text, to]);
    return `${abilities}\n\n${table(["RULE", "TAKES", "PROVIDER"], cells)}`;
  });
  return exitCodes.done;
};

/** `enrollkit capabilities`: what every vendor, or a provider of the config, can do, in numbers. */
export const capabilities = async (terminal: Terminal, options: CapabilitiesOptions): Promise<ExitCode> => {
  if (options.provider !== undefined) return ofProvider(terminal, options, options.provider);
  const descriptors = (await loadPlugins()).map(({ descriptor }) => descriptor);
  printResult(terminal, options, descriptors, () => {
    const [head = [], ...rows] = capabilityTable(descriptors);
    return table(head, rows);
  });
  return exitCodes.done;
};
