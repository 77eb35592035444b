/** Counts accepted requests within a sliding window. Refused ones do not count. */
export interface SlidingWindow {
  /** Takes one slot at this time (milliseconds), or says for how many milliseconds there is none. */
  take(now: number): { readonly waitMilliseconds: number };
}

/** No span of `milliseconds` ever sees more than `limit` requests: the strictest reading of "N per T". */
export const slidingWindow = (limit: number, milliseconds: number): SlidingWindow => {
  const accepted = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
  let oldest = 0;
  return {
    take: (now) => {
      const free = (accepted[oldest] ?? 0) + milliseconds;
      if (free > now) return { waitMilliseconds: free - now };
      accepted[oldest] = now;
      oldest = (oldest + 1) % limit;
      return { waitMilliseconds: 0 };
    },
  };
};
