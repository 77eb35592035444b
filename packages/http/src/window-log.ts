/** How many forgotten entries may pile up before they are cut off. */
const LONGEST_TAIL = 1024;

/** When the calls of the last window were made. It holds no more of them than the window has seen. */
export interface WindowLog {
  add(time: number): void;
  /**
   * When one more call fits into the window; in the past, if it fits now.
   *
   * @param ahead - how many others go before it.
   */
  freeAt(ahead?: number): number;
}

/**
 * Counts the calls of any stretch of time.
 *
 * @param calls - how many may fall into a window.
 * @param length - of the window, in milliseconds; its end does not count.
 */
export const createWindowLog = (calls: number, length: number): WindowLog => {
  let times: number[] = [];
  /** The first entry that still counts. */
  let first = 0;
  return {
    add: (time) => {
      times.push(time);
      while ((times[first] ?? Infinity) <= time - length) first += 1;
      if (first < LONGEST_TAIL || first < times.length / 2) return;
      times = times.slice(first);
      first = 0;
    },
    freeAt: (ahead = 0) => {
      const index = times.length - calls + ahead;
      return index < first ? -Infinity : (times[index] ?? -Infinity) + length;
    },
  };
};
