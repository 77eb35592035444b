import { enrollmentErrorCodes } from "@enrollkit/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBody } from "../../packages/http/src/answer-body.js";
import type { ErrorAnswer, VendorError } from "../../packages/http/src/contract.js";
import { cases, expectUnpolluted } from "./fuzz.js";
import { anyJson, fixturesIn, mutated } from "./hostile-json.js";

type Schema = Parameters<typeof readBody>[0];

interface WireUnderTest {
  readonly vendor: string;
  /** What `wire.ts` exports; whatever is no schema in it is left out. */
  readonly schemas: Readonly<Record<string, unknown>>;
  readonly errorTables: Readonly<Record<string, (answer: ErrorAnswer) => VendorError>>;
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && "safeParse" in value;

/** Every schema and error table of an adapter, on any JSON, and on its documentation's samples with parts changed. */
export const describeWire = ({ vendor, schemas, errorTables }: WireUnderTest): void => {
  const fixtures = fixturesIn(
    new URL(`../../packages/adapters/${vendor}/fixtures`, import.meta.url).pathname,
  );
  const bodies = fc.oneof(anyJson, mutated(fixtures));
  const timeout = 60_000 + 100 * cases;
  const named = Object.entries(schemas).flatMap(([name, value]): [string, Schema][] =>
    isSchema(value) ? [[name, value]] : [],
  );

  describe(vendor, () => {
    it.each(named)(
      "%s: a value or a problem, never an exception",
      (_, schema) => {
        fc.assert(
          fc.property(bodies, (body) => {
            // Directly, because readBody forgives a transform that throws.
            const direct = schema.safeParse(body);
            const read = readBody(schema, { text: JSON.stringify(body) });
            if (read.ok) expect(direct.success).toBe(true);
            else expect(read.problem).not.toBe("");
            expectUnpolluted();
          }),
          { numRuns: cases },
        );
      },
      timeout,
    );

    it.each(Object.entries(errorTables))(
      "%s: every answer has an error, never an exception",
      (_, toError) => {
        const answers = fc.record({
          status: fc.integer({ min: 400, max: 599 }),
          headers: fc.dictionary(fc.string(), fc.string()),
          body: fc.oneof(bodies, fc.constant(undefined)),
          text: fc.string(),
        });
        fc.assert(
          fc.property(answers, (answer) => {
            const { code, message } = toError(answer);
            expect(enrollmentErrorCodes).toContain(code);
            expect(message).not.toBe("");
            expectUnpolluted();
          }),
          { numRuns: cases },
        );
      },
      timeout,
    );
  });
};
