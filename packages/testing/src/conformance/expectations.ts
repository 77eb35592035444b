import assert from "node:assert/strict";
import {
  accountsOf,
  type EnrollmentProvider,
  EnrollmentError,
  instantMilliseconds,
  type CreateOptions,
  type Enrollment,
  type EnrollmentErrorCode,
  type EnrollmentRequest,
} from "@enrollkit/core";
import type { RuleContext } from "./rule.js";

/** How an attempt ended. */
export type Settled<Result> =
  | { readonly status: "fulfilled"; readonly value: Result }
  | { readonly status: "rejected"; readonly reason: unknown };

/** Waits for the end of an attempt, whatever it is. */
export const settle = async <Result>(attempt: () => Promise<Result>): Promise<Settled<Result>> => {
  try {
    return { status: "fulfilled", value: await attempt() };
  } catch (reason) {
    return { status: "rejected", reason };
  }
};

/** Fails unless the attempt rejects; gives its reason. */
export const rejectionOf = async (attempt: () => Promise<unknown>, what: string): Promise<unknown> => {
  const settled = await settle(attempt);
  assert.ok(settled.status === "rejected", `${what} must reject, and it succeeded`);
  return settled.reason;
};

/** Fails unless an attempt was rejected with an EnrollmentError. */
export const requireError = (reason: unknown, what: string): EnrollmentError => {
  if (EnrollmentError.is(reason)) return reason;
  const name = reason instanceof Error ? reason.name : typeof reason;
  throw new assert.AssertionError({
    message: `${what} must reject with an EnrollmentError, not with ${name}`,
  });
};

/** Fails unless an attempt was rejected with an EnrollmentError of one of these codes. */
export const requireCode = (
  reason: unknown,
  codes: EnrollmentErrorCode | readonly EnrollmentErrorCode[],
  what: string,
): EnrollmentError => {
  const error = requireError(reason, what);
  const wanted = typeof codes === "string" ? [codes] : codes;
  assert.ok(
    wanted.includes(error.code),
    `${what} must reject with ${wanted.join(" or ")}, not with ${error.code}: ${error.message}`,
  );
  return error;
};

/** Fails unless the attempt rejects with an EnrollmentError of one of these codes. */
export const expectCode = async (
  attempt: () => Promise<unknown>,
  codes: EnrollmentErrorCode | readonly EnrollmentErrorCode[],
  what: string,
): Promise<EnrollmentError> => requireCode(await rejectionOf(attempt, what), codes, what);

/** Fails unless a request is refused with a code and a path, before the vendor has heard of it. */
export const expectRefusal = async (
  { provider, vendor }: RuleContext,
  request: EnrollmentRequest,
  code: "invalid-request" | "unsupported",
  path: string | undefined,
  what: string,
): Promise<void> => {
  const calls = vendor.callCount();
  const live = await vendor.liveCount();
  const error = await expectCode(() => provider.createEnrollment(request), code, what);
  if (path !== undefined) {
    assert.equal(error.path, path, `${what}: the error must name the field in its path`);
  }
  assert.equal(vendor.callCount(), calls, `${what} must be refused before the vendor is called`);
  assert.equal(await vendor.liveCount(), live, `${what} must leave nothing behind at the vendor`);
};

/** Fails unless `onUnsupported: "warn"` creates, and says which wish was dropped. */
export const expectWarning = async (
  { provider, vendor }: RuleContext,
  request: EnrollmentRequest,
  field: string,
  what: string,
): Promise<Enrollment> => {
  const live = await vendor.liveCount();
  const enrollment = await provider.createEnrollment(request, { onUnsupported: "warn" });
  assert.ok(
    enrollment.warnings.some((warning) => warning.code === "unsupported" && warning.field === field),
    `${what}: with onUnsupported "warn" the result must have a warning "unsupported" for ${field}`,
  );
  assert.equal(await vendor.liveCount(), live + 1, `${what}: with onUnsupported "warn" it must be created`);
  return enrollment;
};

/** The provider of that name, of a composite the member: a composite's errors and enrollments carry the member's name. */
export const accountNamed = (
  provider: EnrollmentProvider,
  name: string | undefined,
): EnrollmentProvider | undefined => accountsOf(provider).find((account) => account.name === name);

/** Creates, and fails unless exactly one more enrollment exists at the vendor. */
export const expectCreated = async (
  { provider, vendor }: RuleContext,
  request: EnrollmentRequest,
  what: string,
  options?: CreateOptions,
): Promise<Enrollment> => {
  const live = await vendor.liveCount();
  const settled = await settle(() => provider.createEnrollment(request, options));
  if (settled.status === "rejected") {
    const { reason } = settled;
    const why = reason instanceof Error ? reason.message : typeof reason;
    throw new assert.AssertionError({ message: `${what} must be created, and was refused: ${why}` });
  }
  const { value } = settled;
  assert.equal(await vendor.liveCount(), live + 1, `${what} must leave exactly one enrollment at the vendor`);
  assert.deepEqual(
    value.warnings.filter(({ code }) => code === "unsupported"),
    [],
    `${what}: no wish may be dropped that was not refused`,
  );
  return value;
};

/** How long an enrollment lives from its creation, in milliseconds. */
export const lifetimeOf = ({ createdAt, expiresAt }: Enrollment, what: string): number => {
  assert.ok(
    expiresAt !== "never" && expiresAt !== "unknown",
    `${what}: where a lifetime can be chosen, expiresAt must be an instant, not "${expiresAt}"`,
  );
  return instantMilliseconds(expiresAt) - instantMilliseconds(createdAt);
};

/** Fails unless a device is refused. */
export const expectDeviceRefused = async (
  { vendor }: RuleContext,
  enrollment: Enrollment,
  what: string,
): Promise<void> => {
  await rejectionOf(() => vendor.consume(enrollment), `a device that enrolls with ${what}`);
};

/** Everything that an async iterable gives. */
export const collect = async <Item>(source: AsyncIterable<Item>): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
};
