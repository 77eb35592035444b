import type { Enrollment, Failure } from "@enrollkit/core";

/** Which enrollment an outcome is about. */
export interface MailPosition {
  /** The caller's own id, if the enrollment has one. */
  readonly key?: string | undefined;
  /** The enrollment's id. */
  readonly id: string;
  /** Place in the input, from 0. */
  readonly index: number;
}

/**
 * Why a mail was not sent.
 *
 * - `already-sent`: the journal knows that it was
 * - `delivered-by-vendor`: the vendor has mailed the recipient itself
 */
export interface Skipped {
  readonly status: "skipped";
  readonly reason: "already-sent" | "delivered-by-vendor";
}

/**
 * What became of one mail. `sent`: the mail server took it. `failed`: it did not go out; `error.retryable`
 * says whether it may later. `unknown`: it may or may not have gone out; it is not sent again unless that is asked for.
 */
export type MailVerdict = { readonly status: "sent" } | Skipped | Failure;

/** What became of the mail of one enrollment. */
export type MailOutcome = MailPosition & MailVerdict;

/** The position of an enrollment. */
export const positionOf = ({ key, id }: Enrollment, index: number): MailPosition => ({
  ...(key !== undefined && { key }),
  id,
  index,
});
