import type { Secret } from "@enrollkit/core";
import type { Texts } from "./texts.js";
import type { WayIn } from "./way-in.js";

/** What a person opens or types, with its label. */
export interface ToCopy {
  readonly kind: "link" | "code" | "token";
  readonly label: string;
  readonly value: Secret;
}

/** Everything of a way in that can be read and not only scanned, in the order in which it is needed. */
export const toCopy = (way: WayIn, { labels }: Texts): readonly ToCopy[] =>
  (["link", "code", "token"] as const).flatMap((kind) => {
    const value = way[kind];
    if (value === undefined) return [];
    return [
      { kind, label: kind === "code" && way.link === undefined ? labels.codeAlone : labels[kind], value },
    ];
  });
