import { EnrollmentError, supports, type EnrollmentService } from "@enrollkit/core";
import { canonicalJson } from "../records/canonical.js";
import { findRun, startRun, type Run } from "../runs/run.js";
import type { Storage } from "../storage/storage.js";
import { endsOf, refuseBlindWait, type Ends } from "./limits.js";
import { requireTerms, type MigrationTerms, type RevokeAfter } from "./terms.js";

/** A migration with its two ends. */
export interface StartedMigration extends Ends {
  readonly run: Run;
  readonly terms: MigrationTerms;
  readonly revokeAfter: RevokeAfter;
}

export interface StartOptions extends Partial<MigrationTerms> {
  readonly name: string;
  readonly service: EnrollmentService;
  readonly revokeAfter?: RevokeAfter | undefined;
}

/** @throws EnrollmentError `failed-precondition` if the run is no migration. */
export const migrationOf = ({
  name,
  settings,
}: Pick<Run, "name" | "settings">): {
  terms: MigrationTerms;
  revokeAfter: RevokeAfter;
  isRevocable: boolean;
} => {
  const { provider = "", onUnsupported, migration } = settings;
  if (migration === undefined) {
    throw new EnrollmentError(`run "${name}" is no migration`, {
      code: "failed-precondition",
      path: "name",
      advice: "give the migration another name",
    });
  }
  const { revokeAfter, isRevocable, ...terms } = migration;
  return { terms: { ...terms, to: provider, onUnsupported }, revokeAfter, isRevocable };
};

const names = ["from", "to", "lifetime", "profile", "profiles", "onUnsupported"] as const;

const refuseOtherTerms = (name: string, stored: MigrationTerms, given: Partial<MigrationTerms>): void => {
  const changed = names.filter(
    (each) => given[each] !== undefined && canonicalJson(given[each]) !== canonicalJson(stored[each]),
  );
  const [first] = changed;
  if (first === undefined) return;
  throw new EnrollmentError(
    `migration "${name}" was started otherwise: ${changed
      .map((each) => `${each} was ${stored[each] === undefined ? "not given" : JSON.stringify(stored[each])}`)
      .join(", ")}`,
    {
      code: "failed-precondition",
      path: first,
      advice: "repeat the command as it was, or give the new one another name; nothing was sent",
    },
  );
};

const begin = async (
  storage: Storage,
  { name, service, revokeAfter = "created", ...given }: StartOptions,
): Promise<StartedMigration> => {
  const terms = requireTerms(given);
  const ends = endsOf(service, terms);
  refuseBlindWait(ends, revokeAfter);
  const { to, onUnsupported, ...rest } = terms;
  const present = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const run = await startRun(storage, name, {
    provider: to,
    ...(onUnsupported !== undefined && { onUnsupported }),
    migration: {
      ...(present as Pick<MigrationTerms, "from">),
      revokeAfter,
      isRevocable: supports(ends.old, "revocation"),
    },
  });
  return { run, terms, revokeAfter, ...ends };
};

/** From now on, and for later starts too. */
const changeRevokeAfter = async (storage: Storage, run: Run, revokeAfter: RevokeAfter): Promise<void> => {
  const { migration } = run.settings;
  const settings = { ...run.settings, migration: { ...migration, revokeAfter } };
  await storage.repeatable((db) =>
    db
      .updateTable("runs")
      .set({ settings: JSON.stringify(settings) })
      .where("id", "=", run.id)
      .execute(),
  );
};

/**
 * Starts a migration, or finds it again: what is not given is as it was then.
 *
 * @throws EnrollmentError `invalid-request` if it is new and from or to is missing; `failed-precondition` if it was started
 *   otherwise, or the name is that of another run; `unsupported` if old enrollments would wait for what nobody can tell.
 */
export const startMigration = async (storage: Storage, options: StartOptions): Promise<StartedMigration> => {
  const { name, service, revokeAfter, ...given } = options;
  const run = await findRun(storage, name);
  if (run === undefined) return begin(storage, options);
  const stored = migrationOf(run);
  refuseOtherTerms(name, stored.terms, given);
  const ends = endsOf(service, stored.terms);
  const now = revokeAfter ?? stored.revokeAfter;
  refuseBlindWait(ends, now);
  if (now !== stored.revokeAfter) await changeRevokeAfter(storage, run, now);
  return { run, terms: stored.terms, revokeAfter: now, ...ends };
};
