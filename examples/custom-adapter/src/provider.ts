import {
  EnrollmentError,
  parseInput,
  resolveRequest,
  systemClock,
  type CallOptions,
  type CheckFinding,
  type CreateOptions,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type ProviderPlugin,
  type ProviderRuntime,
  type ReconciledAttempt,
  type LostAttempt,
  type WithRole,
} from "@enrollkit/core";
import { createAcmeClient } from "./client.js";
import { acmeDescriptor } from "./descriptor.js";
import { toCreated, toEnrollment, toNewPass, toState, toStatus, toSummary } from "./mapping.js";
import { settingsSchema, type AcmeSettings } from "./settings.js";
import type { Pass } from "./wire.js";

/** One Acme account. */
export type AcmeProvider = WithRole<EnrollmentProvider, (typeof acmeDescriptor.roles)[number]>;

const undecided = (reason: string): ReconciledAttempt => ({
  status: "undecided",
  reason,
  checkByHand: "look at the passes in Acme's console: search for the reference",
});

/**
 * Makes a provider for one Acme account.
 *
 * @param settings - `name` defaults to `acme`.
 * @throws EnrollmentError `invalid-config`; its `path` names the setting.
 */
export const createAcme = (
  { name = acmeDescriptor.vendor, ...input }: AcmeSettings & { readonly name?: string | undefined },
  runtime: ProviderRuntime = {},
): AcmeProvider => {
  const settings = parseInput(settingsSchema, input, "invalid-config", name);
  const { clock = systemClock } = runtime;
  const client = createAcmeClient(settings, name, runtime);
  const descriptor = { ...acmeDescriptor, profiles: Object.keys(settings.profiles) };

  const resolve = (request: EnrollmentRequest, onUnsupported?: CreateOptions["onUnsupported"]) =>
    resolveRequest(request, descriptor, { now: clock.now(), onUnsupported });

  const unlessGone = async <Answer>(call: Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await call;
    } catch (error) {
      if (EnrollmentError.is(error) && error.code === "not-found") return undefined;
      throw error;
    }
  };

  const checkKey = async (options?: CallOptions): Promise<CheckFinding> => {
    try {
      await client.getAccount(options);
      return { name: "credentials", status: "passed", message: "Acme knows the API key" };
    } catch (error) {
      if (!EnrollmentError.is(error) || error.retryable) throw error;
      const { message, advice } = error;
      const words = advice === undefined ? message : `${message}; ${advice}`;
      return { name: "credentials", status: "failed", message: words };
    }
  };

  /** The key was sent as the pass's reference, so the vendor can be asked for it. */
  const reconcileOne = async (
    { request }: LostAttempt,
    options?: CallOptions,
  ): Promise<ReconciledAttempt> => {
    const { key: reference } = request;
    if (reference === undefined) return undecided("the request has no key, so its pass has no reference");
    const found: Pass[] = [];
    for await (const pass of client.listPasses({ reference }, options)) found.push(pass);
    const [pass, ...others] = found;
    if (pass === undefined) return { status: "absent" };
    if (others.length > 0) return undecided(`${found.length} passes have its key as their reference`);
    return { status: "created", enrollment: toCreated(pass, name, resolve(request, "warn")) };
  };

  return {
    name,
    descriptor,
    async check(options) {
      const credentials = await checkKey(options);
      return { provider: name, ok: credentials.status === "passed", findings: [credentials] };
    },
    async createEnrollment(request, options) {
      options?.signal?.throwIfAborted();
      const resolved = resolve(request, options?.onUnsupported);
      const { body, requestIds } = await client.createPass(toNewPass(resolved, settings), options);
      return toCreated(body, name, resolved, requestIds);
    },
    retrieval: {
      async get(id, options) {
        const pass = await client.getPass(id, options);
        const state = toState(pass, clock.now());
        if (state === "pending") return toEnrollment(pass, name);
        throw new EnrollmentError(`the enrollment is no longer live: ${state}`, {
          code: "not-found",
          provider: name,
          path: "id",
        });
      },
    },
    listing: {
      async *list(options) {
        for await (const pass of client.listPasses({}, options)) {
          const summary = toSummary(pass, name, clock.now());
          if (summary.state === "pending") yield summary;
        }
      },
    },
    revocation: {
      async revoke(id, options) {
        await unlessGone(client.deletePass(id, options));
      },
    },
    tracking: {
      getStatuses: (enrollments, options) =>
        Promise.all(
          enrollments.map(async ({ id }) => {
            const pass = await unlessGone(client.getPass(id, options));
            return pass === undefined
              ? {
                  id,
                  state: "unknown" as const,
                  devices: [],
                  detail: "Acme has no pass of this id (any more)",
                }
              : toStatus(pass, clock.now());
          }),
        ),
    },
    reconciliation: {
      reconcile: (attempts, options) =>
        Promise.all(attempts.map((attempt) => reconcileOne(attempt, options))),
    },
  };
};

/** Acme in a config: `"vendor": "acme"`. */
export const acmePlugin: ProviderPlugin<AcmeSettings> = {
  vendor: acmeDescriptor.vendor,
  descriptor: acmeDescriptor,
  settings: settingsSchema,
  create: (name, settings, runtime) => createAcme({ ...settings, name }, runtime),
};
