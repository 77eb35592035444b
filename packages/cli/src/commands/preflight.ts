import {
  accountsOf,
  destinationOf,
  EnrollmentError,
  type EnrollmentRequest,
  type EnrollmentService,
} from "@enrollkit/core";
import type { InputFile } from "../input/read-input.js";
import type { RowPlaces } from "../output/row-places.js";

/** What a first look at a file tells. */
export interface Survey {
  readonly rows: number;
  /** The providers that rows go to. */
  readonly providers: ReadonlySet<string>;
}

/** The provider of a row, of a router the member that gets it; none if nothing leads to one, and then the row fails by itself when its turn comes. */
export const providerOf = (
  service: EnrollmentService,
  row: Readonly<Record<string, unknown>>,
  provider: string | undefined,
): string | undefined => {
  const { profile } = row;
  try {
    const chosen = service.providerFor(typeof profile === "string" ? { profile } : {}, { provider });
    return destinationOf(chosen, row as EnrollmentRequest).lane.name;
  } catch (error) {
    if (!EnrollmentError.is(error)) throw error;
    return undefined;
  }
};

/**
 * Reads a whole file before anything is sent, so that a broken line 5,000 stops nothing half-way.
 *
 * @param places - hears where the rows stand.
 * @returns nothing for standard input, which can be read only once.
 * @throws UsageError if a line cannot be read.
 */
export const survey = async (
  input: InputFile,
  service: EnrollmentService,
  provider: string | undefined,
  places?: Pick<RowPlaces, "add">,
): Promise<Survey | undefined> => {
  if (input.path === undefined) return undefined;
  const providers = new Set<string>();
  let rows = 0;
  for await (const { line, value } of input.rows()) {
    rows += 1;
    places?.add(line);
    const name = providerOf(service, value, provider);
    if (name !== undefined) providers.add(name);
  }
  return { rows, providers };
};

/**
 * Lets providers pass that a check finds in order. A vendor that refuses the credentials would refuse every row:
 * better to say so once, before the first. Of a composite, one member in order is enough.
 *
 * @returns a function that asks each provider's vendor once; it throws an EnrollmentError if something is wrong.
 */
export const createProviderGate = (service: EnrollmentService, signal: AbortSignal | undefined) => {
  const passed = new Set<string>();
  return async (name: string): Promise<void> => {
    if (passed.has(name)) return;
    const [report] = await service.check({ provider: name, signal });
    const failures = report?.findings.filter(({ status }) => status === "failed") ?? [];
    const [failed] = failures;
    const failedAt = new Set(failures.map((finding) => finding.provider ?? name));
    const isBroken = accountsOf(service.provider(name)).every((account) => failedAt.has(account.name));
    if (failed !== undefined && isBroken) {
      throw new EnrollmentError(`the check of ${name} failed: ${failed.message}`, {
        code: "failed-precondition",
        provider: name,
        advice: "no row was sent there; `enrollkit check` shows every finding",
      });
    }
    passed.add(name);
  };
};
