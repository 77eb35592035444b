/** So many calls are remembered; the oldest are forgotten first. A lost create is looked for among newer tokens. */
const remembered = 1000;

/** For which requests each bulk call was made by this provider. */
export interface Claims {
  claim(callTag: string, keys: readonly (string | undefined)[]): void;
  /** Whether tokens with these tags are of a call that was made without this request. */
  areOfOthers(tags: readonly string[], key: string | undefined): boolean;
}

export const createClaims = (): Claims => {
  const calls = new Map<string, ReadonlySet<string | undefined>>();
  return {
    claim: (callTag, keys) => {
      calls.set(callTag, new Set(keys));
      const [oldest] = calls.keys();
      if (calls.size > remembered && oldest !== undefined) calls.delete(oldest);
    },
    areOfOthers: (tags, key) => tags.some((tag) => calls.get(tag)?.has(key) === false),
  };
};
