import { createHash } from "node:crypto";
import {
  durationLength,
  EnrollmentError,
  remaining,
  toIsoDuration,
  type DeviceReference,
  type Enrollment,
  type EnrollmentProvider,
  type EnrollmentRequest,
} from "@enrollkit/core";
import type { OldEnrollment } from "./old-enrollments.js";
import type { MigrationTerms } from "./terms.js";

const longestKey = 512;
/** Milliseconds. */
const shortestStep = 1000;

/** The same for one enrollment in every migration: a vendor finds by it what was made for it. */
const keyFor = (from: string, id: string): string => {
  const key = `${from}/${id}`;
  return key.length <= longestKey
    ? key
    : `${from}/${createHash("sha256").update(id, "utf8").digest("base64url")}`;
};

/** The old vendor's own id of a device means nothing to another. */
const deviceFor = (device: DeviceReference | undefined): DeviceReference | undefined => {
  const { name, description, serialNumber } = device ?? {};
  const given = Object.entries({ name, description, serialNumber }).filter(
    ([, value]) => value !== undefined && value !== "",
  );
  return given.length === 0 ? undefined : Object.fromEntries(given);
};

const profileFor = (
  { profile: old }: OldEnrollment,
  { profile, profiles = {} }: MigrationTerms,
): string | undefined => {
  if (profile !== undefined) return profile;
  return old !== undefined && Object.hasOwn(profiles, old) ? profiles[old] : old;
};

/** What is asked for in the place of an old enrollment; what it has left to live is not in it yet. */
export const newRequest = (old: OldEnrollment, terms: MigrationTerms): EnrollmentRequest => {
  const { from, lifetime = "default" } = terms;
  const request: EnrollmentRequest = {
    key: keyFor(from, old.id),
    profile: profileFor(old, terms),
    recipient: old.recipient,
    device: deviceFor(old.device),
    uses: old.uses,
    tags: old.tags === undefined || old.tags.length === 0 ? undefined : old.tags,
    validFor: lifetime === "default" || lifetime === "keep" ? undefined : lifetime,
  };
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
};

const endless = (terms: MigrationTerms, problem: string) =>
  new EnrollmentError(`validFor is not known: ${terms.from} ${problem}`, {
    code: "unsupported",
    path: "validFor",
    advice: "move it with a lifetime of its own, or the vendor's default",
  });

/**
 * The request with what the old enrollment has left, if that is to be kept: to the new vendor's step, and never more.
 *
 * @returns undefined if nothing is left.
 * @throws EnrollmentError `unsupported` if nobody knows how much is left.
 */
export const withLifetime = (
  request: EnrollmentRequest,
  { expiresAt }: Pick<Enrollment, "expiresAt">,
  terms: MigrationTerms,
  { descriptor: { lifetime } }: EnrollmentProvider,
  now: number,
): EnrollmentRequest | undefined => {
  if (terms.lifetime !== "keep") return request;
  const left = remaining({ expiresAt }, now);
  if (left === "never") throw endless(terms, "lets it live for ever");
  if (left === "unknown") throw endless(terms, "does not say when it expires");
  const step = lifetime.settable
    ? Math.max(shortestStep, durationLength(lifetime.granularity))
    : shortestStep;
  const length = Math.floor(left.toMillis() / step) * step;
  return length === 0 ? undefined : { ...request, validFor: toIsoDuration(length) };
};
