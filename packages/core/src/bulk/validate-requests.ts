import { systemClock, type Clock } from "../clock.js";
import type { DescribedField } from "../descriptor.js";
import { EnrollmentError } from "../errors.js";
import type { CreateOptions } from "../call-options.js";
import type { EnrollmentProvider } from "../provider.js";
import type { EnrollmentRequest } from "../request.js";
import { resolveRequest } from "../resolve-request.js";
import { createDuplicateCheck } from "./duplicates.js";

/** Which provider a request of a bulk run goes to: always the same one, or as the request says. */
export type ProviderChoice<Extras = never> =
  EnrollmentProvider<Extras> | ((request: EnrollmentRequest<Extras>) => EnrollmentProvider<Extras>);

const uniqueValue = <Extras>(request: EnrollmentRequest<Extras>, field: DescribedField) => {
  switch (field) {
    case "device.id":
      return request.device?.id;
    case "device.name":
      return request.device?.name;
    case "device.serialNumber":
      return request.device?.serialNumber;
    case "recipient.email":
      return request.recipient?.email?.toLowerCase();
    default:
      return undefined;
  }
};

/**
 * What {@link createEnrollments} asks of each request before anything is sent, for those who want to know
 * beforehand: that it is well formed, that its provider can honour it, and that it repeats no earlier one.
 *
 * @returns a function to be called once for each request, in their order. It returns the request's provider, or
 *   throws the EnrollmentError that would be its outcome.
 */
export const createRequestValidator = <Extras = never>(
  choice: ProviderChoice<Extras>,
  {
    onUnsupported,
    clock = systemClock,
  }: Pick<CreateOptions, "onUnsupported"> & { readonly clock?: Clock } = {},
) => {
  const choose = typeof choice === "function" ? choice : () => choice;
  const findDuplicate = createDuplicateCheck();
  return (request: EnrollmentRequest<Extras>, index: number): EnrollmentProvider<Extras> => {
    const provider = choose(request);
    const { descriptor, name } = provider;
    try {
      resolveRequest(request, descriptor, { onUnsupported, now: clock.now() });
    } catch (error) {
      throw EnrollmentError.is(error) ? error.with({ provider: name }) : error;
    }
    const duplicate = [
      findDuplicate("", "key", request.key, index),
      ...descriptor.uniqueFields.map((field) =>
        findDuplicate(name, field, uniqueValue(request, field), index),
      ),
    ].find((error) => error !== undefined);
    if (duplicate !== undefined) throw duplicate.with({ provider: name });
    return provider;
  };
};
