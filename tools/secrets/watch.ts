import type { Canary, CanaryKind } from "./canaries.js";
import { canaries } from "./canaries.js";
import { createLeakFinder } from "./leaks.js";
import { placeOf, places, type PlaceId, type Suite } from "./places.js";
import { showings } from "./showings.js";

/**
 * Takes in whatever comes out, and looks at it in the end: simulators make secrets of their own, which are not known
 * before. It remembers where it has seen what.
 */
export interface Watch {
  /** Looks at text or bytes. @param place - where it came from, if secrets may be there. */
  lookAtText(step: string, shown: string | Uint8Array, place?: PlaceId): void;
  /** Looks at everything that a value shows. */
  lookAt(step: string, value: unknown, place?: PlaceId): void;
  /** Looks at a file: its content, and who may read it. */
  lookAtFile(step: string, content: Uint8Array, mode: number, place?: PlaceId): void;
  /** Something else is wrong: what was to show a secret did not. */
  complain(problem: string): void;
  /** Looks at everything, for more canaries than those that were planted: what was seen where it may not be. */
  findLeaks(more?: Iterable<Canary>): readonly string[];
  /** How many characters {@link Watch.findLeaks} has looked at. */
  readonly characters: number;
  /** What the list says of places, and was never seen there. */
  stale(suite: Suite): readonly string[];
}

/** The end of what stands before a leak, in one line. */
const context = (before: string) => before.replaceAll(/[^\x20-\x7e]/g, "·").slice(-60);

export const createWatch = (): Watch => {
  const finder = createLeakFinder(canaries);
  /** By what was seen and what stood before it: one mistake shows in a hundred ways. */
  const leaks = new Map<string, string>();
  const seen = new Set<string>();
  let characters = 0;
  const looked = new Set<string>();

  const waiting: (() => void)[] = [];

  const examine = (step: string, shown: string | Uint8Array, place?: PlaceId): void => {
    characters += shown.length;
    const allowed: readonly CanaryKind[] = place === undefined ? [] : placeOf(place).kinds;
    for (const { canary, spelling, before } of finder.find(shown)) {
      if (place !== undefined && allowed.includes(canary.kind)) seen.add(`${place} ${canary.kind}`);
      else {
        const id = `${canary.name} ${step.replace(/, (?:in|the) .*/, "")} ${context(before).slice(-8)}`;
        const leak = `${step} shows ${canary.name} ${spelling}, after "${context(before)}"`;
        if (!leaks.has(id)) leaks.set(id, leak);
      }
    }
  };

  const examineValue = (step: string, value: unknown, place?: PlaceId): void => {
    for (const { way, text } of showings(value)) {
      // Most errors are alike: what was read once need not be read again.
      const id = `${place ?? ""} ${typeof text === "string" ? text : Buffer.from(text).toString("latin1")}`;
      if (looked.has(id)) continue;
      looked.add(id);
      examine(`${step}, in ${way},`, text, place);
    }
  };

  const checkMode = (step: string, mode: number, place: PlaceId | undefined): void => {
    const wanted = place === undefined ? undefined : placeOf(place).mode;
    if (wanted === undefined || (mode & 0o777) === wanted) return;
    leaks.set(step, `${step} has the mode ${(mode & 0o777).toString(8)}, not ${wanted.toString(8)}`);
  };

  return {
    lookAtText: (...seen) => {
      waiting.push(() => {
        examine(...seen);
      });
    },
    lookAt: (...seen) => {
      waiting.push(() => {
        examineValue(...seen);
      });
    },
    lookAtFile: (step, content, mode, place) => {
      checkMode(step, mode, place);
      waiting.push(() => {
        examine(step, content, place);
      });
    },
    complain: (problem) => {
      leaks.set(problem, problem);
    },
    findLeaks: (more = []) => {
      finder.add(more);
      for (const look of waiting.splice(0)) look();
      return [...leaks.values()];
    },
    get characters() {
      return characters;
    },
    stale: (suite) =>
      (Object.keys(places) as PlaceId[]).flatMap((id) => {
        const { kinds, suite: mine } = placeOf(id);
        if (mine !== suite) return [];
        return kinds.filter((kind) => !seen.has(`${id} ${kind}`)).map((kind) => `${id}: no ${kind} was seen`);
      }),
  };
};
