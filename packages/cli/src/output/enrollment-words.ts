import type { Enrollment } from "@enrollkit/core";
import { table } from "./table.js";

/** One enrollment for a person to read. Its secrets show only if they are to be revealed. */
export const enrollmentWords = (enrollment: Enrollment, reveal: boolean): string => {
  const { id, provider, key, recipient, device, expiresAt, uses, artifacts, warnings, requestIds } =
    enrollment;
  const rows: (readonly [string, string])[] = [
    ["id", id],
    ["provider", provider],
    ...(key === undefined ? [] : [["key", key] as const]),
    ...(recipient?.email === undefined ? [] : [["recipient", recipient.email] as const]),
    ...(device?.name === undefined ? [] : [["device", device.name] as const]),
    ["expires", expiresAt],
    ["uses", String(uses)],
    ...artifacts.map((artifact): readonly [string, string] => [
      artifact.kind,
      "value" in artifact ? (reveal ? artifact.value.reveal() : String(artifact.value)) : artifact.channel,
    ]),
    ...warnings.map(({ message }) => ["warning", message] as const),
    ["request ids", requestIds.join(", ")],
  ];
  return table(
    ["", ""],
    rows.map((row) => [...row]),
  ).trimStart();
};
