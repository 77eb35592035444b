import {
  describedFields,
  durationLength,
  resolveRequest,
  systemClock,
  type CreateOptions,
  type DescribedField,
  type Enrollment,
  type EnrollmentRequest,
  type EnrollmentWarning,
  type ProviderDescriptor,
  type ProviderRuntime,
} from "@enrollkit/core";
import type { NewEnrollment } from "./enrollment-store.js";

/** A request that may be sent. */
export interface PreparedRequest {
  /** What the vendor is told. */
  readonly asked: NewEnrollment;
  /** The vendor's answer with what only the caller and the provider know. */
  readonly complete: (answer: Enrollment) => Enrollment;
}

export interface PreparationParts {
  readonly name: string;
  readonly descriptor: ProviderDescriptor;
  readonly runtime: ProviderRuntime;
}

/** What a fixed lifetime is, for a vendor that lets nobody choose. */
const fixedLifetime = 86_400_000;

const securityWarning = ({ uses }: NewEnrollment): readonly EnrollmentWarning[] =>
  uses === "unlimited"
    ? [
        {
          code: "security",
          field: "uses",
          message: "anyone who gets hold of it can enroll any number of devices until it expires",
        },
      ]
    : [];

/** The result as the request describes it: also the fields that the vendor has no place for. */
export const describedBy = (
  { tenant, recipient, device }: Pick<EnrollmentRequest, "tenant" | "recipient" | "device">,
  answer: Enrollment,
): Enrollment => ({
  ...answer,
  ...(tenant !== undefined && { tenant }),
  ...(recipient !== undefined && { recipient }),
  ...(device !== undefined && { device }),
});

/** Holds requests against the descriptor. */
export const createPreparation = (parts: PreparationParts) => {
  const { descriptor, runtime } = parts;
  const clock = runtime.clock ?? systemClock;
  const { lifetime } = descriptor;
  const goesOut = (field: string) =>
    !describedFields.includes(field as DescribedField) ||
    descriptor.fields[field as DescribedField] !== "echoed";

  /** The members of an object that the vendor has a place for; undefined if there are none. */
  const sentPart = <Value extends object>(parent: string, value: Value | undefined): Value | undefined => {
    const sent = Object.entries(value ?? {}).filter(([name]) => goesOut(`${parent}.${name}`));
    return sent.length === 0 ? undefined : (Object.fromEntries(sent) as Value);
  };

  return (input: EnrollmentRequest, { onUnsupported }: CreateOptions = {}): PreparedRequest => {
    const resolved = resolveRequest(input, descriptor, { onUnsupported, now: clock.now() });
    const { request } = resolved;
    const { profile, platform, management, ownership } = resolved.scope;
    const asked: NewEnrollment = {
      key: request.key,
      profile,
      platform,
      management,
      ownership,
      recipient: sentPart("recipient", request.recipient),
      device: sentPart("device", request.device),
      tags: goesOut("tags") ? request.tags : undefined,
      additionalData: request.additionalData,
      lifetime: resolved.lifetime ?? (lifetime.settable ? durationLength(lifetime.default) : fixedLifetime),
      uses: resolved.uses,
      delivery: resolved.delivery,
      artifacts: descriptor.artifacts,
    };
    const warnings = [...resolved.warnings, ...securityWarning(asked)];
    return { asked, complete: (answer) => ({ ...describedBy(request, answer), warnings }) };
  };
};
