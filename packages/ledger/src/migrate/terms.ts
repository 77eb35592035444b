import { durationLength, EnrollmentError, type IsoDuration } from "@enrollkit/core";

/**
 * When an old enrollment is taken back.
 *
 * - `created`: once the new one is there
 * - `enrolled`: once a device has come in by the new one
 * - `never`: it stays until it expires
 */
export type RevokeAfter = "created" | "enrolled" | "never";

/** What a migration moves, and what it asks for. All starts of one agree on it. */
export interface MigrationTerms {
  /** The provider whose live enrollments are moved. */
  readonly from: string;
  /** The provider that makes new ones. */
  readonly to: string;
  /**
   * How long the new ones live. `default`: as the new provider has it. `keep`: what the old one has left when the new one
   * is made, cut to the new vendor's step. Or a length. Default: `default`.
   */
  readonly lifetime?: "default" | "keep" | IsoDuration | undefined;
  /** The profile of all. */
  readonly profile?: string | undefined;
  /** New profiles by old ones, which the ledger's records tell. Default: a profile that is known keeps its name. */
  readonly profiles?: Readonly<Record<string, string>> | undefined;
  /** Default: `reject`: what the new vendor cannot honour is not moved. */
  readonly onUnsupported?: "reject" | "warn" | undefined;
}

/** What is stored of a migration, beside the provider that it goes to. */
export interface MigrationSettings extends Omit<MigrationTerms, "to" | "onUnsupported"> {
  readonly revokeAfter: RevokeAfter;
  /** Whether the old vendor can take enrollments back. */
  readonly isRevocable: boolean;
}

const invalid = (path: string, problem: string) =>
  new EnrollmentError(`${path} ${problem}`, { code: "invalid-request", path });

const refuseLifetime = (lifetime: MigrationTerms["lifetime"]): void => {
  if (lifetime === undefined || lifetime === "default" || lifetime === "keep") return;
  try {
    if (durationLength(lifetime) > 0) return;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid("lifetime", error.message);
  }
  throw invalid("lifetime", "must be longer than nothing");
};

/**
 * What has to be said before a migration can be thought of.
 *
 * @throws EnrollmentError `invalid-request` that names what is missing, or contradicts itself.
 */
export const requireTerms = ({ from, to, ...rest }: Partial<MigrationTerms>): MigrationTerms => {
  if (from === undefined) throw invalid("from", "is missing: the provider whose enrollments are moved");
  if (to === undefined) throw invalid("to", "is missing: the provider that makes new ones");
  if (from === to) {
    throw new EnrollmentError(`from and to are both "${from}"`, {
      code: "invalid-request",
      path: "to",
      advice: "renew makes new enrollments at the same provider",
    });
  }
  if (rest.profile !== undefined && rest.profiles !== undefined) {
    throw invalid("profiles", "and profile are both given: it is one for all, or one by one");
  }
  refuseLifetime(rest.lifetime);
  return { from, to, ...rest };
};
