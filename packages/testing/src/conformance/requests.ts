import type { DescribedField, EnrollmentRequest, ProviderDescriptor } from "@enrollkit/core";

/** Request input that may be wrong: rules send what the types forbid, as untyped callers do. */
export type AnyRequest = Readonly<Record<string, unknown>>;

const segments = (field: string): readonly [string, string | undefined] => {
  const [first = "", second] = field.split(".");
  return [first, second];
};

const membersOf = (value: unknown): AnyRequest =>
  typeof value === "object" && value !== null ? (value as AnyRequest) : {};

const without = (value: unknown, name: string): AnyRequest =>
  Object.fromEntries(Object.entries(membersOf(value)).filter(([member]) => member !== name));

/** A request with one field, such as `device.name`, set. */
export const withField = (request: EnrollmentRequest, field: string, value: unknown): EnrollmentRequest => {
  const [first, second] = segments(field);
  const before: unknown = (request as AnyRequest)[first];
  return { ...request, [first]: second === undefined ? value : { ...membersOf(before), [second]: value } };
};

/** A request with one field left out; an object that has nothing else goes with it. */
export const withoutField = (request: EnrollmentRequest, field: string): EnrollmentRequest => {
  const [first, second] = segments(field);
  const others = without(request, first);
  if (second === undefined) return others;
  const rest = without((request as AnyRequest)[first], second);
  return Object.keys(rest).length === 0 ? others : { ...others, [first]: rest };
};

/** The value of a field such as `device.name` in a request, a result or the like. */
export const fieldOf = (value: object, field: string): unknown => {
  const [first, second] = segments(field);
  const found = (value as AnyRequest)[first];
  return second === undefined ? found : membersOf(found)[second];
};

const inventions: Readonly<Record<DescribedField, (number: number) => string | readonly string[]>> = {
  profile: (number) => `no-such-profile-${number}`,
  "recipient.email": (number) => `grace.hopper.${number}@example.com`,
  "recipient.name": (number) => `Grace Hopper ${number}`,
  "device.id": (number) => `no-such-device-${number}`,
  "device.name": (number) => `Suite device ${number}`,
  "device.description": (number) => `Device ${number} of the conformance suite`,
  "device.serialNumber": (number) => `C02SUITE${String(number).padStart(4, "0")}`,
  tags: (number) => [`suite-${number}`],
};

/** A value for a field, of the right type and different for each number. */
export const invent = (field: DescribedField, number: number): string | readonly string[] =>
  inventions[field](number);

/**
 * Whether a vendor takes any value in a field. Profiles are made by the config, and a device id that is sent must be
 * one that the vendor knows.
 */
export const takesAnyValue = (field: DescribedField, { fields }: ProviderDescriptor): boolean => {
  if (fields[field] === "unsupported" || field === "profile") return false;
  return field !== "device.id" || fields[field] === "echoed";
};

/** A request that says as much about its recipient and device as the vendor allows. */
export const describedRequest = (
  base: EnrollmentRequest,
  descriptor: ProviderDescriptor,
  number: number,
): EnrollmentRequest => {
  const added = (Object.keys(inventions) as DescribedField[]).filter(
    (field) => field !== "tags" && takesAnyValue(field, descriptor) && fieldOf(base, field) === undefined,
  );
  return added.reduce<EnrollmentRequest>(
    (request, field) => withField(request, field, invent(field, number)),
    {
      ...base,
      key: base.key ?? `suite-key-${number}`,
      tenant: base.tenant ?? `suite-tenant-${number}`,
    },
  );
};
