import type { VendorFault } from "@enrollkit/testing";
import type { PlannedFault, StruckCalls } from "./plan.js";

/** Which calls each kind of fault strikes. */
export type Places = Readonly<Record<StruckCalls, { readonly method?: string; readonly path?: RegExp }>>;

/** A call as a simulator records it. */
export interface RecordedCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Absent for a connection that was reset. */
  readonly status?: number;
}

/** A call that arrived, and what struck it. */
export interface SeenCall extends RecordedCall {
  readonly isCreate: boolean;
  /** Whether it asks for an access token, or bears one that cannot be renewed. */
  readonly isUnrenewable: boolean;
  readonly fault: VendorFault | undefined;
}

/** Which of the planned faults struck which call: each call takes the first that wants it, as in the simulators. */
export const seenCalls = (
  recorded: readonly RecordedCall[],
  faults: readonly PlannedFault[],
  places: Places,
  tokens: "renewable" | "fixed",
): readonly SeenCall[] => {
  const suits = (calls: StruckCalls, { method, path }: RecordedCall) =>
    (places[calls].method ?? method) === method && places[calls].path?.test(path) !== false;
  const left = faults.map((planned) => ({ ...planned }));
  const faultOf = (call: RecordedCall) => {
    const next = left.find(({ calls, times }) => times > 0 && suits(calls, call));
    if (next === undefined) return undefined;
    if (next.skip > 0) next.skip -= 1;
    else {
      next.times -= 1;
      return next.fault;
    }
    return undefined;
  };
  return recorded.map((call) => ({
    ...call,
    isCreate: suits("create", call),
    isUnrenewable: tokens === "fixed" || suits("token", call),
    fault: faultOf(call),
  }));
};
