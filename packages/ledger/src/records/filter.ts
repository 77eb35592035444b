import {
  EnrollmentError,
  instantMilliseconds,
  toIsoInstant,
  type EnrollmentState,
  type IsoInstant,
  type Secret,
} from "@enrollkit/core";
import { sql, type RawBuilder } from "kysely";
import type { RecordedOutcome } from "../storage/tables.js";
import { integers, isLapsed, isLive, texts } from "./conditions.js";
import type { Vault } from "./vault.js";

/** Which records are meant: those that fit everything that is given. */
export interface RecordFilter {
  readonly ids?: readonly number[] | undefined;
  /** The name of a run. */
  readonly run?: string | undefined;
  readonly provider?: string | undefined;
  readonly profile?: string | undefined;
  /** The caller's own ids. */
  readonly keys?: readonly string[] | undefined;
  /** The vendor's ids. */
  readonly enrollmentIds?: readonly string[] | undefined;
  /** The person's e-mail address; it is looked up by its fingerprint. */
  readonly recipient?: string | undefined;
  /**
   * What lets a device in, to learn whose it is; it is looked up by its fingerprint. Of an enrollment with several, only the
   * first of these kinds is known: token, link, code, QR code's content, deployment file.
   */
  readonly secret?: Secret | undefined;
  readonly outcomes?: readonly RecordedOutcome[] | undefined;
  /** States of enrollments; `expired` means those that have run out by now, too. */
  readonly states?: readonly EnrollmentState[] | undefined;
  /** Those that live now and will have expired at this instant. */
  readonly expiringUntil?: IsoInstant | undefined;
  /** Recorded at this instant or later. */
  readonly since?: IsoInstant | undefined;
}

type Condition = RawBuilder<boolean>;

const invalid = (path: string, problem: string) =>
  new EnrollmentError(`${path} ${problem}`, { code: "invalid-request", path });

/** @throws EnrollmentError `invalid-request` */
export const requireIds = (ids: readonly number[], path: string): void => {
  if (!ids.every((id) => Number.isSafeInteger(id) && id > 0)) {
    throw invalid(path, "must be a record's id: a whole number from 1");
  }
};

/** @throws EnrollmentError `invalid-request` */
export const instantOf = (text: IsoInstant, path: string): IsoInstant => {
  try {
    return toIsoInstant(instantMilliseconds(text));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid(path, "must be an instant such as 2026-09-21T10:15:30Z");
  }
};

/** An enrollment that has run out is expired, whatever the vendor was last heard to say. */
const inStates = (states: readonly EnrollmentState[], now: number): Condition => {
  const lapsed = isLapsed(now);
  const others = states.filter((state) => state !== "pending");
  return sql`(r.state IN ${texts(others)}
    OR (r.state = 'pending' AND ${states.includes("pending")}::boolean AND NOT ${lapsed})
    OR (r.state = 'pending' AND ${states.includes("expired")}::boolean AND ${lapsed}))`;
};

/**
 * What a filter means, over a table `records` that goes by the name `r`.
 *
 * @param now - milliseconds since the Unix epoch.
 * @throws EnrollmentError `invalid-request` if a list is empty, or an id or instant is none.
 */
export const conditionOf = (filter: RecordFilter, vault: Vault, now: number): Condition => {
  const { ids, run, provider, profile, keys, enrollmentIds, recipient, secret } = filter;
  const { outcomes, states, expiringUntil, since } = filter;
  for (const [path, values] of Object.entries({ ids, keys, enrollmentIds, outcomes, states })) {
    if (values?.length === 0) throw invalid(path, "must not be empty: leave it out to mean all");
  }
  const conditions: Condition[] = [];
  if (ids !== undefined) {
    requireIds(ids, "ids");
    conditions.push(sql`r.id IN ${integers(ids)}`);
  }
  if (run !== undefined) conditions.push(sql`r.run_id = (SELECT id FROM runs WHERE name = ${run})`);
  if (provider !== undefined) conditions.push(sql`r.provider = ${provider}`);
  if (profile !== undefined) conditions.push(sql`r.profile = ${profile}`);
  if (keys !== undefined) conditions.push(sql`r.key IN ${texts(keys)}`);
  if (enrollmentIds !== undefined) conditions.push(sql`r.enrollment_id IN ${texts(enrollmentIds)}`);
  if (recipient !== undefined) {
    conditions.push(sql`r.recipient_hash = ${vault.fingerprints.ofRecipient(recipient)}`);
  }
  if (secret !== undefined) {
    conditions.push(sql`r.secret_fingerprint = ${vault.fingerprints.ofSecret(secret.reveal())}`);
  }
  if (outcomes !== undefined) conditions.push(sql`r.outcome IN ${texts(outcomes)}`);
  if (states !== undefined) conditions.push(inStates(states, now));
  if (expiringUntil !== undefined) {
    const until = instantOf(expiringUntil, "expiringUntil");
    conditions.push(sql`${isLive(now)} AND r.expires_at <= ${until}::timestamptz`);
  }
  if (since !== undefined) {
    conditions.push(sql`r.recorded_at >= ${instantOf(since, "since")}::timestamptz`);
  }
  return conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` AND `)})`;
};
