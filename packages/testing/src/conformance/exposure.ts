import assert from "node:assert/strict";
import { inspect } from "node:util";
import { Secret, supports, type Enrollment } from "@enrollkit/core";
import { collect } from "./expectations.js";
import type { RuleContext } from "./rule.js";

const everything = {
  depth: Number.POSITIVE_INFINITY,
  showHidden: true,
  maxArrayLength: null,
  maxStringLength: null,
};

/** JSON of anything; objects within themselves are left out the second time. */
const jsonOf = (value: unknown): string => {
  const seen = new Set<unknown>();
  const write = JSON.stringify as (
    value: unknown,
    replacer: (name: string, member: unknown) => unknown,
  ) => string | undefined;
  const text = write(value, (_name, member) => {
    if (typeof member === "bigint") return member.toString();
    if (typeof member !== "object" || member === null) return member;
    if (seen.has(member)) return undefined;
    seen.add(member);
    return member;
  });
  return text ?? "";
};

/** Every way in which a value may end up in a log. */
const writings = (value: unknown): readonly (readonly [string, string])[] => {
  const plain: (readonly [string, string])[] = [
    ["util.inspect", inspect(value, everything)],
    ["JSON.stringify", jsonOf(value)],
    ["String", String(value)],
  ];
  if (!(value instanceof Error)) {
    return [...plain, ["structuredClone", inspect(structuredCloneOf(value), everything)]];
  }
  return [
    ...plain,
    ["the message", value.message],
    ["the stack", value.stack ?? ""],
    ...writings(value.cause).map(([where, text]) => [`${where} of the cause`, text] as const),
  ];
};

/** A clone, or nothing for what cannot be cloned: a provider holds functions. */
const structuredCloneOf = (value: unknown): unknown => {
  try {
    return structuredClone(value);
  } catch (error) {
    if (error instanceof DOMException && error.name === "DataCloneError") return undefined;
    throw error;
  }
};

/** A line shorter than this may be in any text by accident. */
const shortestLine = 16;

/** A text that must not be seen, and what to call it: the text itself never appears in a failure. */
export interface Forbidden {
  readonly name: string;
  readonly text: string;
}

/** The forms in which a text turns up: as it is, escaped in JSON, encoded in a URL, or one line of several. */
const formsOf = (text: string): readonly string[] => {
  const lines = text.split("\n").filter((line) => line.length >= shortestLine && !line.startsWith("-----"));
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), ...lines];
};

/** Fails if a value shows a forbidden text in any way it can be written down. */
export const assertHidden = (value: unknown, forbidden: readonly Forbidden[], what: string): void => {
  for (const [where, text] of writings(value)) {
    for (const { name, text: secret } of forbidden) {
      const shown = formsOf(secret).some((form) => text.includes(form));
      assert.ok(!shown, `${what} shows ${name} in ${where}`);
    }
  }
};

/** What is in an artifact's value: a Secret, or a text that should have been one. */
const valueOf = (value: unknown): string | undefined => {
  if (typeof value === "string") return value;
  return Secret.is(value) && value.isKnown ? value.reveal() : undefined;
};

/** The values of an enrollment's artifacts. */
export const artifactValues = ({ artifacts }: Enrollment): readonly Forbidden[] =>
  artifacts.flatMap((artifact) => {
    const text = "value" in artifact ? valueOf(artifact.value) : undefined;
    return text === undefined ? [] : [{ name: `the ${artifact.kind}`, text }];
  });

/** The values of all live enrollments, as far as the vendor still shows them. */
export const liveArtifactValues = async ({ provider }: RuleContext): Promise<readonly Forbidden[]> => {
  if (!supports(provider, "listing") || !supports(provider, "retrieval")) return [];
  const found: Forbidden[] = [];
  for (const { id } of await collect(provider.listing.list())) {
    found.push(...artifactValues(await provider.retrieval.get(id)));
  }
  return found;
};

/** The secrets in the credentials. */
export const plantedSecrets = ({ vendor }: RuleContext): readonly Forbidden[] =>
  vendor.plantedSecrets.map((text, index) => ({ name: `planted secret ${index + 1}`, text }));
