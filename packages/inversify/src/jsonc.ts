import { EnrollmentError, formatPath } from "@enrollkit/core";
import jsonc from "jsonc-parser";

/** Line and column of an offset, from 1. */
const placeOf = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
};

/** Levels that a config may have: its parser, and whatever reads the result, goes down as deep as the text does. */
const deepest = 100;

const refuseDepth = (source: string, text: string) => {
  const scanner = jsonc.createScanner(text, true);
  let depth = 0;
  for (let token = scanner.scan(); token !== jsonc.SyntaxKind.EOF; token = scanner.scan()) {
    if (token === jsonc.SyntaxKind.OpenBraceToken || token === jsonc.SyntaxKind.OpenBracketToken) depth += 1;
    if (token === jsonc.SyntaxKind.CloseBraceToken || token === jsonc.SyntaxKind.CloseBracketToken)
      depth -= 1;
    if (depth <= deepest) continue;
    throw new EnrollmentError(
      `${source}: ${placeOf(text, scanner.getTokenOffset())}: is nested more than ${deepest} levels deep`,
      { code: "invalid-config", advice: "look for a bracket that is never closed" },
    );
  }
};

/** Of two keys that are the same, JSON keeps the last: a provider would be gone, and nobody told. */
const refuseRepeatedKeys = (source: string, text: string) => {
  const seen = new Set<string>();
  jsonc.visit(text, {
    onObjectProperty: (property, offset, _length, _line, _column, parent) => {
      const place = [...parent(), property];
      const id = JSON.stringify(place);
      if (seen.has(id)) {
        throw new EnrollmentError(
          `${source}: ${placeOf(text, offset)}: ${formatPath(place)} is written twice`,
          { code: "invalid-config", path: formatPath(place), advice: "keep one of the two, or rename it" },
        );
      }
      seen.add(id);
    },
  });
};

/**
 * Parses JSON with comments and trailing commas.
 *
 * @param source - how errors name the file.
 * @throws EnrollmentError `invalid-config` with line and column; also for a key that is written twice.
 */
export const parseJsonc = (source: string, text: string): unknown => {
  refuseDepth(source, text);
  const errors: jsonc.ParseError[] = [];
  const value: unknown = jsonc.parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) {
    refuseRepeatedKeys(source, text);
    return value;
  }
  const words = jsonc
    .printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  throw new EnrollmentError(`${source}: ${placeOf(text, first.offset)}: not valid JSON (${words})`, {
    code: "invalid-config",
  });
};
