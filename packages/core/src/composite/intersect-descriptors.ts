import {
  describedFields,
  type BatchAtomicity,
  type BatchLimits,
  type DescribedField,
  type FieldSupport,
  type LifetimeLimits,
  type ProviderDescriptor,
  type RoleName,
} from "../descriptor.js";
import { durationLength, toIsoDuration, type IsoDuration } from "../duration.js";
import type { EnrollmentProvider } from "../provider.js";

/** What all lists have in common, in the order of the first. */
const shared = <Value>(lists: readonly (readonly Value[])[]): readonly Value[] =>
  (lists[0] ?? []).filter((value) => lists.every((list) => list.includes(value)));

const union = <Value>(lists: readonly (readonly Value[])[]): readonly Value[] => [...new Set(lists.flat())];

const agree = (values: readonly unknown[]): boolean => new Set(values).size <= 1;

const greatestDivisor = (one: number, other: number): number =>
  other === 0 ? one : greatestDivisor(other, one % other);

const commonMultiple = (lengths: readonly number[]): number =>
  lengths.reduce((one, other) => (one / greatestDivisor(one, other)) * other);

type SettableLifetime = Extract<LifetimeLimits, { settable: true }>;

/** The text of a member where one says just that, so that `P30D` does not turn into seconds. */
const textOf = (length: number, texts: readonly IsoDuration[]): IsoDuration =>
  texts.find((text) => durationLength(text) === length) ?? toIsoDuration(length);

/** A lifetime can be chosen if there is one that every member honours. */
const intersectLifetimes = (lifetimes: readonly LifetimeLimits[]): LifetimeLimits => {
  const settable = lifetimes.filter((each): each is SettableLifetime => each.settable);
  if (settable.length < lifetimes.length) return { settable: false };
  const texts = (name: "min" | "max" | "default" | "granularity") => settable.map((each) => each[name]);
  const lengths = (name: "min" | "max" | "default" | "granularity") => texts(name).map(durationLength);
  const step = commonMultiple(lengths("granularity"));
  const min = Math.ceil(Math.max(...lengths("min")) / step) * step;
  const max = Math.floor(Math.min(...lengths("max")) / step) * step;
  if (min > max) return { settable: false };
  const usual = Math.ceil(Math.min(...lengths("default")) / step) * step;
  return {
    settable: true,
    min: textOf(min, texts("min")),
    max: textOf(max, texts("max")),
    default: textOf(Math.min(Math.max(usual, min), max), [
      ...texts("default"),
      ...texts("min"),
      ...texts("max"),
    ]),
    granularity: textOf(step, texts("granularity")),
  };
};

const differingDefaults = (members: readonly ProviderDescriptor[]): readonly ("lifetime" | "uses")[] => {
  const lifetimes = members.map(({ lifetime }) =>
    lifetime.settable ? durationLength(lifetime.default) : "the vendor's",
  );
  return [
    ...(agree(lifetimes) ? [] : (["lifetime"] as const)),
    ...(agree(members.map(({ uses }) => uses.default)) ? [] : (["uses"] as const)),
  ];
};

/** The least that can be said of a field: where one stores it and another does not, it only comes back for certain. */
const intersectField = (supports: readonly FieldSupport[]): FieldSupport => {
  const least: readonly FieldSupport[] = ["unsupported", "required", "echoed", "sent"];
  return least.find((each) => supports.includes(each)) ?? "unsupported";
};

/** From the one that asks most of a caller. */
const atomicities: readonly BatchAtomicity[] = ["all-or-nothing", "counts-only", "per-item"];

const intersectBatches = (batches: readonly BatchLimits[]): BatchLimits => ({
  maxItems: Math.min(...batches.map(({ maxItems }) => maxItems)),
  atomicity: atomicities.find((each) => batches.some(({ atomicity }) => atomicity === each)) ?? "per-item",
});

/** What is a composite's own. */
export interface CompositeNature {
  /** The word in a config: `router`. */
  readonly vendor: string;
  /** What it is called where a product's name is wanted. */
  readonly product: string;
  readonly roles: readonly RoleName[];
}

/**
 * What holds whichever of several providers a request goes to. A list may be empty, for there may be nothing that they
 * have in common.
 */
export const intersectDescriptors = (
  providers: readonly EnrollmentProvider[],
  { vendor, product, roles }: CompositeNature,
): ProviderDescriptor => {
  const members = providers.map(({ descriptor }) => descriptor);
  const fields = Object.fromEntries(
    describedFields.map((field) => [field, intersectField(members.map((each) => each.fields[field]))]),
  ) as Record<DescribedField, FieldSupport>;
  const profiles = members.flatMap((each) => (each.profiles === undefined ? [] : [each.profiles]));
  const batches = members.flatMap(({ batch }) => batch ?? []);
  const allowed = shared(members.map(({ uses }) => uses.allowed));
  const usual = members.map(({ uses }) => uses.default);
  const differing = differingDefaults(members);
  return {
    contractVersion: 1,
    vendor,
    product,
    documentation: members[0]?.documentation ?? "",
    hosts: union(members.map(({ hosts }) => hosts)),
    platforms: shared(members.map(({ platforms }) => platforms)),
    managementModes: shared(members.map(({ managementModes }) => managementModes)),
    ownerships: shared(members.map(({ ownerships }) => ownerships)),
    lifetime: intersectLifetimes(members.map(({ lifetime }) => lifetime)),
    uses: {
      allowed,
      default: usual.find((each) => allowed.some((word) => word === each)) ?? usual[0] ?? "one",
    },
    additionalDataLength: Math.min(...members.map(({ additionalDataLength }) => additionalDataLength)),
    artifacts: shared(members.map(({ artifacts }) => artifacts)),
    deliveries: shared(members.map(({ deliveries }) => deliveries)),
    fields,
    ...(profiles.length > 0 && { profiles: shared(profiles) }),
    uniqueFields: union(members.map(({ uniqueFields }) => uniqueFields)).filter(
      (field) => fields[field] !== "unsupported",
    ),
    ...(batches.length > 0 && roles.includes("bulk") && { batch: intersectBatches(batches) }),
    quotas: union(members.map(({ quotas }) => quotas)),
    roles,
    ...(differing.length > 0 && { differingDefaults: differing }),
  };
};
