import { createHash } from "node:crypto";

// The vendor has no idempotency key, and its bulk call answers with counts alone. Tags come back on each token, so a
// tag made from the caller's key says whose it is, also after a crash and to another process.

const ownPrefix = "enrollkit:";
const callPrefix = "enrollkit-call:";

const fingerprint = (text: string) => createHash("sha256").update(text, "utf8").digest("hex").slice(0, 16);

/** The tag of a token that was created for one request. The key itself may be personal: it does not show. */
export const requestTag = (key: string): string => ownPrefix + fingerprint(key);

/** The tag that all tokens of one bulk call share. The same keys give the same tag, in any order. */
export const callTag = (keys: readonly string[]): string =>
  callPrefix + fingerprint(JSON.stringify([...keys].sort()));

export const isCallTag = (tag: string): boolean => tag.startsWith(callPrefix);

/** The tags of a token that its caller chose. */
export const withoutCorrelation = (tags: readonly string[]): readonly string[] =>
  tags.filter((tag) => !tag.startsWith(ownPrefix) && !isCallTag(tag));
