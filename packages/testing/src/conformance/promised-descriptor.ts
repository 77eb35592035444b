import {
  destinationOf,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type ProviderDescriptor,
} from "@enrollkit/core";

/** What follows from the roles, and the roles are the composite's own. */
const ofRoles: ReadonlySet<string> = new Set(["roles", "batch", "importBatch"]);

/**
 * What holds for a request: the descriptor of the provider, of a composite that of the member which the request goes to,
 * with the composite's roles and batches. It is the `descriptor` of a composite's setup.
 */
export const promisedDescriptor = (
  provider: EnrollmentProvider,
  request: EnrollmentRequest,
): ProviderDescriptor => {
  if (provider.composition === undefined) return provider.descriptor;
  const { member } = destinationOf(provider, request);
  const pick = (descriptor: ProviderDescriptor, isOfRoles: boolean) =>
    Object.fromEntries(Object.entries(descriptor).filter(([name]) => ofRoles.has(name) === isOfRoles));
  return {
    ...pick(member.descriptor, false),
    ...pick(provider.descriptor, true),
  } as unknown as ProviderDescriptor;
};
