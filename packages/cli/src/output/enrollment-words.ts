import type { Enrollment } from "@enrollkit/core";
import { printableKey } from "./row-places.js";
import { table } from "./table.js";

/** One enrollment for a person to read. Its secrets show only if they are to be revealed. */
export const enrollmentWords = (enrollment: Enrollment, reveal: boolean): string => {
  const { id, provider, key, recipient, device, expiresAt, uses, artifacts, warnings, requestIds } =
    enrollment;
  const name = reveal ? key : printableKey(key);
  const rows: (readonly [string, string])[] = [
    ["id", id],
    ["provider", provider],
    ...(name === undefined ? [] : [["key", name] as const]),
    ...(recipient?.email === undefined || !reveal ? [] : [["recipient", recipient.email] as const]),
    ...(device?.name === undefined ? [] : [["device", device.name] as const]),
    ["expires", expiresAt],
    ["uses", String(uses)],
    ...artifacts.map((artifact): readonly [string, string] => [
      artifact.kind,
      "value" in artifact ? (reveal ? artifact.value.reveal() : String(artifact.value)) : artifact.channel,
    ]),
    ...warnings.map(({ message }) => ["warning", message] as const),
    ...(requestIds.length === 0 ? [] : [["request ids", requestIds.join(", ")] as const]),
  ];
  return table(
    ["", ""],
    rows.map((row) => [...row]),
  ).trimStart();
};
