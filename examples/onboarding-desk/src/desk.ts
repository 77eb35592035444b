import {
  createReliably,
  EnrollmentError,
  supports,
  toIsoInstant,
  type Clock,
  type DurationInput,
  type Enrollment,
  type EnrollmentService,
} from "@enrollkit/core";
import type { HistoryEntry, Ledger, LedgerRecord, Renewal } from "@enrollkit/ledger";
import { wayIn, type WayIn } from "@enrollkit/provisioning";
import { createPace } from "./pace.js";

/** What the desk stands on. */
export interface DeskParts {
  readonly ledger: Ledger;
  readonly service: EnrollmentService;
  readonly clock: Clock;
  /** How long a page waits for vendors, one signal for each wait. Default: four seconds. */
  readonly patience?: () => AbortSignal;
}

/** What somebody at the desk asks for. */
export interface DeskRequest {
  /** Of this one form: sent twice, it makes one enrollment. */
  readonly key: string;
  readonly profile: string;
  readonly person: { readonly name: string; readonly email: string };
  /** Default: as the profile says. */
  readonly validFor?: DurationInput | undefined;
}

/** Everything about one enrollment, for the page that shows it. */
export interface DeskEntry {
  readonly record: LedgerRecord;
  readonly history: readonly HistoryEntry[];
  /** The secrets, as long as they let somebody in. */
  readonly way: WayIn | undefined;
  readonly canRenew: boolean;
  readonly canRevoke: boolean;
  /** What the vendor is called. */
  readonly product: string;
}

const day = 24 * 60 * 60 * 1000;
/** What is older is no longer on the page; the ledger has it. */
const shownFor = 30 * day;
/** A vendor is asked about one enrollment, or about all, no sooner than so many milliseconds after the last time. */
const paces = { one: 2_000, all: 15_000 };

/** Whether a device may still come in by it. */
const isOpen = ({ outcome, state, uses, renewedBy }: LedgerRecord): boolean => {
  if (outcome !== "created" || renewedBy !== undefined) return false;
  if (state === "used") return uses !== "one";
  return state === "pending" || state === "failed" || state === "unknown";
};

const isUsedUp = ({ state, uses }: LedgerRecord): boolean => state === "used" && uses === "one";

const notFound = (id: number) =>
  new EnrollmentError(`there is no record ${id}`, { code: "not-found", path: "id" });

/** What people at the desk do, without a word of HTTP. Whatever it changes stands in the ledger's history. */
export const createDesk = ({
  ledger,
  service,
  clock,
  patience = () => AbortSignal.timeout(4_000),
}: DeskParts) => {
  const pace = createPace(clock);
  const making = new Map<string, Promise<number>>();

  const find = async (id: number): Promise<LedgerRecord> => {
    for await (const record of ledger.records({ ids: [id] })) return record;
    throw notFound(id);
  };

  const findByKey = async (key: string): Promise<LedgerRecord | undefined> => {
    let last: LedgerRecord | undefined;
    for await (const record of ledger.records({ keys: [key] })) last = record;
    return last;
  };

  const enrollment = async (id: number): Promise<Enrollment> => {
    for await (const each of ledger.enrollments({ ids: [id] })) return each;
    throw notFound(id);
  };

  const make = async ({ key, profile, person, validFor }: DeskRequest): Promise<number> => {
    const earlier = await findByKey(key);
    // What has failed may be tried again; for all else there is, or may be, an enrollment.
    if (earlier !== undefined && earlier.outcome !== "failed") return earlier.id;
    const request = {
      key,
      profile,
      recipient: person,
      device: { name: `${person.name}, ${profile}, ${key.slice(0, 4)}` },
      ...(validFor !== undefined && { validFor }),
    };
    try {
      await createReliably(ledger.recorded(service.providerFor(request)), request, { clock });
    } catch (error) {
      // The record says that nobody knows: its page is the place to look, and not the form to send again.
      if (!EnrollmentError.is(error) || error.code !== "outcome-unknown") throw error;
    }
    const record = await findByKey(key);
    if (record !== undefined) return record.id;
    throw new EnrollmentError("the enrollment is not in the ledger", { code: "unknown" });
  };

  /** Asks vendors what became of some records, or of all. @returns what could not be asked, in sentences. */
  const ask = async (id: number | undefined): Promise<readonly string[]> => {
    const signal = patience();
    try {
      const { providers } = await ledger.sync({
        service,
        signal,
        ...(id !== undefined && { filter: { ids: [id] } }),
      });
      return providers.flatMap(({ provider, error }) =>
        error === undefined
          ? []
          : [`${service.provider(provider).descriptor.product} could not be asked: ${error.message}`],
      );
    } catch (error) {
      if (!signal.aborted) throw error;
      return ["The vendors did not answer in time. This is what was known before."];
    }
  };

  return {
    /**
     * Makes an enrollment.
     *
     * @returns the record's id. Nobody may know what became of it: then the record says so.
     * @throws EnrollmentError with the `path` of the field at fault; nothing was made then.
     */
    create: (request: DeskRequest): Promise<number> => {
      const underWay = making.get(request.key);
      if (underWay !== undefined) return underWay;
      const made = make(request).finally(() => making.delete(request.key));
      making.set(request.key, made);
      return made;
    },

    /** What was made in the last 30 days, the newest first. */
    list: async (): Promise<readonly LedgerRecord[]> => {
      const records: LedgerRecord[] = [];
      const since = toIsoInstant(clock.now() - shownFor);
      for await (const record of ledger.records({ since })) records.push(record);
      return records.reverse();
    },

    /** @throws EnrollmentError `not-found` */
    open: async (id: number): Promise<DeskEntry> => {
      const record = await find(id);
      const provider = service.provider(record.provider);
      const isLive = isOpen(record);
      const isCreated = record.outcome === "created";
      return {
        record,
        history: await ledger.history(id),
        way: isLive ? wayIn(await enrollment(id)) : undefined,
        canRenew: isCreated && record.renewedBy === undefined && !isUsedUp(record),
        canRevoke:
          isCreated &&
          supports(provider, "revocation") &&
          ["pending", "failed", "unknown"].includes(record.state ?? ""),
        product: provider.descriptor.product,
      };
    },

    /** With its secrets. @throws EnrollmentError `not-found` */
    enrollment,

    /**
     * Brings a record, or all, up to what the vendors say. Many pages may ask at once and often: vendors hear of one
     * question at a time, and of no more than a few in a minute.
     *
     * @returns what could not be asked, in sentences.
     */
    refresh: (id?: number): Promise<readonly string[]> =>
      id === undefined
        ? pace("all", paces.all, () => ask(undefined))
        : pace(`record ${id}`, paces.one, () => ask(id)),

    /** Asks about everything at once, and about what is in doubt too. @returns what could not be asked, in sentences. */
    askNow: async (): Promise<readonly string[]> => {
      const { failures } = await ledger.settle({ service });
      const unsettled = failures.map(
        ({ provider, error }) =>
          `${service.provider(provider).descriptor.product} could not be asked: ${error.message}`,
      );
      return [...new Set([...unsettled, ...(await ask(undefined))])];
    },

    /**
     * Takes an enrollment back; done twice, it is done.
     *
     * @throws EnrollmentError `not-found`; `unsupported` if its vendor cannot.
     */
    revoke: async (id: number): Promise<void> => {
      const { provider: name, enrollmentId } = await find(id);
      const provider = ledger.recorded(service.provider(name));
      if (enrollmentId === undefined) {
        throw new EnrollmentError("there is nothing to take back", { code: "failed-precondition" });
      }
      if (!supports(provider, "revocation")) {
        throw new EnrollmentError(`${provider.descriptor.product} cannot take an enrollment back`, {
          code: "unsupported",
          provider: name,
        });
      }
      await provider.revocation.revoke(enrollmentId);
    },

    /** Makes a new enrollment in the place of one. @throws EnrollmentError as `Ledger.renew` does. */
    renew: (id: number): Promise<Renewal> => ledger.renew(id, { service }),
  };
};

export type Desk = ReturnType<typeof createDesk>;
