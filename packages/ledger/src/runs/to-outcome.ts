import type { EnrollmentError, EnrollmentOutcome } from "@enrollkit/core";
import { keyOfRow } from "./plan.js";
import type { RowResult } from "./recorder.js";
import type { Run } from "./run.js";

const withinRow = (error: EnrollmentError, position: number): EnrollmentError =>
  error.path?.startsWith("requests[") === true ? error : error.within(`requests[${position}]`);

/** A row's result as the caller knows it: by the row's place, and without a key that was made up for it. */
export const toOutcome = (
  {
    row: { position, request },
    result,
  }: Pick<RowResult, "result"> & {
    readonly row: { readonly position: number; readonly request: { readonly key: string } };
  },
  run: Pick<Run, "name">,
): EnrollmentOutcome => {
  const isMadeUp = request.key === keyOfRow(run, position, undefined);
  const place = { ...(!isMadeUp && { key: request.key }), index: position };
  if (result.status !== "created") return { ...place, ...result, error: withinRow(result.error, position) };
  if (!isMadeUp) return { ...place, ...result };
  const { key, ...enrollment } = result.enrollment;
  return key === undefined ? { ...place, ...result } : { ...place, status: "created", enrollment };
};
