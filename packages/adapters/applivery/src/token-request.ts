import {
  durationLength,
  EnrollmentError,
  parseInput,
  resolveRequest,
  type CreateOptions,
  type EnrollmentRequest,
  type EnrollmentWarning,
} from "@enrollkit/core";
import * as z from "zod";
import type { TokenBody } from "./client.js";
import { appliveryDescriptor } from "./descriptor.js";
import {
  extrasSchema,
  type AppliveryExtras,
  type AppliveryPresets,
  type ResolvedSettings,
} from "./settings.js";

/** A request that Applivery can honour, in Applivery's words. */
export interface TokenRequest {
  readonly request: EnrollmentRequest<AppliveryExtras>;
  readonly email: string;
  /** Without the owner and the correlation tag. */
  readonly body: TokenBody;
  /** The lifetime that was wished, in milliseconds. */
  readonly lifetime?: number;
  readonly warnings: readonly EnrollmentWarning[];
}

/** The vendor's limit for `displayName`, in UTF-16 units as `length` counts them. */
const displayNameLength = 128;

const profileOf = (
  profile: string | undefined,
  { profiles }: ResolvedSettings,
): AppliveryPresets | undefined => {
  if (profile === undefined) return undefined;
  if (Object.hasOwn(profiles, profile)) return profiles[profile];
  const known = Object.keys(profiles);
  const offer = known.length === 0 ? "the settings have none" : `there are: ${known.join(", ")}`;
  throw new EnrollmentError(`there is no profile "${profile}"; ${offer}`, {
    code: "invalid-request",
    path: "profile",
  });
};

/** Wishes that only this vendor's fields cannot hold; core has seen to all others. */
const refusalsOf = (
  { device }: EnrollmentRequest<unknown>,
  extras: AppliveryExtras,
  sendEmail: boolean,
): EnrollmentWarning[] => {
  const length = device?.name?.length ?? 0;
  const refusals: EnrollmentWarning[] = [];
  if (length > displayNameLength) {
    const message = `device.name has ${length} characters; Applivery allows ${displayNameLength}`;
    refusals.push({ code: "unsupported", field: "device.name", message });
  }
  if (extras.emailText !== undefined && !sendEmail) {
    const message = 'extras.emailText is not possible; Applivery mails only with delivery "vendor-email"';
    refusals.push({ code: "unsupported", field: "extras.emailText", message });
  }
  return refusals;
};

const resolve = (
  request: EnrollmentRequest<AppliveryExtras>,
  settings: ResolvedSettings,
  now: number,
  onUnsupported: CreateOptions["onUnsupported"],
): TokenRequest => {
  const resolved = resolveRequest(request, appliveryDescriptor, { onUnsupported, now });
  const { device, recipient } = resolved.request;
  const { extras = {} } = parseInput(
    z.object({ extras: extrasSchema.optional() }),
    { extras: resolved.request.extras },
    "invalid-request",
  );
  const profile = profileOf(resolved.request.profile, settings);
  const layers: readonly (AppliveryExtras & Partial<AppliveryPresets>)[] = [extras, profile ?? {}, settings];
  const first = <Field extends keyof AppliveryPresets>(field: Field) =>
    layers.find((layer) => layer[field] !== undefined)?.[field];
  const sendEmail = (resolved.request.delivery ?? first("delivery")) === "vendor-email";
  const refusals = refusalsOf(resolved.request, extras, sendEmail);
  const [refusal] = refusals;
  if (refusal?.field !== undefined && onUnsupported !== "warn") {
    throw new EnrollmentError(refusal.message, { code: "unsupported", path: refusal.field });
  }

  // The two are one choice: a layer that makes it makes it whole.
  const choice = layers.find(
    ({ policyId, admPolicyAssignments }) => policyId !== undefined || admPolicyAssignments !== undefined,
  );
  const validFor = first("validFor");
  const lifetime = resolved.lifetime ?? (validFor === undefined ? undefined : durationLength(validFor));
  const tags = new Set([
    ...(settings.tags ?? []),
    ...(profile?.tags ?? []),
    ...(resolved.request.tags ?? []),
  ]);
  const named = device?.name !== undefined && device.name.length <= displayNameLength;

  return {
    request: resolved.request,
    email: recipient?.email ?? "",
    body: {
      sendEmail,
      displayName: named ? device.name : undefined,
      tags: tags.size === 0 ? undefined : [...tags],
      duration: lifetime === undefined ? undefined : lifetime / 1000,
      language: first("language"),
      emailText: sendEmail ? first("emailText") : undefined,
      policyId: choice?.policyId,
      admPolicyAssignments: choice?.admPolicyAssignments,
      segmentId: first("segmentId"),
      profiles: first("configurationProfiles"),
      applications: first("applications"),
      admVppLocationId: first("admVppLocationId"),
    },
    ...(lifetime !== undefined && { lifetime }),
    warnings: [...resolved.warnings, ...refusals],
  };
};

/**
 * Holds a request against the vendor, the profiles and the settings, before anything is sent.
 *
 * @throws EnrollmentError `invalid-request` or `unsupported`.
 */
export const toTokenRequest = (
  request: EnrollmentRequest<AppliveryExtras>,
  settings: ResolvedSettings,
  { now, provider, onUnsupported }: Pick<CreateOptions, "onUnsupported"> & { now: number; provider: string },
): TokenRequest => {
  try {
    return resolve(request, settings, now, onUnsupported);
  } catch (error) {
    throw EnrollmentError.is(error) ? error.with({ provider }) : error;
  }
};

/** The body with one more tag. */
export const withTag = (body: TokenBody, tag: string | undefined): TokenBody =>
  tag === undefined ? body : { ...body, tags: [...(body.tags ?? []), tag] };
