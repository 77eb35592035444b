import * as fc from "fast-check";

/**
 * Property tests try the same cases in every run, so that a change never fails by the luck of another. `SEED=random` looks for
 * new ones; a run that fails prints its seed.
 */
const { SEED = "20260920" } = process.env;
if (SEED !== "random") fc.configureGlobal({ seed: Number(SEED) });
