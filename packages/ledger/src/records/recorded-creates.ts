import { randomUUID } from "node:crypto";
import {
  EnrollmentError,
  failureOf,
  missingResult,
  toIsoInstant,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type EnrollmentResult,
  type Reconciliation,
} from "@enrollkit/core";
import { sql } from "kysely";
import type { HeldLease } from "../held-lease.js";
import { withLock } from "../runs/provider-lock.js";
import type { Storage } from "../storage/storage.js";
import type { Lease } from "../work/lease.js";
import { createAttempts, type Attempt } from "./attempts.js";
import { resultColumns } from "./columns.js";
import { findingColumns, reconcileOptions } from "./findings.js";
import { noteIntents, type Intent } from "./intents.js";
import type { Turns } from "./turns.js";
import type { Vault } from "./vault.js";

export interface RecordingParts {
  readonly storage: Storage;
  readonly vault: Vault;
  readonly held: HeldLease;
  /** Attempts of creates outside of runs that this process has under way. */
  readonly underWay: Set<string>;
  /** One reconciliation at a time for each provider. */
  readonly turns: Turns;
}

/** What a create is recorded as. */
export interface PlannedCreate extends Pick<Intent, "renews"> {
  /** The intent's name. */
  readonly name: string;
}

export type KeyedRequest = EnrollmentRequest & { readonly key: string };

/** Sends requests that are on record, and gives one result for each. */
export type Call = (requests: readonly KeyedRequest[]) => Promise<readonly EnrollmentResult[]>;

interface Create extends PlannedCreate {
  /** Its last try. */
  attempt?: Attempt;
  /** Whether it may be sent: it never was, or nothing has come of it. */
  isFree: boolean;
  /** The provider that nothing has come of it at, if another may try. */
  failedAt?: string | undefined;
}

/** What the members of one composite know of each other's creates. */
export type SharedCreates = WeakMap<EnrollmentRequest, Create>;

const never = new AbortController().signal;

const notNoted = (provider: string) =>
  new EnrollmentError("nothing was sent: this worker has lost its lease, or another has the record", {
    code: "unavailable",
    provider,
  });

const notWritten = (provider: string, cause: unknown) =>
  new EnrollmentError("the vendor was called, and what came of it could not be recorded", {
    code: "outcome-unknown",
    provider,
    advice: "once the ledger's database is back, settle what is in doubt; send nothing again before",
    cause,
  });

/** A provider may know a request again by the object that it is. */
const withKey = (request: EnrollmentRequest, key: string): KeyedRequest =>
  hasKey(request) ? request : { ...request, key };

const hasKey = (request: EnrollmentRequest): request is KeyedRequest => request.key !== undefined;

/** The key that was made up for a request without one does not come back. */
const asAsked = (result: EnrollmentResult, asked: EnrollmentRequest): EnrollmentResult => {
  if (result.status !== "created" || asked.key !== undefined) return result;
  const { key, ...enrollment } = result.enrollment;
  return key === undefined ? result : { status: "created", enrollment };
};

/** What could not be recorded when its answer came, is in doubt from now on. */
const markInDoubt = (storage: Storage, { name: by }: Lease, attempts: readonly Attempt[]) => {
  const at = toIsoInstant(storage.clock.now());
  return storage.repeatable((db) =>
    sql`
      UPDATE records r SET outcome = 'in-doubt', changed_at = ${at}, changed_by = ${by}
        FROM jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb) AS n (id bigint, attempt uuid)
        WHERE r.id = n.id AND r.attempt = n.attempt AND r.outcome = 'sending'`.execute(db),
  );
};

/**
 * Creates outside of runs, each on record. A create that did not happen, and is sent again with the same request object,
 * is the same record.
 *
 * @param plans - what some requests, by the objects that they are, are recorded as; default: as something new.
 * @param creates - shared by the members of a composite: a create that passes from one to the next stays one record.
 */
export const createRecordedCreates = (
  { storage, vault, held, underWay, turns }: RecordingParts,
  provider: EnrollmentProvider,
  plans: ReadonlyMap<EnrollmentRequest, PlannedCreate>,
  creates: SharedCreates,
) => {
  const passedOnBy = (create: Create): boolean =>
    create.failedAt !== undefined && create.failedAt !== provider.name;

  const createOf = (request: EnrollmentRequest): Create => {
    const known = creates.get(request);
    if (known !== undefined && (known.isFree || passedOnBy(known))) return known;
    const create = { name: randomUUID(), ...plans.get(request), isFree: true };
    creates.set(request, create);
    return create;
  };

  const begin = async (
    lease: Lease,
    attempt: string,
    sent: readonly { readonly create: Create; readonly request: KeyedRequest }[],
  ): Promise<void> => {
    const intents = sent.map(({ create: { name, renews }, request }) => ({
      name,
      renews,
      attempt,
      provider,
      request,
    }));
    const ids = await noteIntents(storage, vault, lease, intents);
    for (const { create } of sent) {
      const id = ids.get(create.name);
      if (id === undefined) continue;
      create.attempt = { id, attempt };
      create.isFree = false;
      create.failedAt = undefined;
    }
    lease.assertHeld();
  };

  const settle = async (
    lease: Lease,
    results: readonly (readonly [Create, EnrollmentResult])[],
  ): Promise<void> => {
    // Without a lease a failure says nothing: it may be its own. Whoever takes over asks the vendor.
    const known = results.filter(([, { status }]) => status === "created" || !lease.signal.aborted);
    try {
      await createAttempts(storage, lease).settle(
        known.map(([{ attempt }, result]) => resultColumns(attempt as Attempt, result, vault)),
      );
    } catch (error) {
      throw notWritten(provider.name, error);
    }
  };

  return {
    /** Notes the intents, sends them, and notes what came of them. */
    send: (
      asked: readonly EnrollmentRequest[],
      call: Call,
      signal: AbortSignal | undefined,
    ): Promise<readonly EnrollmentResult[]> =>
      held.use(async (lease) => {
        signal?.throwIfAborted();
        const attempt = randomUUID();
        const sent = asked.map((request) => {
          const create = createOf(request);
          return { create, request: withKey(request, create.name) };
        });
        underWay.add(attempt);
        try {
          await begin(lease, attempt, sent);
          const ours = sent.filter(({ create }) => create.attempt?.attempt === attempt);
          const answers = ours.length === 0 ? [] : await call(ours.map(({ request }) => request));
          const results = new Map(
            ours.map(({ create }, place) => [create, answers[place] ?? missingResult(provider.name)]),
          );
          await settle(lease, [...results]);
          for (const [create, { status }] of results) {
            if (status === "failed") create.failedAt = provider.name;
          }
          return sent.map(({ create }, place) =>
            asAsked(
              results.get(create) ?? failureOf(notNoted(provider.name)),
              asked[place] as EnrollmentRequest,
            ),
          );
        } finally {
          underWay.delete(attempt);
        }
      }),

    /** Asks the vendor what became of creates, and notes what it says of those that are on record. */
    reconcile: (
      reconciliation: Reconciliation,
      ...[lost, { signal = never, recorded } = {}]: Parameters<Reconciliation["reconcile"]>
    ): ReturnType<Reconciliation["reconcile"]> =>
      held.use((lease) =>
        turns(provider.name, () =>
          withLock(storage, lease, `reconciliation of ${provider.name}`, signal, async () => {
            const sought = lost.map(({ request }) => creates.get(request));
            await markInDoubt(
              storage,
              lease,
              sought.flatMap((create) => create?.attempt ?? []),
            );
            const options = reconcileOptions(storage, provider, signal);
            const findings = await reconciliation.reconcile(lost, {
              ...options,
              recorded: async (ids) =>
                new Set([...(await options.recorded(ids)), ...((await recorded?.(ids)) ?? [])]),
            });
            const columns = sought.flatMap((create, place) => {
              const { attempt } = create ?? {};
              return attempt === undefined ? [] : findingColumns(attempt, findings[place], provider, vault);
            });
            await createAttempts(storage, lease).settle(columns);
            for (const [place, create] of sought.entries()) {
              if (create !== undefined) create.isFree = findings[place]?.status === "absent";
            }
            return findings;
          }),
        ),
      ),
  };
};
