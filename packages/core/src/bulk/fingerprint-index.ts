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

/** Chains at the start. A fingerprint's last 16 bits lead to its chain, and so need not be kept. */
const firstChains = 2 ** 16;
const rowsInBlock = 8;
const blocksInSlab = 2048;
/** Room for many blocks. A block is so many rows of a chain: the remaining 48 bits of a fingerprint, and its place. */
interface Slab {
  readonly highs: Uint32Array;
  readonly lows: Uint16Array;
  readonly places: Uint32Array;
  /** For each block the one that follows it in its chain. */
  readonly next: Uint32Array;
}

const createSlab = (): Slab => ({
  highs: new Uint32Array(blocksInSlab * rowsInBlock),
  lows: new Uint16Array(blocksInSlab * rowsInBlock),
  places: new Uint32Array(blocksInSlab * rowsInBlock),
  next: new Uint32Array(blocksInSlab),
});

const none = 0;

/**
 * Linear hashing with chains of small blocks: memory grows by one block at a time, only the first block of a chain has
 * empty rows, and nothing large is ever copied, where a table that doubles would at times hold its content twice. An
 * entry takes some 12 bytes once there are millions.
 *
 * Both halves of the fingerprints must be spread evenly, as a good hash spreads them.
 *
 * @param meanLength - when chains hold this many entries on average, more are added.
 */
export const createFingerprintIndex = (meanLength = 20): FingerprintIndex => {
  const slabs: Slab[] = [];
  let blocks = 0;
  let freed = none;
  let entries = 0;
  /** The first block of each chain, and how many of its rows are taken. */
  let heads = new Uint32Array(firstChains);
  let taken = new Uint8Array(firstChains);
  let chains = firstChains;
  /** The greatest power of two that is not above the number of chains. */
  let doublingFrom = firstChains;

  /** Blocks are numbered from 1. */
  const slabOf = (block: number) => slabs[Math.floor((block - 1) / blocksInSlab)] as Slab;
  const blockInSlab = (block: number) => (block - 1) % blocksInSlab;

  const newBlock = (next: number): number => {
    let block = freed;
    if (block === none) {
      if (blocks % blocksInSlab === 0) slabs.push(createSlab());
      block = ++blocks;
    } else {
      freed = slabOf(block).next[blockInSlab(block)] as number;
    }
    slabOf(block).next[blockInSlab(block)] = next;
    return block;
  };

  const chainOf = (high: number, low: number) => {
    const bits = ((high << 16) | (low & 0xffff)) >>> 0;
    const chain = bits % (2 * doublingFrom);
    return chain < chains ? chain : bits % doublingFrom;
  };

  const append = (chain: number, high: number, low: number, place: number) => {
    if (heads[chain] === none || taken[chain] === rowsInBlock) {
      heads[chain] = newBlock(heads[chain] as number);
      taken[chain] = 0;
    }
    const head = heads[chain] as number;
    const { highs, lows, places } = slabOf(head);
    const row = blockInSlab(head) * rowsInBlock + (taken[chain] as number);
    highs[row] = high;
    lows[row] = low >>> 16;
    places[row] = place;
    taken[chain] = (taken[chain] as number) + 1;
  };

  /** Adds a chain, and moves there what belongs to it from the chain that stood in for it. */
  const addChain = () => {
    if (chains === heads.length) {
      const [oldHeads, oldTaken] = [heads, taken];
      heads = new Uint32Array(2 * chains);
      taken = new Uint8Array(2 * chains);
      heads.set(oldHeads);
      taken.set(oldTaken);
    }
    const standIn = chains - doublingFrom;
    let block = heads[standIn] as number;
    let rows = taken[standIn] as number;
    heads[standIn] = none;
    chains += 1;
    if (chains === 2 * doublingFrom) doublingFrom = chains;
    while (block !== none) {
      const { highs, lows, places, next } = slabOf(block);
      const first = blockInSlab(block) * rowsInBlock;
      for (let row = first; row < first + rows; row += 1) {
        const [high = 0, upper = 0, place = 0] = [highs[row], lows[row], places[row]];
        const low = (upper << 16) | (standIn & 0xffff);
        append(chainOf(high, low), high, low, place);
      }
      const following = next[blockInSlab(block)] as number;
      next[blockInSlab(block)] = freed;
      freed = block;
      block = following;
      rows = rowsInBlock;
    }
  };

  return {
    find: ({ high, low }) => {
      const chain = chainOf(high, low);
      const lowRest = low >>> 16;
      let rows = taken[chain] as number;
      for (let block = heads[chain] as number; block !== none; rows = rowsInBlock) {
        const { highs, lows, places, next } = slabOf(block);
        const first = blockInSlab(block) * rowsInBlock;
        for (let row = first; row < first + rows; row += 1) {
          if (highs[row] === high && lows[row] === lowRest) return places[row];
        }
        block = next[blockInSlab(block)] as number;
      }
      return undefined;
    },
    add: ({ high, low }, place) => {
      if (entries >= chains * meanLength) addChain();
      append(chainOf(high, low), high, low, place);
      entries += 1;
    },
  };
};
