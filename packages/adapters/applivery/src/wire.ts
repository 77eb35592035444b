import { toIsoInstant } from "@enrollkit/core";
import * as z from "zod";

// The vendor's JSON: only the fields that are read. Where the documentation shows no null, live lists may.

/** The documentation's samples have a stray space within the time. */
const instant = z.string().transform((text, context) => {
  try {
    return toIsoInstant(text.replaceAll(/\s/g, ""));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.addIssue({ code: "custom", message: "is not an instant" });
    return z.NEVER;
  }
});

/** "" means "not set". */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => (text === null || text === "" ? undefined : text));

/** @see https://docs.applivery.com/en/api/apple/apple-enrollment-tokens/get-organizations-organizationid-mdm-apple-enterprise-enrollment-tokens-admenrollmenttokenid */
export const tokenSchema = z.object({
  id: z.string().min(1),
  /** PENDING, DONE, EXPIRED, DELETED; others may come. */
  state: z.string(),
  createdAt: instant,
  expireAt: instant.nullish(),
  enrollmentLink: optionalText,
  enrollCode: optionalText,
  displayName: optionalText,
  tags: z.array(z.string()).nullish(),
  mdmUser: z.object({ id: z.string(), email: z.string() }).nullish(),
  /** The device that used it. */
  admDevice: optionalText,
});
export type Token = z.output<typeof tokenSchema>;

/** That the single create answers with the whole token is nowhere stated: only its id is insisted on. */
export const tokenReferenceSchema = z.looseObject({ id: z.string().min(1) });

/** @see https://docs.applivery.com/en/api/apple/apple-enrollment-tokens/post-organizations-organizationid-mdm-apple-enterprise-enrollment-tokens-bulk */
export const bulkCountsSchema = z.object({
  total: z.int().nonnegative(),
  success: z.int().nonnegative(),
  fail: z.int().nonnegative(),
});
export type BulkCounts = z.output<typeof bulkCountsSchema>;

/** @see https://docs.applivery.com/en/api/uem/mdm-users/post-organizations-organizationid-mdm-users */
export const userSchema = z.object({ id: z.string().min(1), email: z.string(), name: optionalText });
export type User = z.output<typeof userSchema>;

/** Known from public clients alone. */
export const policySchema = z.object({ id: z.string().min(1), name: z.string() });

/** One page; some lists are documented as paged and answer with a bare array, or the other way round. */
export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.union([
    z.object({
      items: z.array(item),
      hasNextPage: z.boolean().nullish(),
      nextPage: z.int().positive().nullish(),
    }),
    z.array(item).transform((items) => ({ items, hasNextPage: false, nextPage: null })),
  ]);

export const refusalSchema = z.object({
  status: z.literal(false),
  error: z.object({
    code: z.union([z.number(), z.string()]).nullish(),
    message: z.string().nullish(),
  }),
});
export type Refusal = z.output<typeof refusalSchema>;

/** The envelope of every answer. */
export type Envelope<Data> = { readonly status: true; readonly data: Data } | Refusal;

/** Reads the envelope. An answer without a body has no data either. */
export const envelopeSchema = (data: z.ZodType) =>
  z.preprocess(
    (body) => body ?? { status: true },
    z.discriminatedUnion("status", [z.object({ status: z.literal(true), data }), refusalSchema]),
  );
