import {
  describedFields,
  type DescribedField,
  type LifetimeLimits,
  type ProviderDescriptor,
} from "./descriptor.js";
import {
  describeDuration,
  durationFrom,
  durationLength,
  parseDuration,
  type DurationInput,
} from "./duration.js";
import type { EnrollmentScope, EnrollmentWarning } from "./enrollment.js";
import { EnrollmentError } from "./errors.js";
import { parseInput } from "./invalid-request.js";
import { quote } from "./quote.js";
import type { CreateOptions } from "./call-options.js";
import { enrollmentRequestSchema, type Delivery, type EnrollmentRequest, type Uses } from "./request.js";

/** A request that has been held against a descriptor: whatever is left in it, the vendor can honour. */
export interface ResolvedRequest<Extras = never> {
  readonly request: EnrollmentRequest<Extras>;
  /** The wished lifetime in milliseconds; absent if none was wished. */
  readonly lifetime?: number;
  readonly uses: Uses;
  readonly delivery: Delivery;
  /** For the result: what the request says of the kind of enrollment, and what the vendor has no choice in. */
  readonly scope: EnrollmentScope;
  /** The wishes that were dropped. Empty unless `onUnsupported` is `warn`. */
  readonly warnings: readonly EnrollmentWarning[];
}

/** A wish that the vendor cannot honour. */
interface Refusal {
  readonly field: string;
  readonly message: string;
}

const listOf = (values: readonly string[]) => values.join(", ");

const refuseUnlessListed = (
  field: "platform" | "management" | "ownership" | "delivery",
  wish: string | undefined,
  offered: readonly string[],
  product: string,
): Refusal | undefined => {
  if (wish === undefined || offered.includes(wish)) return undefined;
  const offer =
    offered.length === 0 ? `${product} offers no choice` : `${product} offers: ${listOf(offered)}`;
  return { field, message: `${field} "${wish}" is not possible; ${offer}` };
};

type ReadField = (request: EnrollmentRequest<unknown>) => unknown;

/** Written out: a bulk run reads them all for each of a million requests. */
const readers: Readonly<Record<DescribedField, ReadField>> = {
  profile: ({ profile }) => profile,
  "recipient.email": ({ recipient }) => recipient?.email,
  "recipient.name": ({ recipient }) => recipient?.name,
  "device.id": ({ device }) => device?.id,
  "device.name": ({ device }) => device?.name,
  "device.description": ({ device }) => device?.description,
  "device.serialNumber": ({ device }) => device?.serialNumber,
  tags: ({ tags }) => tags,
};

/** What a request says in a field that describes it. */
export const fieldValue = (request: EnrollmentRequest<unknown>, field: DescribedField): unknown =>
  readers[field](request);

const isPresent = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);

type SettableLifetime = Extract<LifetimeLimits, { settable: true }>;

const readRange = ({ min, max, granularity }: SettableLifetime) => ({
  min: durationLength(min),
  max: durationLength(max),
  step: durationLength(granularity),
});

/** A bulk run holds a million requests against one descriptor: its durations are parsed once. */
const ranges = new WeakMap<SettableLifetime, ReturnType<typeof readRange>>();

const rangeOf = (limits: SettableLifetime) => {
  const range = ranges.get(limits) ?? readRange(limits);
  ranges.set(limits, range);
  return range;
};

const lifetimeOf = (
  wish: DurationInput,
  { lifetime: limits, product }: ProviderDescriptor,
  now: number,
): number | Refusal => {
  const invalid = (message: string) =>
    new EnrollmentError(`validFor ${message}`, { code: "invalid-request", path: "validFor" });
  const text = quote(String(wish));
  let milliseconds: number;
  try {
    milliseconds = durationFrom(parseDuration(wish), now);
  } catch (error) {
    if (error instanceof RangeError) throw invalid(`${text} ${error.message}`);
    throw error;
  }
  if (milliseconds === 0) throw invalid("is zero; an enrollment must live for some time");
  if (milliseconds < 0) throw invalid(`${text} is negative; an enrollment must live for some time`);
  if (!limits.settable) {
    return { field: "validFor", message: `validFor is not possible; ${product} sets the lifetime itself` };
  }
  const { min, max, step } = rangeOf(limits);
  const inRange = milliseconds >= min && milliseconds <= max;
  if (inRange && milliseconds % step === 0) return milliseconds;
  const wished = `validFor ${text} is ${describeDuration(milliseconds)}`;
  const range = `${product} allows ${describeDuration(min)} to ${describeDuration(max)}`;
  const steps = inRange ? `, in steps of ${describeDuration(step)}` : "";
  return { field: "validFor", message: `${wished}; ${range}${steps}` };
};

const refuseUses = (uses: Uses | undefined, descriptor: ProviderDescriptor): Refusal | undefined => {
  const { allowed } = descriptor.uses;
  const wish = uses === 1 ? "one" : uses;
  if (wish === undefined || (typeof wish === "string" && allowed.includes(wish))) return undefined;
  return {
    field: "uses",
    message: `uses ${wish} is not possible; ${descriptor.product} offers: ${listOf(allowed)}`,
  };
};

const refuseAdditionalData = (
  data: string | undefined,
  { additionalDataLength: limit, product }: ProviderDescriptor,
): Refusal | undefined => {
  // Counted as code points: what a reader would call characters.
  const length = data === undefined ? 0 : Array.from(data).length;
  if (length <= limit) return undefined;
  const offer = limit === 0 ? `${product} has no such field` : `${product} allows ${limit}`;
  return { field: "additionalData", message: `additionalData has ${length} characters; ${offer}` };
};

const onlyOne = <Value>(values: readonly Value[]): Value | undefined =>
  values.length === 1 ? values[0] : undefined;

const scopeOf = (
  { profile, tenant, ...wishes }: EnrollmentScope,
  { platforms, managementModes, ownerships }: ProviderDescriptor,
): EnrollmentScope => {
  const platform = wishes.platform ?? onlyOne(platforms);
  const management = wishes.management ?? onlyOne(managementModes);
  const ownership = wishes.ownership ?? onlyOne(ownerships);
  return {
    ...(profile !== undefined && { profile }),
    ...(tenant !== undefined && { tenant }),
    ...(platform && { platform }),
    ...(management && { management }),
    ...(ownership && { ownership }),
  };
};

const without = <Extras>(request: EnrollmentRequest<Extras>, field: string): EnrollmentRequest<Extras> => {
  const [first = "", second] = field.split(".");
  if (second === undefined) {
    return Object.fromEntries(Object.entries(request).filter(([name]) => name !== first));
  }
  const parent = Object.entries((request as Record<string, object>)[first] ?? {});
  return { ...request, [first]: Object.fromEntries(parent.filter(([name]) => name !== second)) };
};

/** A request whose wishes have been held against a descriptor. */
interface Examined<Extras> {
  readonly request: EnrollmentRequest<Extras>;
  /** The wished lifetime in milliseconds, if the vendor can honour it. */
  readonly lifetime: number | undefined;
  /** Empty unless `onUnsupported` is `warn`. */
  readonly refusals: readonly Refusal[];
}

type ExamineOptions = Pick<CreateOptions, "onUnsupported"> & { readonly now: number };

/**
 * Finds out whether a vendor can do what a request asks for, as {@link resolveRequest} does, and makes no new request.
 *
 * @throws EnrollmentError as resolveRequest does.
 */
export const examineRequest = <Extras>(
  input: EnrollmentRequest<Extras>,
  descriptor: ProviderDescriptor,
  { onUnsupported = "reject", now }: ExamineOptions,
): Examined<Extras> => {
  const request = parseInput(enrollmentRequestSchema, input, "invalid-request") as EnrollmentRequest<Extras>;
  const { product, fields } = descriptor;

  for (const field of describedFields) {
    if (fields[field] === "required" && !isPresent(fieldValue(request, field))) {
      throw new EnrollmentError(`${field} is missing; ${product} needs it`, {
        code: "invalid-request",
        path: field,
      });
    }
  }

  const { profiles } = descriptor;
  if (request.profile !== undefined && profiles?.includes(request.profile) === false) {
    const known = profiles.length === 0 ? "none is configured" : `configured are: ${listOf(profiles)}`;
    throw new EnrollmentError(`profile ${quote(request.profile)} is not known here; ${known}`, {
      code: "invalid-request",
      path: "profile",
      advice: "add the profile to the provider's settings, or correct its name",
    });
  }

  const lifetime = request.validFor === undefined ? undefined : lifetimeOf(request.validFor, descriptor, now);
  const refusals: Refusal[] = [];
  const add = (refusal: Refusal | undefined) => {
    if (refusal !== undefined) refusals.push(refusal);
  };
  add(refuseUnlessListed("platform", request.platform, descriptor.platforms, product));
  add(refuseUnlessListed("management", request.management, descriptor.managementModes, product));
  add(refuseUnlessListed("ownership", request.ownership, descriptor.ownerships, product));
  add(refuseUnlessListed("delivery", request.delivery, descriptor.deliveries, product));
  add(refuseUses(request.uses, descriptor));
  add(refuseAdditionalData(request.additionalData, descriptor));
  if (typeof lifetime === "object") add(lifetime);
  for (const field of describedFields) {
    if (fields[field] === "unsupported" && isPresent(fieldValue(request, field))) {
      add({ field, message: `${field} is not possible; ${product} has no such field` });
    }
  }

  const [first] = refusals;
  if (first !== undefined && onUnsupported === "reject") {
    throw new EnrollmentError(refusals.map(({ message }) => message).join("; "), {
      code: "unsupported",
      path: first.field,
    });
  }
  return { request, lifetime: typeof lifetime === "number" ? lifetime : undefined, refusals };
};

/**
 * Holds a request against what a vendor can do, before anything is sent.
 *
 * @param now - milliseconds since the Unix epoch; months and years in `validFor` are counted from it.
 * @returns the request with every wish that the vendor can honour, and warnings for those dropped.
 * @throws EnrollmentError `invalid-request` if a field is malformed or a required one is missing, `unsupported` if
 *   a wish cannot be honoured and `onUnsupported` is not `warn`. The error's `path` names the field.
 */
export const resolveRequest = <Extras>(
  input: EnrollmentRequest<Extras>,
  descriptor: ProviderDescriptor,
  options: ExamineOptions,
): ResolvedRequest<Extras> => {
  const { request: wished, lifetime, refusals } = examineRequest(input, descriptor, options);
  const request = refusals.reduce((kept, { field }) => without(kept, field), wished);
  const uses = request.uses === 1 ? "one" : (request.uses ?? descriptor.uses.default);
  return {
    request,
    ...(lifetime !== undefined && { lifetime }),
    uses,
    delivery: request.delivery ?? "return",
    scope: scopeOf(request, descriptor),
    warnings: refusals.map(({ field, message }) => ({ code: "unsupported", field, message })),
  };
};
