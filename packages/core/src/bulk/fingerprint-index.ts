import type { Fingerprint } from "./fingerprint.js";

/** Remembers at which place each fingerprint was first seen. */
export interface FingerprintIndex {
  find(fingerprint: Fingerprint): number | undefined;
  /**
   * Takes in a fingerprint that it does not hold.
   *
   * @param place - a whole number below 2³².
   */
  add(fingerprint: Fingerprint, place: number): void;
}

/** A bucket is two words, its size and its depth, and then three columns of this many words: low, high, place. */
const entries = 64;
const header = 2;
const bucketWords = header + 3 * entries;
const bucketsInSlab = 1024;
const firstDepth = 4;

/**
 * Extendible hashing: a directory leads from the first bits of a fingerprint to a bucket; a full bucket is split in
 * two by its next bit. So memory grows by one small bucket at a time and nothing large is ever copied, where a table
 * that doubles would at times hold its content twice. An entry takes some 18 bytes.
 *
 * The first halves of the fingerprints must be spread evenly, as a good hash spreads them.
 */
export const createFingerprintIndex = (): FingerprintIndex => {
  const slabs: Uint32Array[] = [];
  let buckets = 0;
  /** How many bits the directory goes by. */
  let depth = firstDepth;

  const slabOf = (bucket: number) => slabs[Math.floor(bucket / bucketsInSlab)] as Uint32Array;
  const startOf = (bucket: number) => (bucket % bucketsInSlab) * bucketWords;

  const newBucket = (bucketDepth: number): number => {
    const bucket = buckets++;
    if (bucket % bucketsInSlab === 0) slabs.push(new Uint32Array(bucketsInSlab * bucketWords));
    slabOf(bucket)[startOf(bucket) + 1] = bucketDepth;
    return bucket;
  };
  let directory = Uint32Array.from({ length: 2 ** firstDepth }, () => newBucket(firstDepth));

  const bucketOf = (high: number) => directory[high >>> (32 - depth)] as number;

  const append = (bucket: number, low: number, high: number, place: number) => {
    const slab = slabOf(bucket);
    const start = startOf(bucket);
    const size = slab[start] as number;
    const row = start + header + size;
    slab[row] = low;
    slab[row + entries] = high;
    slab[row + 2 * entries] = place;
    slab[start] = size + 1;
  };

  /** Leaves in a bucket what has a zero in the bit that tells it from its new sibling, and moves the rest there. */
  const split = (bucket: number, anyHigh: number) => {
    const slab = slabOf(bucket);
    const start = startOf(bucket);
    const oldDepth = slab[start + 1] as number;
    if (oldDepth === depth) {
      const narrow = directory;
      directory = new Uint32Array(2 * narrow.length).map((_, way) => narrow[way >>> 1] as number);
      depth += 1;
    }
    const sibling = newBucket(oldDepth + 1);
    const ways = 2 ** (depth - oldDepth);
    const firstWay = Math.floor((anyHigh >>> (32 - depth)) / ways) * ways;
    directory.fill(sibling, firstWay + ways / 2, firstWay + ways);

    const size = slab[start] as number;
    const bit = 31 - oldDepth;
    slab[start] = 0;
    slab[start + 1] = oldDepth + 1;
    for (let row = start + header; row < start + header + size; row += 1) {
      const [low = 0, high = 0, place = 0] = [slab[row], slab[row + entries], slab[row + 2 * entries]];
      append(((high >>> bit) & 1) === 1 ? sibling : bucket, low, high, place);
    }
  };

  return {
    find: ({ high, low }) => {
      const bucket = bucketOf(high);
      const slab = slabOf(bucket);
      const first = startOf(bucket) + header;
      const end = first + (slab[first - header] as number);
      for (let row = first; row < end; row += 1) {
        if (slab[row] === low && slab[row + entries] === high) return slab[row + 2 * entries];
      }
      return undefined;
    },
    add: ({ high, low }, place) => {
      let bucket = bucketOf(high);
      while (slabOf(bucket)[startOf(bucket)] === entries) {
        split(bucket, high);
        bucket = bucketOf(high);
      }
      append(bucket, low, high, place);
    },
  };
};
