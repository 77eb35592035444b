import * as z from "zod";
import { enrollmentSchema, enrollmentStates, type Enrollment, type EnrollmentState } from "./enrollment.js";
import { EnrollmentError, enrollmentErrorSchema } from "./errors.js";

/** Something that did not work out. `unknown`: the vendor may or may not have done it. */
export interface Failure {
  readonly status: "failed" | "unknown";
  readonly error: EnrollmentError;
}

/** What became of one request of a batch. */
export type EnrollmentResult = { readonly status: "created"; readonly enrollment: Enrollment } | Failure;

/** Which input an outcome answers. */
export interface OutcomePosition {
  /** The caller's own id, if the input had one. */
  readonly key?: string | undefined;
  /** Place in the input, from 0. */
  readonly index: number;
}

/** What became of one request of a bulk run. */
export type EnrollmentOutcome = OutcomePosition & EnrollmentResult;

/** A device as the vendor knows it after the import. */
export interface ImportedDevice {
  /** The vendor's id: `device.id` of a later request. */
  readonly id: string;
  readonly provider: string;
  readonly vendor: string;
  readonly name: string;
  readonly state: EnrollmentState;
  readonly requestIds: readonly string[];
}

/** What became of one device of a batch. */
export type ImportResult = { readonly status: "created"; readonly device: ImportedDevice } | Failure;

/** What became of one device of an import. */
export type ImportOutcome = OutcomePosition & ImportResult;

/** The status that an error stands for: a lost answer is `unknown`, everything else has failed. */
export const failureOf = (error: EnrollmentError): Failure => ({
  status: error.code === "outcome-unknown" ? "unknown" : "failed",
  error,
});

/** Of a provider that answers with too few results: what became of the others, nobody knows. */
export const missingResult = (provider: string): Failure =>
  failureOf(new EnrollmentError("the provider gave no result", { code: "outcome-unknown", provider }));

/** The key of an input, which may come from an untyped source and be anything. */
export const keyOf = (input: unknown): string | undefined => {
  const key: unknown = typeof input === "object" && input !== null && "key" in input ? input.key : undefined;
  return typeof key === "string" ? key : undefined;
};

const position = { key: z.string().optional(), index: z.int().nonnegative() };
const error = z.union([
  z.custom<EnrollmentError>((value) => EnrollmentError.is(value)),
  enrollmentErrorSchema,
]);
const failure = z.object({ ...position, status: z.enum(["failed", "unknown"]), error });

/** Reads an {@link EnrollmentOutcome} back from JSON. */
export const enrollmentOutcomeSchema: z.ZodType<EnrollmentOutcome> = z.discriminatedUnion("status", [
  z.object({ ...position, status: z.literal("created"), enrollment: enrollmentSchema }),
  failure,
]);

/** Reads an {@link ImportOutcome} back from JSON. */
export const importOutcomeSchema: z.ZodType<ImportOutcome> = z.discriminatedUnion("status", [
  z.object({
    ...position,
    status: z.literal("created"),
    device: z.object({
      id: z.string(),
      provider: z.string(),
      vendor: z.string(),
      name: z.string(),
      state: z.enum(enrollmentStates),
      requestIds: z.array(z.string()),
    }),
  }),
  failure,
]);
