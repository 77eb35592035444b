import { randomBytes } from "node:crypto";

/** How much a kill test does; `npm run soak` does more. */
const number = (name: string, fallback: number): number => {
  const value = Number(process.env[name] ?? fallback);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`${name} must be a whole number above zero`);
};

/** Rows of the run that three workers share. */
export const sharedRows = number("KILL_ROWS", 20_000);
/** Kills of the process that works alone. */
export const embeddedKills = number("KILLS", 200);

/** The chaos of a failed test comes again with the seed that it printed. */
export const seed = process.env["SEED"] === "random" ? randomBytes(4).readUInt32BE() : 20_261_122;

/** 32 bytes. */
export const ledgerKey = Buffer.alloc(32, 7).toString("base64");
