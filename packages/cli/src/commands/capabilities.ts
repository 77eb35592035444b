import { describeDuration, durationLength, type ProviderDescriptor } from "@enrollkit/core";
import { table } from "../output/table.js";
import { exitCodes, printResult, type ExitCode, type GlobalOptions, type Terminal } from "../terminal.js";
import { loadPlugins } from "../vendors.js";

const words = (values: readonly string[]) => (values.length === 0 ? "–" : values.join(", "));

const lifetimeWords = ({ lifetime }: ProviderDescriptor) => {
  if (!lifetime.settable) return "set by the vendor";
  const [min, max, usual] = [lifetime.min, lifetime.max, lifetime.default].map((each) =>
    describeDuration(durationLength(each)),
  );
  return `${min ?? ""} to ${max ?? ""}, default ${usual ?? ""}`;
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

/** `enrollkit capabilities`: what every vendor can do, in numbers. */
export const capabilities = async (terminal: Terminal, options: GlobalOptions): Promise<ExitCode> => {
  const descriptors = (await loadPlugins()).map(({ descriptor }) => descriptor);
  printResult(terminal, options, descriptors, () => {
    const [head = [], ...rows] = capabilityTable(descriptors);
    return table(head, rows);
  });
  return exitCodes.done;
};
