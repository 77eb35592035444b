import {
  describeDuration,
  EnrollmentError,
  parseInput,
  resolveRequest,
  type CreateOptions,
  type EnrollmentRequest,
  type EnrollmentScope,
  type EnrollmentWarning,
  type ProviderDescriptor,
} from "@enrollkit/core";
import { defaultLifetime } from "./descriptor.js";
import {
  impossibleUsage,
  letsPersonalDevicesIn,
  personalUsageFor,
  type AndroidMode,
  type UsageChoice,
} from "./personal-usage.js";
import { extrasSchema, profileFor, type AndroidManagementExtras, type ResolvedSettings } from "./settings.js";
import type { GoogleAuthenticationOptions } from "./wire.js";

/** Google's own limit for many years: whatever lives longer deserves a second look. */
const carefulLifetime = 90 * 86_400_000;

/** Everything that a create needs to know: the request, its profile and the settings have been weighed up. */
export interface EnrollmentPlan {
  /** A bare id; absent: Google applies the policy named `default`. */
  readonly policy?: string | undefined;
  readonly usage: Exclude<UsageChoice, "impossible">;
  /** Milliseconds. */
  readonly lifetime: number;
  readonly uses: "one" | "unlimited";
  readonly additionalData?: string | undefined;
  readonly googleAuthenticationOptions?: GoogleAuthenticationOptions | undefined;
  readonly user?: AndroidManagementExtras["user"];
  readonly scope: EnrollmentScope;
  readonly warnings: readonly EnrollmentWarning[];
}

export interface PlanContext extends Pick<CreateOptions, "onUnsupported"> {
  readonly settings: ResolvedSettings;
  readonly descriptor: ProviderDescriptor;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

type Wishes = Pick<EnrollmentRequest, "management" | "ownership">;

interface Usage extends Wishes {
  readonly usage: EnrollmentPlan["usage"];
  readonly warnings: readonly EnrollmentWarning[];
}

/** They are weighed up anew: some go only with some others. */
const withoutModes = ({ profile, tenant, platform }: EnrollmentScope): EnrollmentScope => ({
  ...(profile !== undefined && { profile }),
  ...(tenant !== undefined && { tenant }),
  ...(platform && { platform }),
});

/** Weighs management and ownership up; a wish that fits nothing else is refused, or dropped with a warning. */
const chooseUsage = (wishes: Wishes, defaults: Wishes, context: PlanContext): Usage => {
  // The descriptor offers these modes only, so a request with any other has been refused already.
  const management = (wishes.management ?? defaults.management) as AndroidMode | undefined;
  const ownership = wishes.ownership ?? defaults.ownership;
  const usage = personalUsageFor(management, ownership);
  if (usage !== "impossible") {
    const onlyCompany = management === "work-profile" && ownership === "company";
    return {
      usage,
      ...(management && { management }),
      ...(ownership && { ownership }),
      warnings: onlyCompany
        ? [
            {
              code: "ignored-by-vendor",
              field: "ownership",
              message: "a token for work profiles also lets personally owned devices in",
            },
          ]
        : [],
    };
  }
  const field = wishes.ownership === undefined ? "management" : "ownership";
  const message = `${field} "${wishes[field] ?? ""}" is not possible: ${impossibleUsage(management)}`;
  if (context.onUnsupported !== "warn") {
    throw new EnrollmentError(message, { code: "unsupported", path: field });
  }
  const rest = chooseUsage({ ...wishes, [field]: undefined }, defaults, context);
  return { ...rest, warnings: [{ code: "unsupported", field, message }, ...rest.warnings] };
};

const cautions = ({ lifetime, uses, usage, user }: Omit<EnrollmentPlan, "warnings">): EnrollmentWarning[] => {
  const warnings: EnrollmentWarning[] = [];
  if (lifetime > carefulLifetime) {
    warnings.push({
      code: "security",
      field: "validFor",
      message: `the token lives ${describeDuration(lifetime)}; whoever finds it until then can enroll`,
    });
  }
  if (uses === "unlimited" && letsPersonalDevicesIn(usage)) {
    warnings.push({
      code: "security",
      field: "uses",
      message: "whoever has the token can enroll any number of devices, also personally owned ones",
    });
  }
  if (user !== undefined) {
    warnings.push({
      code: "ignored-by-vendor",
      field: "extras.user.accountIdentifier",
      message: "Google accepts the account identifier and ignores it",
    });
  }
  return warnings;
};

/**
 * Decides what to ask Google for, before anything is sent.
 *
 * @throws EnrollmentError `invalid-request` or `unsupported`; its path names the field.
 */
export const planEnrollment = (
  wishes: EnrollmentRequest<AndroidManagementExtras>,
  context: PlanContext,
): EnrollmentPlan => {
  const { settings, descriptor } = context;
  const resolved = resolveRequest(wishes, descriptor, context);
  const { request } = resolved;
  const { extras } =
    request.extras === undefined
      ? { extras: {} }
      : parseInput(extrasSchema, { extras: request.extras }, "invalid-request");
  const profile = profileFor(settings, request.profile);
  const { usage, warnings, ...modes } = chooseUsage(request, profile, context);
  const plan = {
    policy: extras.policy ?? profile.policy,
    usage,
    lifetime: resolved.lifetime ?? profile.validFor ?? defaultLifetime,
    uses:
      request.uses === undefined ? (profile.uses ?? "one") : resolved.uses === "one" ? "one" : "unlimited",
    additionalData: request.additionalData ?? profile.additionalData,
    googleAuthenticationOptions: extras.googleAuthenticationOptions ?? profile.googleAuthenticationOptions,
    user: extras.user,
    scope: { ...withoutModes(resolved.scope), ...modes },
  } as const;
  return { ...plan, warnings: [...resolved.warnings, ...warnings, ...cautions(plan)] };
};
