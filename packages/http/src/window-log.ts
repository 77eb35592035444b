/** How many forgotten entries may pile up before they are cut off. */
const LONGEST_TAIL = 1024;

/** A call, by the time at which it counts. */
export interface LoggedCall {
  at: number;
}

/** When the calls of the last window were made. It holds no more of them than the window has seen. */
export interface WindowLog {
  add(at: number): LoggedCall;
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
  let logged: LoggedCall[] = [];
  /** The first entry that still counts. */
  let first = 0;
  return {
    add: (at) => {
      const call = { at };
      logged.push(call);
      while ((logged[first]?.at ?? Infinity) <= at - length) first += 1;
      if (first >= LONGEST_TAIL && first >= logged.length / 2) {
        logged = logged.slice(first);
        first = 0;
      }
      return call;
    },
    freeAt: (ahead = 0) => {
      const index = logged.length - calls + ahead;
      return index < first ? -Infinity : (logged[index]?.at ?? -Infinity) + length;
    },
  };
};
