import {
  EnrollmentError,
  type Enrollment,
  type EnrollmentErrorCode,
  type EnrollmentService,
} from "@enrollkit/core";

/** Somebody who gets a device. */
export interface Person {
  readonly id: string;
  readonly email: string;
}

/** The enrollment, or what to tell the person. */
export type Answer =
  { readonly enrollment: Enrollment } | { readonly sorry: string; readonly code: EnrollmentErrorCode };

/** The set of codes is closed: an app can answer each in its own words. */
const answers: Partial<Record<EnrollmentErrorCode, string>> = {
  "invalid-request": "Check what you have typed.",
  unsupported: "This cannot be done for such a device.",
  "rate-limited": "Too many at once; try again in a minute.",
  unavailable: "The vendor is out of order; try again later.",
  "outcome-unknown": "It may have worked; an admin has to look before you try again.",
};

/** A service of an app. It takes the enrollment service as an argument, and knows neither vendor nor container. */
export const createOnboarding = (enrollments: EnrollmentService) => ({
  welcome: async ({ id, email }: Person, profile: string): Promise<Answer> => {
    try {
      return { enrollment: await enrollments.create({ key: id, profile, recipient: { email } }) };
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      return {
        sorry: answers[error.code] ?? "It did not work; an admin will look into it.",
        code: error.code,
      };
    }
  },
  farewell: (enrollment: Enrollment): Promise<void> => enrollments.revoke(enrollment),
});
