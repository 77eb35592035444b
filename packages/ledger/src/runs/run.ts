import { EnrollmentError, quote, toIsoInstant, type IsoInstant } from "@enrollkit/core";
import type { MigrationSettings } from "../migrate/terms.js";
import type { Storage } from "../storage/storage.js";
import { canonicalJson } from "../records/canonical.js";

/** What every start of a run must agree on, for its rows were planned by it. */
export interface RunSettings {
  /** The provider of all rows; absent: each row's profile decides. */
  readonly provider?: string | undefined;
  readonly onUnsupported?: "reject" | "warn" | undefined;
}

/** What is stored of a run's settings. */
export interface StoredSettings extends RunSettings {
  /** Of a migration: where it moves from, and how. */
  readonly migration?: MigrationSettings | undefined;
}

/** A named run as it is stored. */
export interface Run {
  readonly id: number;
  readonly name: string;
  readonly settings: StoredSettings;
  readonly startedAt: IsoInstant;
  /** Undefined until the whole input has been planned. */
  readonly rows: number | undefined;
  readonly fingerprint: string | undefined;
}

/** What a run may be called. */
export const runName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export const findRun = async (storage: Storage, name: string): Promise<Run | undefined> => {
  const row = await storage.repeatable((db) =>
    db.selectFrom("runs").selectAll().where("name", "=", name).executeTakeFirst(),
  );
  if (row === undefined) return undefined;
  const { id, settings, started_at: startedAt, rows, fingerprint } = row;
  return { id, name, settings, startedAt, rows: rows ?? undefined, fingerprint: fingerprint ?? undefined };
};

/** @throws EnrollmentError `not-found` that names the runs there are. */
export const getRun = async (storage: Storage, name: string): Promise<Run> => {
  const run = await findRun(storage, name);
  if (run !== undefined) return run;
  const others = await storage.repeatable((db) =>
    db.selectFrom("runs").select("name").orderBy("id", "desc").limit(10).execute(),
  );
  const known = others.map((each) => each.name).join(", ");
  throw new EnrollmentError(`there is no run ${quote(name)}`, {
    code: "not-found",
    path: "run",
    advice: known === "" ? "the ledger has no run yet" : `there are: ${known}`,
  });
};

/**
 * Starts a run, or finds it again.
 *
 * @throws EnrollmentError `invalid-request` if the name is none; `failed-precondition` if it was started otherwise.
 */
export const startRun = async (storage: Storage, name: string, settings: StoredSettings): Promise<Run> => {
  if (!runName.test(name)) {
    throw new EnrollmentError(
      "a run's name has letters, digits, dot, dash and underscore, at most 64, and begins with a letter or digit",
      { code: "invalid-request", path: "run" },
    );
  }
  await storage.repeatable((db) =>
    db
      .insertInto("runs")
      .values({
        name,
        settings: JSON.stringify(settings),
        started_at: toIsoInstant(storage.clock.now()),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
  const run = await getRun(storage, name);
  if (canonicalJson(run.settings) === canonicalJson(settings)) return run;
  const words = ({ provider = "as the config says", onUnsupported = "reject", migration }: StoredSettings) =>
    `${migration === undefined ? "" : `a migration from ${migration.from}, `}provider ${provider}, ` +
    `on unsupported wishes ${onUnsupported}`;
  throw new EnrollmentError(
    `run "${name}" was started with other settings: ${words(run.settings)}; now it is: ${words(settings)}`,
    {
      code: "failed-precondition",
      path: "run",
      advice: "repeat the command as it was, or give the new settings another run",
    },
  );
};
