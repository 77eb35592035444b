import {
  durationLength,
  EnrollmentError,
  parseInput,
  resolveRequest,
  type CreateOptions,
  type EnrollmentRequest,
  type EnrollmentScope,
  type EnrollmentWarning,
} from "@enrollkit/core";
import * as z from "zod";
import type { TokenBody } from "./client.js";
import { describeWorkspace } from "./descriptor.js";
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
  readonly scope: EnrollmentScope;
  readonly warnings: readonly EnrollmentWarning[];
}

/** The vendor's limit for an address and for `displayName`, in UTF-16 units as `length` counts them. */
const longest = 128;
const tooLong = (field: string, { length }: string) =>
  `${field} has ${length} characters; Applivery allows ${longest}`;

/** Wishes that only this vendor's fields cannot hold; core has seen to all others. */
const refusalsOf = (name: string, extras: AppliveryExtras, sendEmail: boolean) => {
  const refusals: { code: "unsupported"; field: string; message: string }[] = [];
  const refuse = (field: string, message: string) => refusals.push({ code: "unsupported", field, message });
  if (name.length > longest) refuse("device.name", tooLong("device.name", name));
  if (extras.emailText !== undefined && !sendEmail) {
    refuse(
      "extras.emailText",
      'extras.emailText is not possible; Applivery mails only with delivery "vendor-email"',
    );
  }
  return refusals;
};

const resolve = (
  wish: EnrollmentRequest<AppliveryExtras>,
  settings: ResolvedSettings,
  now: number,
  onUnsupported: CreateOptions["onUnsupported"],
): TokenRequest => {
  const resolved = resolveRequest(wish, describeWorkspace(settings), { onUnsupported, now });
  const { recipient: { email = "" } = {}, device: { name = "", ...device } = {} } = resolved.request;
  if (email.length > longest) {
    const message = tooLong("recipient.email", email);
    throw new EnrollmentError(message, { code: "invalid-request", path: "recipient.email" });
  }
  const { extras = {} } = parseInput(
    z.object({ extras: extrasSchema.optional() }),
    { extras: resolved.request.extras },
    "invalid-request",
  );
  const profile = settings.profiles[resolved.request.profile ?? ""];
  const layers: readonly (AppliveryExtras & Partial<AppliveryPresets>)[] = [extras, profile ?? {}, settings];
  const first = <Field extends keyof AppliveryPresets>(field: Field) =>
    layers.find((layer) => layer[field] !== undefined)?.[field];
  const sendEmail = (resolved.request.delivery ?? first("delivery")) === "vendor-email";
  const refusals = refusalsOf(name, extras, sendEmail);
  const [refusal] = refusals;
  if (refusal !== undefined && onUnsupported !== "warn") {
    const message = refusals.map((each) => each.message).join("; ");
    throw new EnrollmentError(message, { code: "unsupported", path: refusal.field });
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
  const nameIsDropped = name.length > longest;

  return {
    request: nameIsDropped ? { ...resolved.request, device } : resolved.request,
    email,
    body: {
      sendEmail,
      displayName: name === "" || nameIsDropped ? undefined : name,
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
    scope: resolved.scope,
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
