import type { EnrollmentOutcome } from "@enrollkit/core";

/** What the simulators have on record: ids of what is alive, by provider and by the row that it is for. */
export type VendorRecords = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const ownerOf = (provider: string, key: string) => (provider === "apple" ? `${key}@example.com` : key);

/** Who takes a row, as requests() of app.js deals them out. */
const providerOf = (row: number) => (row % 50 === 0 ? "phones" : row % 10 === 5 ? "apple" : "eset");

/** Everything in which outcomes and the vendors' own records differ from one enrollment for each row. */
export const flawsOf = (
  rows: number,
  outcomes: ReadonlyMap<number, EnrollmentOutcome>,
  records: VendorRecords,
): readonly string[] => {
  const flaws: string[] = [];
  let expected = 0;
  for (let row = 0; row < rows; row += 1) {
    const provider = providerOf(row);
    const made = records[provider]?.[ownerOf(provider, `row-${row}`)] ?? [];
    const outcome = outcomes.get(row);
    if (outcome?.status !== "created") {
      const told = outcome === undefined ? "no outcome" : `${outcome.status}: ${outcome.error.message}`;
      flaws.push(`row ${row}: ${told}; the vendor has ${made.length}`);
    } else if (made.length !== 1 || made[0] !== outcome.enrollment.id) {
      flaws.push(
        `row ${row}: created as ${outcome.enrollment.id}; the vendor has ${made.join(", ") || "none"}`,
      );
    }
    expected += made.length;
  }
  const all = Object.values(records).flatMap((owners) => Object.values(owners).flat()).length;
  if (all !== expected) flaws.push(`the vendors have ${all - expected} enrollments that no row asked for`);
  return flaws;
};
