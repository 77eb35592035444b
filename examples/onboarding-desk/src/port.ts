/**
 * The port that `PORT` names; 0, a free one, if it names none.
 *
 * @throws RangeError if it is no port.
 */
export const readPort = (text: string | undefined): number => {
  if (text === undefined || text === "") return 0;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new RangeError("PORT must be a whole number from 0 to 65535");
};
