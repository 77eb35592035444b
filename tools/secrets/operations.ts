import {
  roleNames,
  toIsoInstant,
  type CallOptions,
  type Enrollment,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type RoleName,
} from "@enrollkit/core";
import { pasted, planted } from "./canaries.js";
import type { PlaceId } from "./places.js";

/** One call of a provider's method. */
export interface Operation {
  readonly name: string;
  readonly place?: PlaceId;
  readonly call: (options?: CallOptions) => unknown;
}

/** What a vendor needs of a request that it can honour. */
export interface Subject {
  readonly provider: EnrollmentProvider;
  /** A request with a person in it; different numbers ask for different devices. */
  request(number: number): EnrollmentRequest;
  /** An enrollment that is there, or looks like it. */
  readonly enrollment: Pick<Enrollment, "id" | "createdAt" | "expiresAt">;
}

const sentAt = toIsoInstant(Date.parse("2026-09-20T10:00:00Z"));

let count = 0;
const next = () => {
  count += 1;
  return count;
};

/** `method`: where a role has several. */
type Call = Omit<Operation, "name"> & { readonly method?: string };
type Calls = (subject: Subject) => readonly Call[];

const role = <Name extends RoleName>({ provider }: Subject, name: Name) => {
  const found = provider[name];
  if (found === undefined) throw new Error(`${provider.name} has no role ${name}`);
  return found;
};

/** Each method of each role: the right way, and with whatever was in the clipboard. */
const calls: Readonly<Record<RoleName, Calls>> = {
  bulk: (subject) => [
    {
      call: (options) =>
        role(subject, "bulk").createBatch([subject.request(next()), subject.request(next())], options),
    },
  ],
  deviceImport: (subject) => [
    { call: (options) => role(subject, "deviceImport").importBatch([{ name: `device ${next()}` }], options) },
    ...pasted.map((text) => ({
      call: (options?: CallOptions) =>
        role(subject, "deviceImport").importBatch([{ name: `device ${next()}`, profile: text }], options),
    })),
  ],
  retrieval: (subject) =>
    [subject.enrollment.id, ...pasted].map((id) => ({
      call: (options) => role(subject, "retrieval").get(id, options),
    })),
  listing: (subject) => [{ call: (options) => role(subject, "listing").list(options) }],
  revocation: (subject) =>
    [...pasted, subject.enrollment.id].map((id) => ({
      call: (options) => role(subject, "revocation").revoke(id, options),
    })),
  tracking: (subject) => [
    { call: (options) => role(subject, "tracking").getStatuses([subject.enrollment], options) },
  ],
  reconciliation: (subject) => [
    {
      call: (options) =>
        role(subject, "reconciliation").reconcile([{ request: subject.request(next()), sentAt }], options),
    },
  ],
  deviceGroups: (subject) => [
    { call: (options) => role(subject, "deviceGroups").list(options) },
    ...pasted.map((path) => ({
      method: "resolve",
      call: (options?: CallOptions) => role(subject, "deviceGroups").resolve(path, options),
    })),
  ],
  policies: (subject) => [
    { call: (options) => role(subject, "policies").list(options) },
    ...pasted.map((id) => ({
      method: "exists",
      call: (options?: CallOptions) => role(subject, "policies").exists(id, options),
    })),
  ],
  recipients: (subject) => [
    { place: "recipients", call: (options) => role(subject, "recipients").list(options) },
    {
      method: "ensure",
      place: "recipients",
      call: (options) =>
        role(subject, "recipients").ensure({ email: planted.email, name: planted.name }, options),
    },
    {
      method: "find",
      place: "recipients",
      call: (options) => role(subject, "recipients").find(planted.email, options),
    },
  ],
  deploymentFiles: (subject) =>
    [undefined, ...pasted].map((profile) => ({
      call: (options) => role(subject, "deploymentFiles").generate({ profile }, options),
    })),
};

const wrongFields = [
  "profile",
  "platform",
  "management",
  "ownership",
  "validFor",
  "uses",
  "delivery",
  "tags",
  "extras",
  "device",
  "recipient",
] as const;

/** A request with something in the wrong field; untyped, as it comes from JSON. */
const misplaced = (subject: Subject, field: string, value: unknown) =>
  ({ ...subject.request(next()), [field]: value }) as EnrollmentRequest;

const createCalls: Calls = (subject) => {
  const { provider } = subject;
  const create = (request: EnrollmentRequest, options?: CallOptions) =>
    provider.createEnrollment(request, options);
  return [
    { call: (options) => create(subject.request(next()), options) },
    { call: (options) => create({ ...subject.request(next()), key: planted.email }, options) },
    ...pasted.flatMap((text): readonly Call[] => [
      ...wrongFields.map((field) => ({
        call: (options?: CallOptions) => create(misplaced(subject, field, text), options),
      })),
      ...[{ [text]: text }, [{ [text]: text }]].map((value) => ({
        call: (options?: CallOptions) => create(misplaced(subject, "extras", value), options),
      })),
      { call: (options) => create(misplaced(subject, text, text), options) },
      {
        call: (options) =>
          create(misplaced(subject, "recipient", { email: `${text}@`, name: text }), options),
      },
      { call: (options) => create(misplaced(subject, "extras", { group: text, policyId: text }), options) },
    ]),
  ];
};

/** Everything that can be called of a provider. */
export const operationsOf = (subject: Subject): readonly Operation[] => {
  const { provider } = subject;
  const present = roleNames.filter((name) => provider[name] !== undefined);
  const named = (name: string, each: readonly Call[]): readonly Operation[] =>
    each.map(({ method, ...operation }) => ({
      name: `${provider.name} ${method === undefined ? name : `${name}.${method}`}`,
      ...operation,
    }));
  return [
    ...named("check", [{ call: (options) => provider.check(options) }]),
    ...named("createEnrollment", createCalls(subject)),
    ...present.flatMap((name) => named(name, calls[name](subject))),
  ];
};

/** One call of each method, the first, for faults that strike whatever is called. */
export const methodsOf = (subject: Subject): readonly Operation[] => {
  const seen = new Set<string>();
  return operationsOf(subject).filter(({ name }) => !seen.has(name) && seen.add(name));
};
