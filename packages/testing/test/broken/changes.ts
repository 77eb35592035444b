import {
  EnrollmentError,
  supports,
  type Enrollment,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type RoleName,
} from "@enrollkit/core";
import type { ConformanceVendor } from "../../src/index.js";

/** What a provider does otherwise than the good one. */
export type Change = (provider: EnrollmentProvider, vendor: ConformanceVendor) => Partial<EnrollmentProvider>;

/** A provider that does one thing wrong. */
export interface BrokenProvider {
  /** What it does wrong. */
  readonly fault: string;
  /** Rules that must notice. */
  readonly rules: readonly string[];
  readonly change: Change;
}

type Create = EnrollmentProvider["createEnrollment"];

export const creating =
  (wrap: (create: Create, vendor: ConformanceVendor) => Create): Change =>
  (provider, vendor) => ({
    createEnrollment: wrap((request, options) => provider.createEnrollment(request, options), vendor),
  });

export const changingResult = (
  change: (enrollment: Enrollment, request: EnrollmentRequest) => Enrollment,
): Change =>
  creating((create) => async (request, options) => change(await create(request, options), request));

export const changingRequest = (change: (request: EnrollmentRequest) => EnrollmentRequest): Change =>
  creating((create) => (request, options) => create(change(request), options));

export const changingError = (
  change: (error: EnrollmentError, request: EnrollmentRequest) => Error,
): Change =>
  creating((create) => async (request, options) => {
    try {
      return await create(request, options);
    } catch (error) {
      throw EnrollmentError.is(error) ? change(error, request) : error;
    }
  });

export const changingRole =
  <Role extends RoleName>(
    role: Role,
    change: (given: NonNullable<EnrollmentProvider[Role]>) => NonNullable<EnrollmentProvider[Role]>,
  ): Change =>
  (provider) => {
    const given = provider[role];
    if (!supports(provider, role) || given === undefined) throw new TypeError(`no ${role} to change`);
    return { [role]: change(given) };
  };

/** A copy that lacks a member. */
export const without = <Value extends object>(value: Value, name: keyof Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([member]) => member !== name)) as Value;
