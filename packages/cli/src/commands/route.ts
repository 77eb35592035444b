import {
  createRequestValidator,
  destinationOf,
  EnrollmentError,
  type EnrollmentRequest,
  type EnrollmentService,
  type RoutingStep,
} from "@enrollkit/core";
import { enrollmentColumns } from "../input/columns.js";
import { openInput } from "../input/read-input.js";
import type { RowFailure } from "../output/bulk-report.js";
import { createRowPlaces, printableKey } from "../output/row-places.js";
import { table } from "../output/table.js";
import { UsageError } from "../output/usage-error.js";
import { openSession } from "../session.js";
import { exitCodes, printResult, type ExitCode, type GlobalOptions, type Terminal } from "../terminal.js";

export interface RouteOptions extends GlobalOptions {
  readonly provider?: string;
  readonly format?: "csv" | "jsonl";
  readonly dryRun?: true;
}

/** Where a row would go, or why nowhere. */
type RoutedRow = { readonly line: number; readonly key?: string | undefined } & (
  { readonly provider: string; readonly steps: readonly RoutingStep[] } | { readonly error: RowFailure }
);

/** The decision that settled it in a config's words: `devices: rules[1]`. */
const ruleWords = (steps: readonly RoutingStep[]): string =>
  steps
    .map(({ provider, rule }) => (rule === undefined ? provider : `${provider}: rules[${rule}]`))
    .join(" → ");

const whyWords = (steps: readonly RoutingStep[]): string =>
  steps.length === 0 ? "by name, route or default" : steps.map(({ why }) => why).join(" → ");

const cellsOf = (row: RoutedRow): readonly (string | number)[] => {
  const start = [row.line, row.key ?? ""];
  if ("error" in row) return [...start, "", "", `${row.error.code}: ${row.error.message}`];
  return [...start, ruleWords(row.steps), row.provider, whyWords(row.steps)];
};

const routeRow = (
  service: EnrollmentService,
  request: EnrollmentRequest,
  provider: string | undefined,
): Pick<Extract<RoutedRow, { steps: unknown }>, "provider" | "steps"> => {
  const { member, steps } = destinationOf(service.providerFor(request, { provider }), request);
  return { provider: member.name, steps };
};

/** `enrollkit route`: which rule sends each row of a file where, and why. Nobody is called. */
export const route = async (terminal: Terminal, path: string, options: RouteOptions): Promise<ExitCode> => {
  if (options.dryRun !== true) {
    throw new UsageError(
      "route only says where rows would go, and sends nothing",
      "add --dry-run; `enrollkit bulk` sends",
    );
  }
  const input = openInput(path, options.format, enrollmentColumns, terminal);
  const { service } = await openSession(terminal, options);
  const { provider } = options;
  if (provider !== undefined) service.provider(provider);
  const { clock } = terminal;
  const validate = createRequestValidator((request) => service.providerFor(request, { provider }), {
    ...(clock !== undefined && { clock }),
  });
  const places = createRowPlaces(input);
  const rows: RoutedRow[] = [];
  for await (const { line, value } of input.rows()) {
    const index = rows.length;
    places.add(line);
    const start = { line, key: printableKey(value["key"]) };
    try {
      validate(value, index);
      rows.push({ ...start, ...routeRow(service, value, provider) });
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      rows.push({ ...start, error: places.failure(index, value["key"], error) });
    }
  }
  printResult(terminal, options, rows, () =>
    table(["LINE", "KEY", "RULE", "PROVIDER", "WHY"], rows.map(cellsOf)),
  );
  return rows.some((row) => "error" in row) ? exitCodes.someFailed : exitCodes.done;
};
