import { setImmediate as nextTurn, setTimeout as realDelay } from "node:timers/promises";
import type { Secret } from "@enrollkit/core";
import type { VendorFault } from "../faults.js";
import { disfigure } from "./disfigure.js";
import type { FaultPlan } from "./fault-plan.js";
import type { OperationInput, OperationName, Vendor, VendorAnswer } from "./vendor.js";

/** An answer as it comes over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Thrown for a connection that broke: nobody can tell whether the vendor has acted. */
export class ConnectionReset extends Error {
  override readonly name = "ConnectionReset";
}

const statusAnswer = ({
  status,
  headers = {},
  body = "",
}: Extract<VendorFault, { kind: "status" }>): RawAnswer => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  text: typeof body === "string" ? body : JSON.stringify(body),
});

const rawAnswer = ({ status, body }: VendorAnswer): RawAnswer => ({
  status,
  headers: {},
  text: JSON.stringify(body),
});

/** Waits in real time, and gives the signal's own reason if it is aborted. */
const holdBack = async (milliseconds: number, signal: AbortSignal | undefined) => {
  try {
    await realDelay(milliseconds, undefined, { signal, ref: false });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};

/** The line between a provider and the in-memory vendor, with everything that can go wrong on it. */
export const createConnection = (vendor: Vendor, faults: FaultPlan, accessToken: Secret) => {
  let calls = 0;

  const answerOf = <Name extends OperationName>(
    operation: Name,
    input: OperationInput<Name>,
    presented: Secret,
  ): RawAnswer => {
    if (!presented.equals(accessToken)) {
      return rawAnswer(vendor.refusal(401, "unknown-token", "the access token is not known"));
    }
    const handle = vendor.operations[operation] as (input: OperationInput<Name>) => VendorAnswer;
    return rawAnswer(handle(input));
  };

  return {
    callCount: () => calls,
    exchange: async <Name extends OperationName>(
      operation: Name,
      input: OperationInput<Name>,
      presented: Secret,
      signal: AbortSignal | undefined,
    ): Promise<RawAnswer> => {
      signal?.throwIfAborted();
      calls += 1;
      const fault = faults.take(
        operation === "enrollments.create" || operation === "enrollments.createBatch",
      );
      await nextTurn();
      if (fault?.kind === "status" && fault.when !== "after") return statusAnswer(fault);
      if (fault?.kind === "reset" && fault.when === "before")
        throw new ConnectionReset("reset by the vendor");
      const answer = answerOf(operation, input, presented);
      if (fault?.kind === "delay") await holdBack(fault.milliseconds, signal);
      signal?.throwIfAborted();
      if (fault?.kind === "reset") throw new ConnectionReset("reset by the vendor");
      if (fault?.kind === "status") return statusAnswer(fault);
      if (fault === undefined) return answer;
      return {
        ...answer,
        status: fault.kind === "body" ? 200 : answer.status,
        text: disfigure(fault, answer.text),
      };
    },
  };
};

export type Connection = ReturnType<typeof createConnection>;
