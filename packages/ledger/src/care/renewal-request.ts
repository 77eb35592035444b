import { randomUUID } from "node:crypto";
import {
  describedFields,
  durationLength,
  EnrollmentError,
  resolveRequest,
  toIsoDuration,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type ManagementMode,
  type Ownership,
  type Platform,
  type ProviderDescriptor,
} from "@enrollkit/core";
import type { RecordRow } from "../records/record.js";
import type { KeyedRequest } from "../records/recorded-creates.js";
import { toUses } from "../records/record.js";
import { contextOfRequest, openRequest, type Vault } from "../records/vault.js";

/** What the renewal of a record asks for. */
export interface RenewalWish {
  readonly old: RecordRow;
  readonly provider: EnrollmentProvider;
  readonly changes: Partial<EnrollmentRequest>;
  readonly onUnsupported: "reject" | "warn" | undefined;
  /** The key of a renewal that was begun before. */
  readonly begunWith: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

const longestKey = 512;
const minute = 60_000;

/** As long as the old one lived: to the minute, for it began when the call for it came back. */
const lifetimeOf = ({ created_at: from, expires_at: to }: RecordRow, { lifetime }: ProviderDescriptor) => {
  if (!lifetime.settable || from === null || to === null) return undefined;
  const step = Math.max(minute, durationLength(lifetime.granularity));
  const length = Math.round((Date.parse(to) - Date.parse(from)) / step) * step;
  return toIsoDuration(
    Math.min(Math.max(length, durationLength(lifetime.min)), durationLength(lifetime.max)),
  );
};

const offered = <Value extends string>(value: string | null, offer: readonly Value[]): Value | undefined =>
  offer.find((each) => each === value);

/** What a record tells of its request in the open. What the vendor has no choice in was no wish. */
const requestOfRecord = (row: RecordRow, descriptor: ProviderDescriptor): EnrollmentRequest => {
  const uses = row.uses === null ? undefined : toUses(row.uses);
  const request = {
    profile: row.profile ?? undefined,
    platform: offered<Platform>(row.platform, descriptor.platforms),
    management: offered<ManagementMode>(row.management, descriptor.managementModes),
    ownership: offered<Ownership>(row.ownership, descriptor.ownerships),
    recipient: row.recipient ?? undefined,
    device: row.device ?? undefined,
    uses: uses === descriptor.uses.default ? undefined : uses,
    validFor: lifetimeOf(row, descriptor),
  };
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
};

/** A device that the vendor has made for the old one is the one to enroll. */
const withDevice = (
  request: EnrollmentRequest,
  { device }: RecordRow,
  { fields }: ProviderDescriptor,
): EnrollmentRequest => {
  const id = device?.["id"];
  if (id === undefined || fields["device.id"] === "unsupported") return request;
  return { ...request, device: { ...request.device, id } };
};

const valueAt = (request: EnrollmentRequest, field: string): unknown =>
  field
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], request);

const refuseGaps = (request: EnrollmentRequest, { old, provider }: RenewalWish): void => {
  const { fields, product } = provider.descriptor;
  const missing = describedFields.filter(
    (field) => fields[field] === "required" && valueAt(request, field) === undefined,
  );
  const [first] = missing;
  if (first === undefined) return;
  throw new EnrollmentError(`${product} needs ${missing.join(", ")}, and record ${old.id} does not hold it`, {
    code: "failed-precondition",
    provider: provider.name,
    path: first,
    advice: "give it among the changes; a ledger that has a key keeps whole requests",
  });
};

/**
 * The key of the new enrollment: the old one's would lead a vendor that finds enrollments by it to the old one. It says
 * nothing of a person whom the new one is not for.
 */
const keyFor = (
  request: EnrollmentRequest,
  { old, changes, begunWith }: RenewalWish,
  vault: Vault,
): string => {
  if (changes.key !== undefined) {
    if (changes.key !== old.key) return changes.key;
    throw new EnrollmentError("key is that of the enrollment that is renewed; a new one needs another", {
      code: "invalid-request",
      path: "key",
    });
  }
  if (begunWith !== undefined) return begunWith;
  const { email } = request.recipient ?? {};
  const isForAnother = email !== undefined && vault.fingerprints.ofRecipient(email) !== old.recipient_hash;
  if (old.key === null || isForAnother) return randomUUID();
  const [, stem = old.key, count = "1"] = (old.renews === null ? null : /^(.*)~(\d+)$/s.exec(old.key)) ?? [];
  const key = `${stem}~${Number(count) + 1}`;
  return key.length > longestKey ? randomUUID() : key;
};

/**
 * The request for an enrollment that takes the place of another: as the other was asked for, as far as that is stored,
 * with the changes.
 *
 * @throws EnrollmentError `failed-precondition` if the vendor needs what is not stored; `invalid-request` or `unsupported`
 *   if the vendor cannot do it (any more).
 */
export const renewalRequest = (wish: RenewalWish, vault: Vault): KeyedRequest => {
  const { old, provider, changes, onUnsupported, now } = wish;
  const { descriptor } = provider;
  const stored =
    old.sealed_request === null
      ? requestOfRecord(old, descriptor)
      : openRequest(old.sealed_request, contextOfRequest(old), vault);
  const request = { ...withDevice(stored, old, descriptor), ...changes };
  refuseGaps(request, wish);
  const keyed = { ...request, key: keyFor(request, wish, vault) };
  try {
    resolveRequest(keyed, descriptor, { onUnsupported, now });
  } catch (error) {
    throw EnrollmentError.is(error) ? error.with({ provider: provider.name }) : error;
  }
  return keyed;
};
