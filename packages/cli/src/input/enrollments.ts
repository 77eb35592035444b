import { resolve } from "node:path";
import {
  EnrollmentError,
  enrollmentOutcomeSchema,
  enrollmentSchema,
  isExpired,
  parseInput,
  quote,
  systemClock,
  type Enrollment,
} from "@enrollkit/core";
import { printableKey } from "../output/row-places.js";
import { isSameFile } from "../output/secret-file.js";
import { UsageError } from "../output/usage-error.js";
import type { Terminal } from "../terminal.js";
import { expectedFiles, readDocuments } from "./documents.js";
import { mergeExtras, readExtras } from "./extras.js";
import { openTextSource } from "./text-source.js";

/** Which enrollments of a file are meant. */
export interface SelectionOptions {
  /** Only those with one of these keys. Default: all. */
  readonly key?: readonly string[];
  /** A file of Android provisioning extras, to be merged into each payload. */
  readonly extras?: string;
}

/** An enrollment of a file. */
export interface EnrollmentRow {
  readonly enrollment: Enrollment;
  /** Its place among all rows of the file, from 0: the same whichever rows are chosen. */
  readonly index: number;
  /** From 1, as an editor counts. */
  readonly line: number;
}

/** What reading has found, beside the enrollments themselves. Nothing in it is secret or personal. */
export interface SelectionSummary {
  readonly chosen: number;
  /** Rows that hold no enrollment, because none was created. */
  readonly notCreated: readonly {
    readonly key?: string | undefined;
    readonly index: number;
    readonly status: string;
  }[];
  /** Of the chosen, how many work no more. */
  readonly expired: number;
  /** Of the chosen, how many have no payload that the extras could go into. */
  readonly withoutExtras: number;
}

/** The enrollments of a file that a command works on; a file is read as often as needed, standard input once. */
export interface Selection {
  /** How errors name the file. */
  readonly name: string;
  /** How many there are; unknown of standard input. */
  readonly total?: number;
  /** @throws UsageError if there are none, a chosen key is missing, or a row cannot be read. */
  rows(): AsyncGenerator<EnrollmentRow, void, void>;
  /** The enrollments of the rows alone. */
  enrollments(): AsyncGenerator<Enrollment, void, void>;
  /** Of the rows read so far, or in the last reading of a file. */
  summary(): SelectionSummary;
  /** The row of the chosen enrollment at this place, counted from 0. */
  readonly rowAt: (place: number) => Omit<EnrollmentRow, "enrollment">;
  /** The name of a file beside this one: `people.outcomes.jsonl` → `people.sheet.html`. */
  beside(suffix: string): string;
  /** @throws UsageError if a result would take the place of this file, whose secrets no vendor shows again. */
  refuseAsOutput(path: string): Promise<void>;
}

interface Tally {
  chosen: { readonly index: number; readonly line: number }[];
  notCreated: SelectionSummary["notCreated"][number][];
  expired: number;
  withoutExtras: number;
  readonly missingKeys: Set<string>;
}

const readRow = (value: Readonly<Record<string, unknown>>, place: string) => {
  try {
    if ("status" in value) return parseInput(enrollmentOutcomeSchema, value, "invalid-request");
    const enrollment = parseInput(enrollmentSchema, value, "invalid-request");
    return { status: "created", enrollment, key: enrollment.key, index: 0 } as const;
  } catch (error) {
    if (!EnrollmentError.is(error)) throw error;
    throw new UsageError(`${place}: not an enrollment: ${error.message}`, expectedFiles);
  }
};

const refuseRedacted = ({ artifacts }: Enrollment, place: string): void => {
  if (artifacts.every((artifact) => !("value" in artifact) || artifact.value.isKnown)) return;
  throw new UsageError(
    `${place}: its secrets are [redacted]: it was written without --reveal`,
    "secrets that were not kept are lost; create the enrollment again, with --output",
  );
};

/**
 * Opens the enrollments of a file: JSON Lines of outcomes as `bulk` writes them, or one enrollment as `create` does. A
 * file is read to its end at once, so that a broken line stops nothing half-way.
 *
 * @throws UsageError as {@link Selection.rows} does; EnrollmentError for wrong extras.
 */
export const selectEnrollments = async (
  path: string,
  { key: keys = [], extras: extrasPath }: SelectionOptions,
  terminal: Terminal,
): Promise<Selection> => {
  const source = openTextSource(path, terminal);
  const extras = extrasPath === undefined ? undefined : readExtras(extrasPath, terminal);
  const now = (terminal.clock ?? systemClock).now();
  const newTally = (): Tally => ({
    chosen: [],
    notCreated: [],
    expired: 0,
    withoutExtras: 0,
    missingKeys: new Set(keys),
  });
  let tally = newTally();

  const withExtras = (enrollment: Enrollment, place: string): Enrollment => {
    if (extras === undefined) return enrollment;
    try {
      const merged = mergeExtras(enrollment, extras);
      if (merged === undefined) tally.withoutExtras += 1;
      return merged ?? enrollment;
    } catch (error) {
      throw EnrollmentError.is(error) ? error.with({ message: `${place}: ${error.message}` }) : error;
    }
  };

  async function* rows(): AsyncGenerator<EnrollmentRow, void, void> {
    tally = newTally();
    let index = -1;
    for await (const { line, value } of readDocuments(source)) {
      index += 1;
      const place = `${source.name}: line ${line}`;
      const row = readRow(value, place);
      if (keys.length > 0 && (row.key === undefined || !keys.includes(row.key))) continue;
      if (row.key !== undefined) tally.missingKeys.delete(row.key);
      if (row.status !== "created") {
        tally.notCreated.push({ key: printableKey(row.key), index: row.index, status: row.status });
        continue;
      }
      refuseRedacted(row.enrollment, place);
      const enrollment = withExtras(row.enrollment, place);
      tally.chosen.push({ index, line });
      if (isExpired(enrollment, now) === true) tally.expired += 1;
      yield { enrollment, index, line };
    }
    if (tally.missingKeys.size > 0) {
      const missing = [...tally.missingKeys].map((key) => quote(key)).join(", ");
      throw new UsageError(`${source.name} has no row with the key ${missing}`, "check --key");
    }
    if (tally.chosen.length === 0) {
      throw new UsageError(`${source.name} holds no enrollment: none of its rows was created`, expectedFiles);
    }
  }

  const surveyed = source.path !== undefined;
  if (surveyed) {
    const survey = rows();
    let isRead = false;
    while (!isRead) isRead = (await survey.next()).done === true;
  }
  return {
    name: source.name,
    ...(surveyed && { total: tally.chosen.length }),
    rows,
    enrollments: async function* () {
      for await (const { enrollment } of rows()) yield enrollment;
    },
    summary: () => {
      const { chosen, notCreated, expired, withoutExtras } = tally;
      return { chosen: chosen.length, notCreated, expired, withoutExtras };
    },
    rowAt: (place) => tally.chosen[place] ?? { index: place, line: 0 },
    beside: (suffix) => {
      const name = surveyed ? path.replace(/(?:\.outcomes)?\.[^./\\]+$/, "") : "enrollments";
      return `${name}.${suffix}`;
    },
    refuseAsOutput: async (output) => {
      if (source.path === undefined) return;
      if (!(await isSameFile(resolve(terminal.folder, output), source.path))) return;
      throw new UsageError(`${output} is the input itself`, "name another file with --output");
    },
  };
};
