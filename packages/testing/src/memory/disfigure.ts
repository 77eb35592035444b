import type { VendorFault } from "../faults.js";

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
