import { failureOf } from "@enrollkit/core";
import { keyOfRow, type RefusedRow } from "./plan.js";
import type { Run } from "./run.js";
import { recordRefusals, type SendParts } from "./send-rows.js";

/** Records rows that are refused before they are sent. */
export const refusalsOf =
  (parts: Pick<SendParts, "attempts" | "vault" | "deliver" | "signal">, run: Run) =>
  (refused: readonly RefusedRow[]): Promise<void> =>
    recordRefusals(
      parts,
      refused.map(({ id, position, request, error }) => ({
        row: { id, position, tries: 0, request: { ...request, key: keyOfRow(run, position, request) } },
        result: failureOf(error),
      })),
    );
