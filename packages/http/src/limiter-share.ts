/** What a 429 leaves of the rate: the vendor has less to give than it documents, or somebody else is using it up. */
const decrease = 0.5;
/** However many 429s come, this share of the quota stays, or nobody would learn that the trouble is over. */
const smallestShare = 1 / 16;
/** Milliseconds in which the whole quota would come back from nothing; from a half it takes half as long. */
const recovery = 60_000;

/** Which share of a quota may be used: all of it, or less for a while after a 429. */
export interface QuotaShare {
  /** Halves what the share is now. From `resume` on it grows again, evenly, up to 1. */
  lower(now: number, resume: number): void;
  /** Above 0, at most 1. */
  at(time: number): number;
  /**
   * How long it takes to use up what the whole quota would give in some time.
   *
   * @param amount - milliseconds of the whole quota.
   */
  timeFor(amount: number, from: number): number;
}

/** All times are milliseconds on one clock. */
export const createQuotaShare = (): QuotaShare => {
  let lowest = 1;
  let growsFrom = -Infinity;

  const at = (time: number) =>
    lowest === 1 ? 1 : Math.min(1, lowest + Math.max(0, time - growsFrom) / recovery);

  return {
    at,
    lower: (now, resume) => {
      lowest = Math.max(smallestShare, at(now) * decrease);
      growsFrom = resume;
    },
    timeFor: (amount, from) => {
      const share = at(from);
      const growing = (1 - share) * recovery;
      // A share that grows evenly gives its mean over the time.
      const meanwhile = (growing * (1 + share)) / 2;
      if (amount >= meanwhile) return growing + amount - meanwhile;
      return recovery * (Math.sqrt(share ** 2 + (2 * amount) / recovery) - share);
    },
  };
};
