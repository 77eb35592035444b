/** By how much of the quickest round trip the measure is let go of with each answer: networks change. */
const forgetting = 0.005;

/**
 * Tells how late calls arrive at the vendor, by their round trips: what one takes longer than the quickest of late may
 * have passed before it was counted there.
 *
 * @param least - milliseconds that do not matter.
 * @param most - milliseconds; longer than that it was the answer that took its time.
 * @returns how late a call may have arrived that took so many milliseconds.
 */
export const createArrivalGauge = ({ least, most }: { readonly least: number; readonly most: number }) => {
  let quickest = Infinity;
  return (roundTrip: number): number => {
    quickest = Math.min(roundTrip, quickest * (1 + forgetting));
    const late = Math.min(roundTrip - quickest, most);
    return late > least ? late : 0;
  };
};
