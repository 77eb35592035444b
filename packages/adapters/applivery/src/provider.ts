import {
  durationLength,
  EnrollmentError,
  observeProvider,
  parseInput,
  systemClock,
  type CallOptions,
  type CreateOptions,
  type Enrollment,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type EnrollmentStatus,
  type ProviderPlugin,
  type ProviderRuntime,
  type WithRole,
} from "@enrollkit/core";
import type * as z from "zod";
import { createClaims } from "./claims.js";
import { createBulk } from "./bulk.js";
import { checkWorkspace } from "./check.js";
import { createAppliveryClient, type AppliveryClient } from "./client.js";
import { mapConcurrently } from "./concurrency.js";
import { requestTag } from "./correlation.js";
import { appliveryDescriptor, describeWorkspace } from "./descriptor.js";
import { isLive, toCreated, toEnrollment, toState, toStatus, toSummary } from "./mapping.js";
import { createPeople, createRecipientDirectory } from "./recipients.js";
import { createReconciliation } from "./reconciliation.js";
import { createRevocation } from "./revocation.js";
import { isAppliveryId, settingsSchema, type AppliveryExtras, type AppliverySettings } from "./settings.js";
import { toTokenRequest, withTag, type TokenRequest } from "./token-request.js";
import { tokenSchema, type tokenReferenceSchema, type Token } from "./wire.js";

type Roles = (typeof appliveryDescriptor.roles)[number];

/** One Applivery workspace. */
export interface AppliveryProvider extends WithRole<EnrollmentProvider<AppliveryExtras>, Roles> {
  /** The authenticated client, for what no role covers. */
  readonly client: AppliveryClient;
}

/**
 * Makes a provider for one Applivery workspace with Apple MDM.
 *
 * @param settings - `name` defaults to `applivery`.
 * @throws EnrollmentError `invalid-config`; its `path` names the setting.
 */
export const createApplivery = (
  { name = appliveryDescriptor.vendor, ...input }: AppliverySettings & { readonly name?: string | undefined },
  runtime: ProviderRuntime = {},
): AppliveryProvider => {
  const settings = parseInput(settingsSchema, input, "invalid-config", name);
  const { clock = systemClock } = runtime;
  const patience = { clock, visibilityDelay: durationLength(settings.visibilityDelay) };
  const client = createAppliveryClient(settings, name, runtime);
  const people = createPeople(client, patience);

  const prepare = (
    request: EnrollmentRequest<AppliveryExtras>,
    onUnsupported?: CreateOptions["onUnsupported"],
  ): TokenRequest => toTokenRequest(request, settings, { now: clock.now(), provider: name, onUnsupported });

  const tagOf = ({ request: { key } }: TokenRequest) =>
    key === undefined || !settings.correlationTag ? undefined : requestTag(key);

  /** The token that a create answered with, read again if the answer was no more than its id. */
  const readToken = async (answer: z.output<typeof tokenReferenceSchema>, options?: CallOptions) => {
    const { data } = tokenSchema.safeParse(answer);
    if (data?.enrollmentLink !== undefined) return data;
    try {
      return (await client.getToken(answer.id, options)).data;
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      throw new EnrollmentError("the token was created, and could not be read", {
        code: "outcome-unknown",
        provider: name,
        advice: "read the person's newest token in Applivery's dashboard",
        cause: error,
      });
    }
  };

  const createOne = async (wanted: TokenRequest, options?: CallOptions): Promise<Enrollment> => {
    const { email, request, body } = wanted;
    const owner = await people.ensure({ email, name: request.recipient?.name }, options);
    const sentAt = clock.now();
    const answer = await client.createToken(
      { mdmUserId: owner.data.id, ...withTag(body, tagOf(wanted)) },
      options,
    );
    const times = { sentAt, receivedAt: clock.now() };
    const token = await readToken(answer.data, options);
    return toCreated(token, name, wanted, times, [...owner.requestIds, ...answer.requestIds]);
  };

  const unlessUnknown = async (id: string, options?: CallOptions): Promise<Token | undefined> => {
    if (!isAppliveryId(id)) return undefined;
    try {
      return (await client.getToken(id, options)).data;
    } catch (error) {
      if (EnrollmentError.is(error) && error.code === "not-found") return undefined;
      throw error;
    }
  };

  const claims = createClaims();
  const parts = { client, provider: name, settings, patience, people, claims, prepare, createOne };
  const provider: AppliveryProvider = {
    name,
    descriptor: describeWorkspace(settings),
    client,
    check: (options) => checkWorkspace(client, name, options),
    createEnrollment: async (request, options) => {
      options?.signal?.throwIfAborted();
      return createOne(prepare(request, options?.onUnsupported), options);
    },
    bulk: createBulk(parts),
    reconciliation: createReconciliation(parts),
    revocation: createRevocation(client, name, clock),
    recipients: createRecipientDirectory(client, people),
    retrieval: {
      async get(id, options) {
        const token = await unlessUnknown(id, options);
        const state = token === undefined ? "unknown" : toState(token, clock.now());
        if (token !== undefined && isLive(state)) return toEnrollment(token, name);
        const message = token
          ? `the enrollment is no longer live: ${state}`
          : "Applivery has no token of this id";
        throw new EnrollmentError(message, { code: "not-found", provider: name, path: "id" });
      },
    },
    listing: {
      async *list(options) {
        // With the deleted ones, which stay where they are: else each deletion while pages are read would hide a token.
        const tokens = client.listTokens({ order: "oldest-first", deleted: "with" }, options);
        for await (const token of tokens) {
          const summary = toSummary(token, name, clock.now());
          if (isLive(summary.state)) yield summary;
        }
      },
    },
    tracking: {
      getStatuses: (enrollments, options) =>
        mapConcurrently(enrollments, async ({ id }): Promise<EnrollmentStatus> => {
          const token = await unlessUnknown(id, options);
          return token === undefined ? { id, state: "unknown", devices: [] } : toStatus(token, clock.now());
        }),
    },
    policies: {
      list: (options) => client.listPolicies(options),
      async exists(id, options) {
        for await (const policy of client.listPolicies(options)) if (policy.id === id) return true;
        return false;
      },
    },
  };
  return observeProvider(provider, runtime);
};

/** Applivery in a config: `"vendor": "applivery"`. */
export const appliveryPlugin: ProviderPlugin<AppliverySettings> = {
  vendor: appliveryDescriptor.vendor,
  descriptor: appliveryDescriptor,
  settings: settingsSchema,
  create: (name, settings, runtime) => createApplivery({ ...settings, name }, runtime),
};
