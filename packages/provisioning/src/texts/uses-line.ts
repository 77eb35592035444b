import type { Uses } from "@enrollkit/core";
import { fill } from "./fill.js";
import type { Texts } from "./texts.js";

/** For how many devices an enrollment works, as a sentence. */
export const usesLine = (uses: Uses, { uses: texts }: Pick<Texts, "uses">): string => {
  if (typeof uses === "string") return texts[uses];
  return uses === 1 ? texts.one : fill(texts.several, { count: String(uses) });
};
