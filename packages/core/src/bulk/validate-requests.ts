import { systemClock, type Clock } from "../clock.js";
import { accountsOf, destinationOf, type Destination } from "../composite/destination.js";
import type { DescribedField } from "../descriptor.js";
import { EnrollmentError } from "../errors.js";
import type { CreateOptions } from "../call-options.js";
import type { EnrollmentProvider } from "../provider.js";
import type { EnrollmentRequest } from "../request.js";
import { examineRequest, fieldValue } from "../resolve-request.js";
import { createDuplicateCheck } from "./duplicates.js";

/** Which provider a request of a bulk run goes to: always the same one, or as the request says. */
export type ProviderChoice<Extras = never> =
  EnrollmentProvider<Extras> | ((request: EnrollmentRequest<Extras>) => EnrollmentProvider<Extras>);

const uniqueValue = <Extras>(request: EnrollmentRequest<Extras>, field: DescribedField) => {
  const value = fieldValue(request, field);
  if (typeof value !== "string") return undefined;
  return field === "recipient.email" ? value.toLowerCase() : value;
};

/** A source without types may hold anything, and choosing a provider is the caller's code. */
const refuseUnlessObject = (request: unknown) => {
  if (typeof request === "object" && request !== null) return;
  throw new EnrollmentError("a request must be an object", { code: "invalid-request" });
};

interface ValidatorOptions extends Pick<CreateOptions, "onUnsupported"> {
  readonly clock?: Clock | undefined;
}

/** As {@link createRequestValidator}; tells also what is to be called, which of a composite may be another. */
export const createDestinationValidator = <Extras = never>(
  choice: ProviderChoice<Extras>,
  { onUnsupported, clock = systemClock }: ValidatorOptions = {},
) => {
  const choose = typeof choice === "function" ? choice : () => choice;
  const findDuplicate = createDuplicateCheck("requests");
  return (request: EnrollmentRequest<Extras>, index: number): Destination<Extras> => {
    refuseUnlessObject(request);
    const destination = destinationOf(choose(request), request);
    const { lane, member } = destination;
    try {
      examineRequest(request, member.descriptor, { onUnsupported, now: clock.now() });
      const duplicate = findDuplicate(index, [
        { scope: "", field: "key", value: request.key },
        // Of those too that may get it later: the vendor may take two for one.
        ...accountsOf(lane).flatMap(({ name, descriptor }) =>
          descriptor.uniqueFields.map((field) => ({
            scope: name,
            field,
            value: uniqueValue(request, field),
          })),
        ),
      ]);
      if (duplicate !== undefined) throw duplicate;
    } catch (error) {
      throw EnrollmentError.is(error) ? error.with({ provider: member.name }) : error;
    }
    return destination;
  };
};

/**
 * What {@link createEnrollments} asks of each request before anything is sent, for those who want to know
 * beforehand: that it is well formed, that its provider can honour it, and that it repeats no earlier one.
 *
 * @returns a function to be called once for each request, in their order. It returns the request's provider, of a
 *   composite the member, or throws the EnrollmentError that would be its outcome.
 */
export const createRequestValidator = <Extras = never>(
  choice: ProviderChoice<Extras>,
  options: ValidatorOptions = {},
) => {
  const validate = createDestinationValidator(choice, options);
  return (request: EnrollmentRequest<Extras>, index: number): EnrollmentProvider<Extras> =>
    validate(request, index).member;
};
