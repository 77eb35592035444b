import { quote } from "@enrollkit/core";
import { UsageError } from "../output/usage-error.js";

/** @throws UsageError unless it is the number of a record. */
export const readRecordId = (text: string): number => {
  const id = Number(text);
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new UsageError(
    `${quote(text)} is not the id of a record`,
    "`enrollkit status` shows the records with their ids, which are numbers",
  );
};
