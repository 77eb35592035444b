/** How many slots in a row must have come late before later ones are made to allow for it. */
const memory = 3;
/** What is added to the lateness that was seen. */
const allowance = 1.25;
/** Milliseconds; more lateness than that is allowed for in no slot. */
const most = 1000;

/** By how much the calls of this process may leave after their slots. */
export interface LatenessTolerance {
  /** Milliseconds: what to ask for with the next slot. */
  next(): number;
  /** How late a call left, or would have left. */
  note(lateness: number): void;
}

/**
 * Slots that come too late are thrown away. Where all of them do, because the database is far away or the process is
 * busy, the process asks for slots that leave more time, and cost everybody more.
 *
 * @param usual - milliseconds that cost nothing.
 */
export const createLatenessTolerance = (usual: number): LatenessTolerance => {
  let seen: readonly number[] = [];
  return {
    // The least of them: a process that was suspended once needs no more time than before.
    next: () =>
      seen.length < memory ? usual : Math.min(Math.max(usual, allowance * Math.min(...seen)), most),
    note: (lateness) => {
      seen = [...seen, lateness].slice(-memory);
    },
  };
};

/** By how much of the quickest round trip the measure is let go of with each answer: networks change. */
const forgetting = 0.005;
/** So many answers it takes to know a quick one: the first calls of a process have connections to make. */
const fewestAnswers = 3;

/**
 * Tells how late calls arrive at the vendor: what a round trip takes longer than the quickest of late may have passed
 * before the call was counted there. At first that is all of it.
 *
 * @param longest - milliseconds; longer than that it was the answer that took its time.
 * @returns how late a call may have arrived that took so many milliseconds.
 */
export const createArrivalGauge = (longest: number): ((roundTrip: number) => number) => {
  let quickest = Infinity;
  let answers = 0;
  return (roundTrip) => {
    answers += 1;
    quickest = Math.min(roundTrip, quickest * (1 + forgetting));
    return Math.min(answers > fewestAnswers ? roundTrip - quickest : roundTrip, longest);
  };
};
