import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

/** `npm run soak` sets more. */
const { FUZZ_CASES = "3000" } = process.env;
export const cases = Number(FUZZ_CASES);

/** The files of one parser's corpus: whatever has once been a failure, and what is worth trying first in every run. */
const corpusOf = (parser: string): readonly (readonly [string, Buffer])[] => {
  const folder = join(import.meta.dirname, "corpus", parser);
  return readdirSync(folder)
    .sort()
    .map((file) => [file, readFileSync(join(folder, file))]);
};

/** What is given to a parser, how its corpus is read, and what must hold. */
interface Fuzzed<Input> {
  /** The folder below `corpus`. */
  readonly parser: string;
  readonly fromFile: (content: Buffer) => Input;
  readonly inputs: fc.Arbitrary<Input>;
  readonly check: (input: Input) => void | Promise<void>;
  /** Default: {@link cases}. */
  readonly numRuns?: number;
}

/** Runs a parser on its corpus, and then on random inputs. */
export const fuzz = <Input>({ parser, fromFile, inputs, check, numRuns = cases }: Fuzzed<Input>): void => {
  describe(parser, () => {
    it.each(corpusOf(parser))("corpus: %s", async (_, content) => {
      await check(fromFile(content));
    });

    it(
      `${numRuns} random inputs`,
      async () => {
        await fc.assert(
          fc.asyncProperty(inputs, async (input) => {
            await check(input);
          }),
          { numRuns },
        );
      },
      60_000 + 100 * numRuns,
    );
  });
};

/** What a function returns, or the error that it throws. */
export const attempt = <Result>(
  work: () => Result,
): { readonly result?: Result; readonly error?: unknown } => {
  try {
    return { result: work() };
  } catch (error) {
    return { error };
  }
};

/** Nothing that any input can do may reach what all objects share. */
export const expectUnpolluted = (): void => {
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
};
