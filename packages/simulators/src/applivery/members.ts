import type { EnrollmentChange, PolicyAssignment } from "./records.js";
import { flag, list, optional, text, wholeNumber, type Read } from "./rules.js";

const languages = ["es", "en", "fr", "de", "it", "zh", "pt", "ru"] as const;

/** One of the languages an invitation can be written in. The AOSP page lists them; the others print the first only. */
export const language = text({ oneOf: languages });
export const priority = wholeNumber({ minimum: 0, maximum: 10_000 });
export const segmentId = wholeNumber({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const tags = list(text({ maximum: 128, empty: "allow" }));
const displayName = text({ maximum: 128, empty: "allow" });
export const userEmails = list(text());

/** What an update may change, beside policies. */
export const changeable = {
  displayName: optional(displayName),
  tags: optional(tags),
  segmentId: optional(segmentId),
};

/**
 * The members that Apple and Windows tokens have in common, as siblings in one flat object.
 * The pages print the inside of a Joi schema instead; `type` and `children` belong to that, not to the body.
 * https://docs.applivery.com/en/api/apple/apple-enrollment-tokens/post-organizations-organizationid-mdm-apple-enterprise-enrollment-tokens-bulk
 */
export const invitation = {
  ...changeable,
  sendEmail: flag,
  duration: optional(wholeNumber({ minimum: 60, maximum: 2_592_000 })),
  language: optional(language),
  emailText: optional(text({ empty: "allow" })),
};

/** The common members of a wish; what is left out has its default. */
export const invited = (
  body: Read<typeof invitation>,
  policyId: string | undefined,
  assignments: readonly PolicyAssignment[] = [],
) => ({
  sendEmail: body.sendEmail,
  displayName: body.displayName,
  tags: body.tags ?? [],
  duration: body.duration,
  language: body.language,
  emailText: body.emailText,
  policyId: policyId === "" ? undefined : policyId,
  assignments,
  segmentId: body.segmentId ?? 0,
});

/** What an update may say, whatever the policy members are called. */
export const changed = (
  body: Pick<EnrollmentChange, "displayName" | "tags" | "assignments" | "segmentId">,
  policyId: string | undefined,
): EnrollmentChange => ({
  displayName: body.displayName,
  tags: body.tags,
  policyId: policyId === "" ? null : policyId,
  assignments: body.assignments,
  segmentId: body.segmentId,
});
