/** What is kept of a text in place of the text itself: 64 bits. */
export interface Fingerprint {
  /** Unsigned, 32 bits. */
  readonly high: number;
  /** Unsigned, 32 bits. */
  readonly low: number;
}

/** The finalizer of MurmurHash3: each bit of what goes in changes half of what comes out. */
const scatter = (state: number) => {
  const once = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
};

/**
 * Two hashes that know nothing of each other, over the text's UTF-16 units. `node:crypto` takes several times as long
 * for texts as short as these; nobody needs to be kept from finding a collision here, as it would be his own two rows.
 *
 * @param seed - fingerprints of different seeds have nothing in common: two texts that collide under one do not under
 *   the next.
 */
export const fingerprint = (text: string, seed: number): Fingerprint => {
  let high = scatter(seed ^ 0x9e3779b9);
  let low = scatter(seed + text.length);
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    high = (high << 13) | (high >>> 19);
    low = Math.imul(low ^ unit, 0x27d4eb2f);
    low = (low << 17) | (low >>> 15);
  }
  return { high: scatter(high), low: scatter(low) };
};
