import type { EnrollmentOutcome } from "@enrollkit/core";
import { grouped, type PlannedRow, type PlannedVendor } from "./vendor.js";

/** Each row has its own outcome, in its place. */
const positionFlaws = (rows: readonly PlannedRow[], outcomes: readonly EnrollmentOutcome[]): string[] => [
  ...(outcomes.length === rows.length ? [] : [`${rows.length} rows have ${outcomes.length} outcomes`]),
  ...outcomes.flatMap(({ index, key }, place) =>
    index === place && key === rows[place]?.request.key
      ? []
      : [`outcome ${place} says that it is of row ${index}, key ${key ?? "none"}`],
  ),
];

const outcomeFlaws = (
  row: PlannedRow,
  outcome: EnrollmentOutcome,
  { flawOf, mayBeUnknown }: PlannedVendor,
): string[] => {
  if (outcome.status === "created") {
    const flaw = flawOf(outcome.enrollment, row);
    return [
      ...(flaw === undefined ? [] : [`created, but ${flaw}`]),
      ...(row.isHopeless === true ? ["created, though the vendor cannot grant it"] : []),
    ];
  }
  const { error, status } = outcome;
  const told = `${status}, ${error.code}: ${error.message}`;
  return [
    ...(status === "unknown" && !mayBeUnknown(row) ? [`${told} - though the vendor could be asked`] : []),
    ...(status === "unknown" && error.retryable ? [`${told} - and yet offered for a repeat`] : []),
    // The last resort of an adapter that meets what it does not expect: nothing here is unexpected.
    ...(error.code === "unknown" && row.isUnexplained !== true ? [told] : []),
  ];
};

/** What is there against what was told, for all rows of one owner. */
const existenceFlaws = (
  owner: string,
  outcomes: readonly EnrollmentOutcome[],
  made: readonly string[],
): string[] => {
  const created = outcomes.flatMap((each) => (each.status === "created" ? [each.enrollment.id] : []));
  const unknown = outcomes.filter(({ status }) => status === "unknown").length;
  const unclaimed = made.filter((id) => !created.includes(id));
  const told = outcomes.map(({ status }) => status).join(", ");
  return [
    ...(new Set(created).size === created.length ? [] : [`${owner}: one enrollment was given out twice`]),
    ...created
      .filter((id) => !made.includes(id))
      .map((id) => `${owner}: ${id} was created, and is not at the vendor`),
    ...(unclaimed.length <= unknown
      ? []
      : [`${owner}: told ${told}, and the vendor has ${made.length}: ${made.join(", ")}`]),
  ];
};

/** @returns everything in which the outcomes of a run differ from what the vendor's records show. */
export const flawsOf = (vendor: PlannedVendor, outcomes: readonly EnrollmentOutcome[]): readonly string[] => {
  const { rows } = vendor;
  const flaws = positionFlaws(rows, outcomes);
  for (const [place, row] of rows.entries()) {
    const outcome = outcomes[place];
    if (outcome === undefined) continue;
    flaws.push(...outcomeFlaws(row, outcome, vendor).map((flaw) => `row ${place}: ${flaw}`));
  }
  const made = new Map(vendor.made());
  const ownerOfPlace = rows.flatMap(({ owner, existed }, place) =>
    existed === true ? [] : [[owner, String(place)] as const],
  );
  for (const [owner, places] of grouped(ownerOfPlace)) {
    const theirs = places.flatMap((place) => outcomes[Number(place)] ?? []);
    flaws.push(...existenceFlaws(owner, theirs, made.get(owner) ?? []));
    made.delete(owner);
  }
  for (const [owner, ids] of made) flaws.push(`${owner}: nobody asked for ${ids.join(", ")}`);
  return flaws;
};
