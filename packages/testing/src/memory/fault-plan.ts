import type { FaultTarget, VendorFault } from "../faults.js";

interface PlannedFault {
  readonly fault: VendorFault;
  readonly target: FaultTarget;
  times: number;
}

/** Faults in the order they were planned; each call takes the first that wants it. */
export const createFaultPlan = () => {
  let planned: PlannedFault[] = [];
  return {
    add: (fault: VendorFault, target: FaultTarget, times: number) => {
      planned.push({ fault, target, times });
    },
    take: (issuesEnrollment: boolean): VendorFault | undefined => {
      const next = planned.find(({ target }) => target === "any" || issuesEnrollment);
      if (next === undefined) return undefined;
      next.times -= 1;
      if (next.times <= 0) planned = planned.filter((each) => each !== next);
      return next.fault;
    },
  };
};

export type FaultPlan = ReturnType<typeof createFaultPlan>;

const withUnknownFields = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withUnknownFields);
  if (typeof value !== "object" || value === null) return value;
  const known = Object.entries(value).map(([key, member]) => [key, withUnknownFields(member)] as const);
  return { ...Object.fromEntries(known), addedByALaterVersion: { nested: [1, "two"] } };
};

/** The body that a fault makes of the real one. */
export const disfigure = (fault: VendorFault, text: string): string => {
  switch (fault.kind) {
    case "truncate":
      return text.slice(0, Math.floor(text.length / 2));
    case "oversize":
      return text.padEnd(fault.bytes, " ");
    case "unknown-fields":
      return JSON.stringify(withUnknownFields(JSON.parse(text)));
    case "body":
      return fault.body;
    default:
      return text;
  }
};
